"""Looking back: whether a message of ours stands in a channel, among what was posted there since the first attempt."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from digestbot.domain.place import MessageRef
from digestbot.errors import DeliveryError, Gone
from digestbot.platforms.slack.api import Api
from digestbot.platforms.slack.faults import MISSING_SCOPE, NOT_IN_CHANNEL, code_of
from digestbot.platforms.slack.pages import carries
from digestbot.platforms.slack.roster import Roster
from digestbot.platforms.slack.targets import Target, is_missing
from digestbot.ports import Absent, Found, Outgoing, Sighting, Unknowable

_PAGE: Final = 200
_MOST_PAGES: Final = 10
_RESTRICTED: Final = 15
"""So few at a time, and once a minute, for an app that is sold outside Slack's Marketplace (conversations.history)."""

_SKEW: Final = timedelta(minutes=5)
"""What Slack's clock and ours may differ by; a marker is one message's own, so looking further back does no harm."""

_BLIND: Final[Mapping[str, str]] = {
    NOT_IN_CHANNEL: "nobody can tell while digestbot is not in the channel: `/invite` it there",
    MISSING_SCOPE: "nobody can tell without the scope to read the channel's history: install digestbot again",
}


class LookBack:
    """By the delivery's id in a message's metadata; Slack knows no key that would keep a second one away."""

    def __init__(self, api: Api, roster: Roster) -> None:
        self._api = api
        self._roster = roster

    async def find(self, outgoing: Outgoing, target: Target) -> Sighting:
        """`Absent` only if everything since the first attempt was seen. Raises `DeliveryError`s: ask again."""
        places = [target]
        known = outgoing.subject.thread if outgoing.subject else None
        if known and not target.thread:
            places.append(Target(target.channel, known.partition(":")[2] or None))
        for place in places:
            sighting = await self._in(outgoing, place)
            if not isinstance(sighting, Absent):
                return sighting
        return Absent()

    async def _in(self, outgoing: Outgoing, target: Target) -> Sighting:
        try:
            return await self._among(outgoing, target)
        except DeliveryError as fault:
            code = code_of(fault) or ""
            if code in _BLIND:
                return Unknowable(_BLIND[code])
            if is_missing(fault) or isinstance(fault, Gone):
                return Unknowable(f"nobody can tell: {fault}")
            raise

    async def _among(self, outgoing: Outgoing, target: Target) -> Sighting:
        cursor: str | None = None
        seen = 0
        for _ in range(_MOST_PAGES):
            page = await self._page(outgoing, target, cursor)
            messages = page["messages"]
            ours = next((each for each in messages if self._is_ours(each, outgoing)), None)
            if ours is not None:
                return Found(MessageRef(_where(target, ours, outgoing), str(ours["ts"])))
            seen += len(messages)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if not page.get("has_more") or cursor is None:
                return Absent()
            if len(messages) <= _RESTRICTED:
                break
        return Unknowable(f"Slack shows digestbot only {seen} of the messages that were posted there since")

    async def _page(self, outgoing: Outgoing, target: Target, cursor: str | None) -> Mapping[str, Any]:
        oldest = (outgoing.first_attempt - _SKEW).timestamp()
        method = "conversations.replies" if target.thread else "conversations.history"
        return await self._api.call(
            outgoing.place.tenant,
            method,
            channel=target.channel,
            ts=target.thread,
            oldest=f"{oldest:.6f}",
            limit=_PAGE,
            cursor=cursor,
            include_all_metadata=True,
        )

    def _is_ours(self, message: Mapping[str, Any], outgoing: Outgoing) -> bool:
        """By us and marked: metadata are for every app to see, so another may copy a marker."""
        installation = self._roster.of(outgoing.place.tenant)
        by_us = message.get("bot_id") == installation.bot_id or message.get("user") == installation.bot_user
        return by_us and carries(message, outgoing.delivery)


def _where(target: Target, message: Mapping[str, Any], outgoing: Outgoing) -> str:
    """A message that opens a thread for its event names it."""
    opens = outgoing.subject is not None and not target.thread
    return Target(target.channel, str(message["ts"])).name if opens else target.name
