"""The flow: Bolt's OAuth, with a cookie of ours, a safe address, and no error swallowed."""

import re
from typing import Any, Final

import aiohttp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth import AuthorizeUrlGenerator, OAuthStateUtils
from slack_sdk.oauth.installation_store import Installation as Granted
from yarl import URL

from digestbot.ports import Clock

SPENT: Final = "invalid_code"
UNREACHABLE: Final = "unreachable"

_TRANSIENT: Final = ("fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable")
_TEAM: Final = re.compile(r"[TE][A-Z0-9]{1,30}")
_ERROR: Final = re.compile(r"[a-z_]{1,60}")


class Failed(Exception):
    """Slack gave no token; `reason` is its error, or `UNREACHABLE`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class StateCookie(OAuthStateUtils):
    """Lax, because the person comes back from Slack's page; Secure only where the address is."""

    def __init__(self, *, secure: bool, seconds: int) -> None:
        super().__init__(expiration_seconds=seconds)
        self._kept = "; ".join(("HttpOnly", "SameSite=Lax", "Path=/slack", *(["Secure"] if secure else [])))

    def build_set_cookie_for_new_state(self, state: str) -> str:
        return f"{self.cookie_name}={state}; {self._kept}; Max-Age={self.expiration_seconds}"

    def build_set_cookie_for_deletion(self) -> str:
        return f"{self.cookie_name}=; {self._kept}; Max-Age=0"


class Address(AuthorizeUrlGenerator):
    """Slack's page, every value of it quoted; a `team` that is no id is left out."""

    def generate(self, state: str, team: str | None = None) -> str:
        query = {
            "state": state,
            "client_id": self.client_id,
            "scope": ",".join(self.scopes or ()),
            "redirect_uri": self.redirect_uri or "",
        }
        chosen = {"team": team} if team and _TEAM.fullmatch(team) else {}
        return str(URL(self.authorization_url).update_query({**query, **chosen}))


class Flow(AsyncOAuthFlow):
    """Installations are stamped with our clock."""

    def __init__(self, clock: Clock, **options: Any) -> None:  # noqa: ANN401 - what Bolt takes
        super().__init__(**options)
        self._clock = clock

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        return self.settings.authorize_url_generator.generate(state, next(iter(request.query.get("team", ())), None))

    async def run_installation(self, code: str) -> Granted:
        """Raises `Failed`: Bolt's own would log the code, and call every error a bad code."""
        settings = self.settings
        try:
            answer = await self.client.api_call(
                "oauth.v2.access",
                data={"code": code, "redirect_uri": settings.redirect_uri},
                headers={"Authorization": aiohttp.encode_basic_auth(settings.client_id, settings.client_secret)},
            )
            token = str(answer["access_token"])
            bot = await self.client.auth_test(token=token)
        except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError, KeyError) as error:
            raise Failed(_reason(error)) from error
        return self._granted(answer.data, token, str(bot.get("bot_id") or ""))

    def _granted(self, answer: Any, token: str, bot_id: str) -> Granted:  # noqa: ANN401 - JSON
        team, enterprise = answer.get("team") or {}, answer.get("enterprise") or {}
        return Granted(
            app_id=answer.get("app_id"),
            enterprise_id=enterprise.get("id"),
            enterprise_name=enterprise.get("name"),
            team_id=team.get("id"),
            team_name=team.get("name"),
            bot_token=token,
            bot_id=bot_id,
            bot_user_id=answer.get("bot_user_id"),
            bot_scopes=answer.get("scope") or "",
            user_id=(answer.get("authed_user") or {}).get("id") or "",
            is_enterprise_install=bool(answer.get("is_enterprise_install")),
            installed_at=self._clock.now().timestamp(),
        )


def _reason(error: Exception) -> str:
    """Slack's own word for it where it said one."""
    response = getattr(error, "response", None)
    said = response.get("error") if response is not None and hasattr(response, "get") else None
    if not isinstance(said, str) or not _ERROR.fullmatch(said) or said in _TRANSIENT:
        return UNREACHABLE
    return SPENT if said == "code_already_used" else said
