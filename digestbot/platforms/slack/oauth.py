"""Installing: the two addresses by which a workspace lets digestbot in, and what people read there."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

import structlog
from aiohttp import web
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from multidict import CIMultiDict
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from digestbot.platforms.slack.flow import Address, Failed, Flow, StateCookie
from digestbot.platforms.slack.scopes import SCOPES
from digestbot.platforms.slack.stores import LIFE, States, Store, made_of
from digestbot.platforms.slack.welcome import Page, failure, success
from digestbot.ports import Clock, Installation, Installations, OAuthStates

INSTALL: Final = "/slack/install"
REDIRECT: Final = "/slack/oauth_redirect"
PATHS: Final = (INSTALL, REDIRECT)
"""For the web server's `open_paths`: people come under the public name, and the state proves them."""

AUTHORIZE: Final = "https://slack.com/oauth/v2/authorize"

_log = structlog.get_logger("slack")


class Install:
    """Routes for the web server. `public_url` is the address under which people and Slack reach it.

    `client` has no token, and no retries of its own. `templates` are template folders, the first that has
    `web/slack.html.j2` wins. `installed` is told of each installation once it is saved.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        public_url: str,
        installations: Installations,
        states: OAuthStates,
        clock: Clock,
        client: AsyncWebClient,
        installed: Callable[[Installation], Awaitable[None]],
        templates: Sequence[Path],
        scopes: Sequence[str] = SCOPES,
        authorize_url: str = AUTHORIZE,
    ) -> None:
        self._again = public_url.rstrip("/") + INSTALL
        settings = AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=list(scopes),
            redirect_uri=public_url.rstrip("/") + REDIRECT,
            install_page_rendering_enabled=False,
            callback_options=AsyncCallbackOptions(success=self._succeeded, failure=self._failed),
            authorization_url=authorize_url,
            installation_store=Store(installations, installed),
            state_store=States(states, clock),
        )
        secure = public_url.casefold().startswith("https:")
        self._cookie = StateCookie(secure=secure, seconds=int(LIFE.total_seconds()))
        settings.state_utils = self._cookie
        settings.authorize_url_generator = Address(
            client_id=client_id,
            redirect_uri=settings.redirect_uri,
            scopes=settings.scopes,
            authorization_url=authorize_url,
        )
        self._flow = Flow(clock, client=client, settings=settings)
        environment = SandboxedEnvironment(
            loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined
        )
        self._template = environment.get_template("web/slack.html.j2")

    @property
    def routes(self) -> list[web.RouteDef]:
        return [web.get(INSTALL, self.begin, allow_head=False), web.get(REDIRECT, self.finish, allow_head=False)]

    async def begin(self, request: web.Request) -> web.Response:
        """Off to Slack's page."""
        return await self._run(self._flow.handle_installation, request)

    async def finish(self, request: web.Request) -> web.Response:
        """Back from it, with a code."""
        return await self._run(self._flow.handle_callback, request)

    async def _run(
        self, step: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]], request: web.Request
    ) -> web.Response:
        asked = AsyncBoltRequest(
            body="", query=request.query_string, headers={"cookie": request.headers.get("Cookie", "")}
        )
        try:
            return _answer(await step(asked))
        except Failed as error:
            _log.error("slack.install_failed", error=error.reason)
            return _answer(self._shown(failure(error.reason, unknown=502)))
        except Exception as error:  # noqa: BLE001 - the states are in a database; its errors may hold what it stores
            _log.error("slack.install_failed", error=type(error).__name__)
            return _answer(self._shown(failure("states_error")))

    async def _succeeded(self, args: AsyncSuccessArgs) -> BoltResponse:
        return self._shown(success(made_of(args.installation)), self._cookie.build_set_cookie_for_deletion())

    async def _failed(self, args: AsyncFailureArgs) -> BoltResponse:
        _log.info("slack.install_refused", reason=args.reason[:40])
        return self._shown(failure(args.reason))

    def _shown(self, page: Page, *cookies: str) -> BoltResponse:
        again = None if page.done else self._again
        html = self._template.render(title=page.title, sentences=page.sentences, again=again)
        headers = {"Content-Type": "text/html; charset=utf-8", "Set-Cookie": list(cookies)}
        return BoltResponse(status=page.status, body=html, headers=headers)


def _answer(answer: BoltResponse) -> web.Response:
    """Bolt's adapter would drop SameSite, and make every cookie Secure."""
    headers = CIMultiDict((name, value) for name, values in answer.headers.items() for value in values)
    return web.Response(status=answer.status, text=answer.body, headers=headers)
