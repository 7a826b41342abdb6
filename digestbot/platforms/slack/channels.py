"""The channels of a workspace, as commands ask for them."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from digestbot.domain.place import Channel, Place
from digestbot.domain.subscription import Look
from digestbot.errors import DeliveryError, Gone, TryLater
from digestbot.platforms.slack.api import Api
from digestbot.platforms.slack.faults import Limited
from digestbot.platforms.slack.targets import Target, Targets, is_missing, target_in
from digestbot.platforms.slack.workspaces import PLATFORM, direct, member_of
from digestbot.ports import Clock

_KNOWN_FOR: Final = timedelta(minutes=5)
_PAGE: Final = 999
_MOST_PAGES: Final = 5
_MENTION: Final = re.compile(r"<#(?P<id>[A-Z0-9]{3,31})(?:\|[^>]*)?>")
_LINK: Final = re.compile(
    r"<?https://[a-z0-9.-]+/archives/(?P<id>[A-Z0-9]{3,31})/p(?P<seconds>\d{1,12})(?P<micro>\d{6})(?:\?[^>|]*)?(?:\|[^>]*)?>?"
)
_INVITE: Final = "digestbot does not see this channel: if it is private, type `/invite @digestbot` there first."


class SlackChannels:
    """`ports.Channels`: public ones, and private ones that digestbot was invited to; a thread by its message's link."""

    def __init__(self, api: Api, targets: Targets, clock: Clock) -> None:
        self._api = api
        self._targets = targets
        self._clock = clock
        self._known: dict[str, tuple[datetime, Sequence[Channel]]] = {}

    async def find(self, tenant: str, text: str) -> Channel | None:
        typed = text.strip()
        if member_of(tenant) is not None:  # who manages their own direct messages manages no channel
            return Channel(tenant, "direct messages") if typed == tenant else None
        link = _LINK.fullmatch(typed)
        if link:
            return await self._asked(tenant, Target(link["id"], f"{link['seconds']}.{link['micro']}"))
        mention = _MENTION.fullmatch(typed)
        target = Target(mention["id"]) if mention else target_in(typed)
        if target is not None:
            return await self._asked(tenant, target)
        name = typed.removeprefix("#").casefold()
        return next((channel for channel in await self.all(tenant) if channel.name.casefold() == name), None)

    async def all(self, tenant: str) -> Sequence[Channel]:
        """Of the last five minutes: Slack tells them slowly. Empty where it does not."""
        if member_of(tenant) is not None:
            return [Channel(tenant, "direct messages")]
        at, known = self._known.get(tenant, (None, ()))
        if at is None or self._clock.now() - at >= _KNOWN_FOR:
            try:
                known = await self._listed(tenant)
            except DeliveryError:
                return known
            self._known[tenant] = (self._clock.now(), known)
        return known

    def _learn(self, tenant: str, channel: Channel) -> None:
        """The list of some minutes ago may not hold one that was just asked for."""
        at, known = self._known.get(tenant, (None, ()))
        if at and channel not in known:
            self._known[tenant] = (at, [*(each for each in known if each.id != channel.id), channel])

    async def direct(self, tenant: str, member: str) -> Place:
        return Place(PLATFORM, tenant, tenant) if member_of(tenant) else direct(tenant, member)

    async def trouble(self, place: Place, look: Look) -> str | None:
        """A public channel is joined on the way: without being in it nobody could look whether a message arrived."""
        _ = look
        try:
            target = await self._targets.of(place)
            if member_of(place.channel) is not None:
                return None
            found = await self._targets.info(place, target)
            if found.get("is_archived"):
                return f"#{found.get('name', target.channel)} is archived: take another channel."
            self._learn(place.tenant, Channel(target.name, _named(found, target)))
            if not (found.get("is_member") or found.get("is_im")):
                await self._targets.join(place, target)
        except Limited:  # it is no trouble of the channel's, and not known yet
            return None
        except DeliveryError as fault:
            self._known.pop(place.tenant, None)  # whoever puts it right asks again, and the list has changed
            return _INVITE if is_missing(fault) else _sentence(fault)
        return None

    async def _asked(self, tenant: str, target: Target) -> Channel | None:
        """What nobody may tell of is taken at its word where Slack cannot be asked now: posting shows."""
        try:
            found = await self._targets.info(Place(PLATFORM, tenant, target.name), target)
        except Gone:
            return None
        except TryLater:
            return Channel(target.name, target.channel)
        return Channel(target.name, _named(found, target))

    async def _listed(self, tenant: str) -> Sequence[Channel]:
        found: list[Channel] = []
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            page = await self._api.call(
                tenant,
                "conversations.list",
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=_PAGE,
                cursor=cursor,
            )
            found += [Channel(each["id"], each["name"]) for each in page["channels"]]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
        return found


def _named(found: Mapping[str, Any], target: Target) -> str:
    name = str(found.get("name") or target.channel)
    return f"{name} (a thread)" if target.thread else name


def _sentence(fault: DeliveryError) -> str:
    words = str(fault)
    return f"{words[0].upper()}{words[1:]}."
