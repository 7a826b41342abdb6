"""Attachments: a file of an answer, sent to whoever asked, by direct message."""

from typing import Final

from digestbot.domain.command import File
from digestbot.errors import TryLater
from digestbot.platforms.slack.api import Api
from digestbot.platforms.slack.faults import translated

_OK: Final = 200


class Attachments:
    """By Slack's upload in three steps (files.getUploadURLExternal): an address, the bytes, who is to see them."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def send(self, tenant: str, user: str, file: File) -> None:
        """Raises `DeliveryError`s."""
        content = file.text.encode()
        opened = await self._api.call(tenant, "conversations.open", users=user)
        given = await self._api.call(tenant, "files.getUploadURLExternal", filename=file.name, length=len(content))
        await self._put(str(given["upload_url"]), content)
        await self._api.call(
            tenant,
            "files.completeUploadExternal",
            files=[{"id": given["file_id"], "title": file.name}],
            channel_id=opened["channel"]["id"],
        )

    async def _put(self, address: str, content: bytes) -> None:
        with translated():
            async with self._api.session.post(address, data=content) as answer:
                if answer.status != _OK:
                    raise TryLater(f"Slack did not take the file ({answer.status})")
