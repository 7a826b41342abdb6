"""The Web API: one call at a time, with the workspace's own token, over one shared session."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.request import getproxies

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from digestbot.errors import Away, DeliveryError, Unknown
from digestbot.platforms.slack.faults import UNWANTED, code_of, translated
from digestbot.platforms.slack.roster import Roster
from digestbot.platforms.slack.workspaces import key_of, team_of
from digestbot.ports import Installation

PATIENCE: Final = timedelta(seconds=20)
"""How long one call may stay without an answer; a doubt is settled only after it."""

_CONNECTIONS: Final = 128
_SOON: Final = timedelta(seconds=5)
_NOT_CONNECTED: Final = "digestbot is not connected to Slack"
_READING: Final = (".info", ".list", ".history", ".replies", ".test", ".getUploadURLExternal", ".getPermalink")
"""Methods that take their arguments in the address: Slack reads no JSON for them."""

_OF_A_TEAM: Final = frozenset({"conversations.list", "usergroups.list", "usergroups.users.list"})
"""What a whole organisation's token asks of one workspace has to name it."""


def make_session() -> aiohttp.ClientSession:
    """Use as `async with`. Without it the library would open a connection for each call; its time limit counts."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=PATIENCE.total_seconds(), sock_connect=10),
        connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
        trust_env=bool(getproxies()),  # else two hops to a thread for each call
    )


def make_client(api_base: str, session: aiohttp.ClientSession | None) -> AsyncWebClient:
    """It sends nothing twice by itself: after a reset its own retry would post a second message."""
    return AsyncWebClient(base_url=api_base, session=session, retry_handlers=[], timeout=int(PATIENCE.total_seconds()))


class Api:
    """Closed until `open` gives it the session; what is asked before then is to be tried later."""

    def __init__(self, api_base: str, roster: Roster) -> None:
        self._api_base = api_base
        self._roster = roster
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None
        self.refused: Callable[[str, str], None] = lambda _key, _code: None
        """Told of each token that Slack does not take any more: the installation's key, Slack's word."""

    def open(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._client = make_client(self._api_base, session)

    def close(self) -> None:
        self._session = self._client = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """For what goes to addresses that Slack gives. Raises `Away`."""
        if self._session is None:
            raise Away(_NOT_CONNECTED, _SOON)
        return self._session

    @property
    def client(self) -> AsyncWebClient:
        """The library's, without a token. Raises `Away`."""
        if self._client is None:
            raise Away(_NOT_CONNECTED, _SOON)
        return self._client

    def installed(self, tenant: str) -> Installation:
        """Whose token works there. Raises as `Roster.of`: who cannot be sent anything now is to lose no turn by it."""
        return self._roster.of(tenant)

    async def call(self, tenant: str, method: str, /, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any method's
        """Slack's answer. Raises the `DeliveryError`s; `None` among the arguments is left out."""
        installation = self.installed(tenant)
        given = {name: value for name, value in arguments.items() if value is not None}
        if installation.team is None and method in _OF_A_TEAM:
            given["team_id"] = team_of(tenant)
        try:
            return await self.ask(method, installation.token, **given)
        except DeliveryError as fault:
            code = code_of(fault)
            if code in UNWANTED:
                self._roster.rest(key_of(tenant), str(fault))
                self.refused(key_of(tenant), str(code))
            raise

    async def ask(self, method: str, token: str, /, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as above
        """The same with any token."""
        given = {**arguments, "token": token}
        with translated():
            if method.endswith(_READING):
                answer = await self.client.api_call(method, http_verb="GET", params=given)
            else:
                answer = await self.client.api_call(method, json=given)
            if not isinstance(answer.data, dict):
                raise Unknown("Slack's answer cannot be read")
            return answer.data
