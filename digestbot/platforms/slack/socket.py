"""The socket: Slack's Socket Mode, which needs no public address, kept up by the library."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from digestbot.errors import DeliveryError, StartupError
from digestbot.platforms.slack.api import Api
from digestbot.platforms.slack.faults import code_of
from digestbot.ports import Clock

_FIRST: Final = timedelta(seconds=1)
_LONGEST: Final = timedelta(minutes=5)
_PING: Final = 5.0
_GLANCE: Final = timedelta(seconds=1)
_GIVEN_UP: Final = timedelta(seconds=30)
_NO_TOKEN: Final = frozenset(
    {"invalid_auth", "not_authed", "not_allowed_token_type", "token_revoked", "account_inactive"}
)
_RENEW: Final = (
    "Slack refuses the app-level token. Make one with the scope connections:write (your app → Basic Information →"
    " App-Level Tokens), and set DIGESTBOT_SLACK__APP_TOKEN to it."
)
_log = structlog.get_logger("slack")
_library = logging.getLogger("slack_sdk.socket_mode")


class Socket:
    """`run` stays connected until it is cancelled."""

    def __init__(self, app: AsyncApp, api: Api, app_token: str, clock: Clock) -> None:
        self._app = app
        self._api = api
        self._app_token = app_token
        self._clock = clock
        self._wait = _FIRST
        self._worked = False
        self._client: SocketModeClient | None = None

    async def run(self) -> None:
        """Raises `StartupError` for a token that never worked."""
        _library.setLevel(logging.CRITICAL)  # it repeats what it cannot do with a trace each time; we say it once
        while True:
            await self._live()

    async def _live(self) -> None:
        """One life of the library's client: it mends its connection itself, and is given up where it does not."""
        handler = AsyncSocketModeHandler(self._app, self._app_token, web_client=self._api.client, ping_interval=_PING)
        client = self._client = handler.client
        client.logger = _library
        client.issue_new_wss_url = self._address  # type: ignore[method-assign]  # with our waits and our words
        connecting: asyncio.Task[None] | None = None
        try:
            client.wss_uri = await self._address()
            connecting = asyncio.create_task(client.connect(), name="slack-connect")  # type: ignore[no-untyped-call]  # the library's
            await self._lost(client)
        finally:
            self._client = None
            if connecting is not None:
                connecting.cancel()
            await client.close()  # type: ignore[no-untyped-call]  # the library's

    async def _lost(self, client: SocketModeClient) -> None:
        """Return when it was not connected for a while: an address is good once, and it may try a used one for ever."""
        silent = timedelta()
        while silent < _GIVEN_UP:
            await self._clock.sleep(_GLANCE)
            silent = timedelta() if await client.is_connected() else silent + _GLANCE
        _log.warning("slack.disconnected", next="digestbot connects anew")

    async def connected(self) -> bool:
        return self._client is not None and await self._client.is_connected()

    async def _address(self) -> str:
        """Each is good for one connection; asked for until Slack gives one."""
        while True:
            try:
                answer = await self._api.ask("apps.connections.open", self._app_token)
            except DeliveryError as fault:
                if code_of(fault) in _NO_TOKEN and not self._worked:
                    raise StartupError(_RENEW) from fault
                advice = _RENEW if code_of(fault) in _NO_TOKEN else "digestbot tries again by itself"
                _log.warning("slack.unreachable", reason=str(fault), again_in=str(self._wait), next=advice)
            else:
                self._worked, self._wait = True, _FIRST
                return str(answer["url"])
            await self._clock.sleep(self._wait)
            self._wait = min(self._wait * 2, _LONGEST)
