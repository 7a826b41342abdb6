"""OAuth: the page on which a person lets the app in, and the exchange of its code for a token."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from yarl import URL

from tests.servers.slack import wire
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.state import State
from tests.servers.slack.world import User, Workspace

LIFE = 600.0


@dataclass(slots=True)
class Grant:
    """A code: good once, for ten minutes, with the same redirect_uri."""

    workspace: Workspace
    user: User
    scopes: set[str]
    redirect_uri: str | None
    made: float
    spent: bool = False


@dataclass(slots=True)
class Consent:
    """What the person at the page will do: pick a workspace (the first one unless said), or say no.

    `whole`: an admin lets the app into the whole organisation of that workspace.
    """

    workspace: Workspace | None = None
    user: User | None = None
    denies: bool = False
    whole: bool = False


@dataclass(slots=True)
class OAuth:
    """`redirect_uris` are those in the app's settings; with none of them, any is taken."""

    state: State
    consent: Consent = field(default_factory=Consent)
    redirect_uris: list[str] = field(default_factory=list)
    grants: dict[str, Grant] = field(default_factory=dict)

    async def authorize(self, request: web.Request) -> web.StreamResponse:
        """Slack: oauth/v2/authorize. The person is taken back with a code, or with `access_denied`."""
        query = request.query
        if query.get("client_id") != self.state.credentials.client_id:
            return web.Response(text="invalid_client_id", status=400)
        asked = query.get("redirect_uri") or None
        target = asked or next(iter(self.redirect_uris), None)
        if target is None or (self.redirect_uris and not any(target.startswith(uri) for uri in self.redirect_uris)):
            return web.Response(text="bad_redirect_uri", status=400)
        if not query.get("scope"):
            return web.Response(text="invalid_scope_requested", status=400)
        said = {"error": "access_denied"} if self.consent.denies else {"code": self._grant(query["scope"], asked)}
        raise web.HTTPFound(URL(target).update_query({**said, "state": query.get("state", "")}))

    def access(self, request: web.Request, params: dict[str, Any]) -> dict[str, Any]:
        """Slack: oauth.v2.access."""
        client_id, secret = wire.client_of(request, params)
        if client_id != self.state.credentials.client_id:
            raise Refusal("invalid_client_id")
        if secret != self.state.credentials.client_secret:
            raise Refusal("bad_client_secret")
        grant = self.grants.get(str(params.get("code")))
        if grant is None or grant.spent or self.state.now() - grant.made > LIFE:
            raise Refusal("invalid_code")
        if (params.get("redirect_uri") or None) != grant.redirect_uri:
            raise Refusal("bad_redirect_uri")
        grant.spent = True
        return self._installed(grant)

    def _installed(self, grant: Grant) -> dict[str, Any]:
        workspace = grant.workspace
        workspace.scopes = set(grant.scopes)
        workspace.install()
        grid = {"id": workspace.enterprise, "name": "Grid"} if workspace.enterprise else None
        return {
            "ok": True,
            "app_id": self.state.credentials.app_id,
            "authed_user": {"id": grant.user.id},
            "scope": ",".join(sorted(workspace.scopes)),
            "token_type": "bot",
            "access_token": workspace.bot_token,
            "bot_user_id": workspace.bot_user,
            "team": None if self.consent.whole else {"id": workspace.id, "name": workspace.name},
            "enterprise": grid,
            "is_enterprise_install": self.consent.whole,
        }

    def _grant(self, scopes: str, redirect_uri: str | None) -> str:
        workspace = self.consent.workspace or next(iter(self.state.workspaces.values()))
        people = [user for user in workspace.users.values() if not user.bot]
        user = self.consent.user or (people[0] if people else workspace.user("installer", admin=True))
        code = f"code.{next(self.state.numbers)}"
        self.grants[code] = Grant(workspace, user, set(scopes.split(",")), redirect_uri, self.state.now())
        return code
