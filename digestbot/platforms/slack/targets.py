"""Targets: where in Slack a place is, and how digestbot comes to be able to post there."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from digestbot.domain.place import MessageRef, Place
from digestbot.errors import DeliveryError, Gone, TryLater, Unknown
from digestbot.platforms.slack.api import Api
from digestbot.platforms.slack.faults import NO_SUCH_CHANNEL, code_of
from digestbot.platforms.slack.workspaces import member_of

_THREAD: Final = ":"
_CHANNEL: Final = re.compile(r"[CDG][A-Z0-9]{2,30}")
_STAMP: Final = re.compile(r"[0-9]{1,12}\.[0-9]{6}")
_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Target:
    """A conversation's id, and the `ts` of the message whose thread is meant, if one is."""

    channel: str
    thread: str | None = None

    @property
    def name(self) -> str:
        """As the channel of a place or of a `MessageRef`."""
        return f"{self.channel}{_THREAD}{self.thread}" if self.thread else self.channel


def target_in(name: str) -> Target | None:
    """`C1` or `C1:1700000000.000100`; None if it is neither."""
    channel, _, thread = name.partition(_THREAD)
    if not _CHANNEL.fullmatch(channel) or (thread and not _STAMP.fullmatch(thread)):
        return None
    return Target(channel, thread or None)


class Targets:
    def __init__(self, api: Api) -> None:
        self._api = api
        self._direct: OrderedDict[str, str] = OrderedDict()

    async def of(self, place: Place) -> Target:
        """Nothing has left before it is known, so no fault here is a doubt. Raises `Gone`, `TryLater`."""
        member = member_of(place.channel)
        return _named(place) if member is None else Target(await self._opened(place, member))

    def to_post(self, place: Place) -> Target:
        """Without asking: a member's id stands for the conversation with them (chat.postMessage). Raises `Gone`."""
        member = member_of(place.channel)
        return _named(place) if member is None else Target(self._direct.get(place.channel, member))

    def learn(self, place: Place, conversation: str) -> None:
        """Where a direct message went."""
        if place.direct:
            self._direct[place.channel] = conversation
            while len(self._direct) > _REMEMBERED:
                self._direct.popitem(last=False)

    async def join(self, place: Place, target: Target) -> None:
        """A public channel is joined; into a private one somebody has to invite. Raises `TryLater`, `Gone`."""
        await certainly(self._api, place.tenant, "conversations.join", channel=target.channel)

    async def info(self, place: Place, target: Target) -> Mapping[str, Any]:
        """Slack's conversation. Raises `TryLater`, `Gone`."""
        answer = await certainly(self._api, place.tenant, "conversations.info", channel=target.channel)
        found: Mapping[str, Any] = answer["channel"]
        return found

    async def _opened(self, place: Place, member: str) -> str:
        """The conversation of a member and digestbot; opening it again gives the same one."""
        if place.channel not in self._direct:
            answer = await certainly(self._api, place.tenant, "conversations.open", users=member)
            self.learn(place, str(answer["channel"]["id"]))
        return self._direct[place.channel]


def _named(place: Place) -> Target:
    target = target_in(place.channel)
    if target is None:
        raise Gone(f"Slack has no channel {place.channel!r}")
    return target


async def certainly(api: Api, tenant: str, method: str, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as `Api.call` takes them
    """A call whose lost answer is no doubt, since asking again does no harm."""
    try:
        return await api.call(tenant, method, **arguments)
    except Unknown as fault:
        raise TryLater(str(fault)) from fault


def in_thread(ref: MessageRef) -> Target:
    """Where a message of ours stands."""
    return target_in(ref.channel) or Target(ref.channel)


def is_missing(fault: DeliveryError) -> bool:
    """Whether Slack knows no such channel, or does not show it to us: it says the same of both."""
    return code_of(fault) == NO_SUCH_CHANNEL
