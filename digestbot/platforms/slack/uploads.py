"""Uploads: the text of a file that somebody put into a form."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import aiohttp

from digestbot.errors import DeliveryError, UserMistake
from digestbot.platforms.slack.api import Api
from digestbot.platforms.slack.roster import Roster

LARGEST: Final = 64 * 1024
_PATIENCE: Final = aiohttp.ClientTimeout(total=10)
_SLACK: Final = "slack.com"
_OK: Final = 200
_AWAY: Final = "Slack does not give the file now: try again in a minute."
_KEPT: Final = "Slack does not let digestbot read the file: it needs the scope files:read, so install digestbot again."


class Uploads:
    """With the workspace's own token, which goes to Slack and nowhere else: to no other host, and along no redirect."""

    def __init__(self, api: Api, roster: Roster, api_base: str) -> None:
        self._api = api
        self._roster = roster
        self._base = urlsplit(api_base)

    async def text(self, tenant: str, file: Mapping[str, Any]) -> str:
        """Of a file as a form tells of it. Raises `UserMistake` for whatever is no text of at most 64 KiB."""
        try:
            known = file if file.get("url_private") else await self._looked_up(tenant, str(file.get("id")))
            return _decoded(await self._fetched(tenant, known))
        except (DeliveryError, aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise UserMistake(_AWAY) from fault

    async def _looked_up(self, tenant: str, file: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = (await self._api.call(tenant, "files.info", file=file))["file"]
        return found

    async def _fetched(self, tenant: str, file: Mapping[str, Any]) -> bytes:
        if int(file.get("size") or 0) > LARGEST:
            raise _too_large()
        address = str(file.get("url_private_download") or file.get("url_private") or "")
        if not self._is_slack_s(address):
            raise UserMistake("That file does not lie with Slack: upload it from your own computer.")
        headers = {"Authorization": f"Bearer {self._roster.of(tenant).token}"}
        async with self._api.session.get(address, headers=headers, allow_redirects=False, timeout=_PATIENCE) as answer:
            if answer.status != _OK or answer.content_type == "text/html":
                raise UserMistake(_KEPT)
            return await _limited(answer.content)

    def _is_slack_s(self, address: str) -> bool:
        """Slack's hosts, or the very server that the settings name for the Web API."""
        try:
            found = urlsplit(address)
            same = _origin(found) == _origin(self._base)
        except ValueError:
            return False
        host, family = found.hostname or "", self._base.hostname or _SLACK
        within = any(host == name or host.endswith(f".{name}") for name in (_SLACK, family))
        return same or (found.scheme == "https" and within and found.port in {None, 443})


def _origin(address: SplitResult) -> tuple[str, str | None, int | None]:
    return address.scheme, address.hostname, address.port


async def _limited(stream: aiohttp.StreamReader) -> bytes:
    held = bytearray()
    async for chunk in stream.iter_chunked(LARGEST):
        held += chunk
        if len(held) > LARGEST:
            raise _too_large()
    return bytes(held)


def _too_large() -> UserMistake:
    return UserMistake(f"The file is too large: it has at most {LARGEST // 1024} KiB.")


def _decoded(held: bytes) -> str:
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UserMistake("The file is no text in UTF-8: save it as such and upload it again.") from fault
