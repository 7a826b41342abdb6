"""Discord's messenger: posts, corrects and looks back, and knows where the nonce helps."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Look
from digestbot.errors import Gone, Refused, TryLater, Unknown
from digestbot.platforms.discord.connection import PATIENCE, Connection
from digestbot.platforms.discord.faults import ALREADY_CROSSPOSTED, THREAD_ARCHIVED, ServerFault, code_of, translated
from digestbot.platforms.discord.forums import Forums, create
from digestbot.platforms.discord.lookback import LookBack
from digestbot.platforms.discord.pages import Layout, bodies
from digestbot.platforms.discord.targets import PLATFORM, Kind, Target, Targets
from digestbot.ports import Absent, Found, Outgoing, Sighting, Unfinished

PUBLISH: Final = "publish"
"""The look's style that publishes an announcement to the servers that follow the channel."""

_CROSSPOSTED: Final = 1
_WINDOW: Final = timedelta(minutes=2)
"""“The past few minutes” for which Discord keeps a nonce (message resource), taken cautiously."""

_WHOLE: Final = 80.0
"""Seconds that a send, an edit or a look back may take in all, waits in the library's queues included."""

_LANDING: Final = timedelta(seconds=30)
_PUBLISH_AGAIN: Final = timedelta(minutes=10)
_POISON_AFTER: Final = 3
_REMEMBERED: Final = 1_000


class DiscordMessenger:
    """`ports.Messenger` over the gateway's memory and the REST of the present connection."""

    platform = PLATFORM
    grace = PATIENCE + _LANDING

    def __init__(self, connection: Connection, targets: Targets) -> None:
        self._connection = connection
        self._targets = targets
        self._forums = Forums(connection)
        self._look_back = LookBack(connection)
        self._suspects = _Suspects()

    def sorts(self, place: Place, look: Look) -> bool:
        _ = look
        known = self._targets.known(place)
        return known is not None and known.kind is Kind.FORUM

    def repeatable(self, place: Place, age: timedelta) -> bool:
        """Not in forums: a new post takes no nonce. Where the kind is not known, neither."""
        known = self._targets.known(place)
        kind = known.kind if known else Kind.DIRECT if place.channel.startswith("@") else Kind.FORUM
        return kind is not Kind.FORUM and timedelta() <= age < _WINDOW

    async def send(self, outgoing: Outgoing) -> MessageRef:
        with translated():
            async with asyncio.timeout(_WHOLE):
                return await self._sent(outgoing)

    async def edit(self, ref: MessageRef, outgoing: Outgoing) -> MessageRef:
        with translated():
            async with asyncio.timeout(_WHOLE):
                return await self._corrected(ref, outgoing)

    async def find(self, outgoing: Outgoing) -> Sighting:
        with translated():
            async with asyncio.timeout(_WHOLE):
                return await self._look_back.find(outgoing, await self._targets.of(outgoing.place))

    async def _sent(self, outgoing: Outgoing) -> MessageRef:
        layout = _layout(outgoing)
        target = await self._target(outgoing, layout)
        body = bodies(outgoing.card, layout, mention=outgoing.look.mention, marker=outgoing.delivery)[0]
        try:
            ref = await self._created(target, outgoing, body)
        except Unknown as fault:
            ref = await self._unless_poison(outgoing, target, fault)
        self._suspects.accepted(outgoing.delivery)
        if target.kind is Kind.ANNOUNCEMENT and outgoing.look.style == PUBLISH:
            await self._publish(ref)
        return ref

    async def _corrected(self, ref: MessageRef, outgoing: Outgoing) -> MessageRef:
        layout = _layout(outgoing)
        body = bodies(outgoing.card, layout, mention=outgoing.look.mention, marker=outgoing.delivery, edit=True)[0]
        try:
            message = await self._edited(ref, body)
        except TryLater as fault:
            if code_of(fault) != THREAD_ARCHIVED:
                raise
            await self._connection.request(
                "PATCH", "/channels/{channel_id}", body={"archived": False}, channel_id=ref.channel
            )
            message = await self._edited(ref, body)
        if outgoing.look.style == PUBLISH and not message.get("flags", 0) & _CROSSPOSTED:
            target = await self._targets.of(outgoing.place)
            if target.kind is Kind.ANNOUNCEMENT:
                await self._publish(ref)
        return ref

    async def _target(self, outgoing: Outgoing, layout: Layout) -> Target:
        """Nothing has left before it is known, so no fault here is a doubt."""
        try:
            with translated():
                target = await self._targets.of(outgoing.place)
        except Unknown as fault:
            raise TryLater(str(fault)) from fault
        target.check(embeds=layout == "embed")
        return target

    async def _created(self, target: Target, outgoing: Outgoing, body: dict[str, Any]) -> MessageRef:
        nonce = f"{outgoing.delivery}1"  # the page: 25 characters are Discord's most
        if target.kind is Kind.FORUM:
            return await self._forums.post(target, outgoing, body, nonce)
        return await create(self._connection, target.id, body, nonce)

    async def _edited(self, ref: MessageRef, body: dict[str, Any]) -> dict[str, Any]:
        message: dict[str, Any] = await self._connection.request(
            "PATCH",
            "/channels/{channel_id}/messages/{message_id}",
            body=body,
            channel_id=ref.channel,
            message_id=ref.message,
        )
        return message

    async def _publish(self, ref: MessageRef) -> None:
        """Publishing twice is an error of Discord's that means success. Raises `Unfinished` where it has to wait."""
        try:
            await self._connection.request(
                "POST",
                "/channels/{channel_id}/messages/{message_id}/crosspost",
                channel_id=ref.channel,
                message_id=ref.message,
            )
        except (TryLater, Unknown) as fault:
            after = fault.after if isinstance(fault, TryLater) else None
            raise Unfinished(f"posted, not yet published: {fault}", ref, after or _PUBLISH_AGAIN) from fault
        except (Gone, Refused) as fault:
            if code_of(fault) != ALREADY_CROSSPOSTED:
                raise Unfinished(f"posted, not published: {fault}", ref, _PUBLISH_AGAIN) from fault

    async def _unless_poison(self, outgoing: Outgoing, target: Target, fault: Unknown) -> MessageRef:
        """A 500 that one message gets again and again while others pass is about that message. Raises otherwise."""
        if not isinstance(fault.__cause__, ServerFault) or not self._suspects.convicts(outgoing.delivery):
            raise fault
        sighting = await self._look_back.find(outgoing, target)
        if isinstance(sighting, Found):
            return sighting.ref
        if isinstance(sighting, Absent):
            raise Refused(f"Discord fails on this message while it takes others ({fault})") from fault
        raise fault


@dataclass(slots=True)
class _Suspicion:
    failures: int
    passed: int


class _Suspects:
    """Deliveries that Discord answered with 5xx, and how many others it has accepted since."""

    def __init__(self) -> None:
        self._passed = 0
        self._known: OrderedDict[str, _Suspicion] = OrderedDict()

    def accepted(self, delivery: str) -> None:
        self._passed += 1
        self._known.pop(delivery, None)

    def convicts(self, delivery: str) -> bool:
        """Count one more failure; whether that is enough, with others accepted since the first."""
        suspicion = self._known.setdefault(delivery, _Suspicion(0, self._passed))
        suspicion.failures += 1
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return suspicion.failures >= _POISON_AFTER and self._passed > suspicion.passed


def _layout(outgoing: Outgoing) -> Layout:
    return "embed" if outgoing.look.layout == "embed" else "components"
