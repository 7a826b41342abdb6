"""Looking back: whether a message of ours stands in a channel, among what was posted there since the first attempt."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import discord

from digestbot.domain.place import MessageRef
from digestbot.errors import Gone
from digestbot.platforms.discord.connection import Connection
from digestbot.platforms.discord.pages import carries
from digestbot.platforms.discord.permissions import NAMES
from digestbot.platforms.discord.targets import Kind, Target
from digestbot.ports import Absent, Found, Outgoing, Sighting, Unknowable

_PAGE: Final = 100
_MOST_PAGES: Final = 20
_SKEW: Final = timedelta(minutes=15)
"""What Discord's clock and ours may differ by; a marker is one message's own, so looking further back does no harm."""


class LookBack:
    """The nonce is in no message that Discord gives back, so what is looked for is the marker in its components."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def find(self, outgoing: Outgoing, target: Target) -> Sighting:
        """`Absent` only if everything since the first attempt was seen. Raises `DeliveryError`s: ask again."""
        if target.kind is not Kind.DIRECT and (target.permissions is None or target.blind):
            # without the permission Discord answers with an empty list, which would look like “never posted”
            return Unknowable(f"nobody can tell without the permission {NAMES['read_message_history']} there")
        since = _snowflake(outgoing.first_attempt)
        if target.kind is Kind.FORUM:
            return await self._in_forum(outgoing, target, since)
        return await self._in_channel(outgoing, target.id, since)

    async def _in_channel(self, outgoing: Outgoing, channel: int, since: int) -> Sighting:
        for _ in range(_MOST_PAGES):
            messages = await self._connection.request(
                "GET", "/channels/{channel_id}/messages", query={"after": since, "limit": _PAGE}, channel_id=channel
            )
            ours = next((message for message in messages if self._is_ours(message, outgoing)), None)
            if ours is not None:
                return Found(MessageRef(str(channel), str(ours["id"])))
            if len(messages) < _PAGE:
                return Absent()
            since = max(int(message["id"]) for message in messages)
        return Unknowable(f"more than {_PAGE * _MOST_PAGES:,} messages were posted there since")

    async def _in_forum(self, outgoing: Outgoing, target: Target, since: int) -> Sighting:
        """Posts that we opened since, and the one that the event has already."""
        opened = await self._opened(target, since)
        known = outgoing.subject.thread if outgoing.subject else None
        for thread in dict.fromkeys([*opened, *([int(known)] if known else [])]):
            try:
                sighting = await self._in_channel(outgoing, thread, min(since, thread - 1))
            except Gone:
                continue
            if not isinstance(sighting, Absent):
                return sighting
        return Absent()

    async def _opened(self, target: Target, since: int) -> list[int]:
        active = await self._connection.request("GET", "/guilds/{guild_id}/threads/active", guild_id=target.guild or 0)
        threads = [*active["threads"], *await self._archived(target, since)]
        own = [each for each in threads if self._is_own(each["owner_id"]) and int(each["parent_id"]) == target.id]
        return [int(thread["id"]) for thread in own if int(thread["id"]) > since]

    async def _archived(self, target: Target, since: int) -> list[Any]:
        """The newest first, until all that was archived later than the first attempt has been seen."""
        found: list[Any] = []
        query: dict[str, Any] = {"limit": _PAGE}
        for _ in range(_MOST_PAGES):
            page = await self._connection.request(
                "GET", "/channels/{channel_id}/threads/archived/public", query=query, channel_id=target.id
            )
            found += page["threads"]
            if not page["has_more"] or not page["threads"]:
                break
            oldest = page["threads"][-1]["thread_metadata"]["archive_timestamp"]
            if datetime.fromisoformat(oldest) < discord.utils.snowflake_time(since):
                break
            query["before"] = oldest
        return found

    def _is_ours(self, message: Mapping[str, Any], outgoing: Outgoing) -> bool:
        """By us and marked: another bot may copy a marker."""
        return self._is_own(message["author"]["id"]) and carries(message, outgoing.delivery)

    def _is_own(self, user: str) -> bool:
        client = self._connection.client
        return client is not None and client.user is not None and int(user) == client.user.id


def _snowflake(moment: datetime) -> int:
    return discord.utils.time_snowflake(moment - _SKEW)
