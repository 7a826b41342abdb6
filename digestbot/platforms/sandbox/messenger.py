"""The sandbox's messenger: posts into the record, corrects there and looks back there."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Look
from digestbot.errors import Closed, DeliveryError, Gone, MessageGone, Refused, TryLater, Unknown
from digestbot.platforms.sandbox.channels import TENANT, SandboxChannels, direct, member_of
from digestbot.platforms.sandbox.faults import Fault, Faults, Kind
from digestbot.platforms.sandbox.record import Record
from digestbot.platforms.sandbox.rows import Received
from digestbot.ports import Absent, Clock, Deleted, Found, Outgoing, Sighting, Unknowable


class SandboxMessenger:
    """Knows no idempotency: a second send of one delivery is a second message. Its record always tells, at once.

    A `grace` is only needed with faults that accept late, and must be longer than they take.
    """

    platform = "sandbox"

    def __init__(
        self,
        record: Record,
        channels: SandboxChannels,
        clock: Clock,
        faults: Faults | None = None,
        grace: timedelta = timedelta(0),
    ) -> None:
        self.grace = grace
        self._record = record
        self._channels = channels
        self._clock = clock
        self._faults = faults or Faults()
        self._late: set[asyncio.Task[None]] = set()

    def sorts(self, place: Place, look: Look) -> bool:
        _ = place, look
        return False

    def repeatable(self, place: Place, age: timedelta) -> bool:
        _ = place, age
        return False

    async def send(self, outgoing: Outgoing) -> MessageRef:
        fault = self._faults.take()
        if fault is not None:
            await self._fail_to_send(fault, outgoing)
        return await self._create(outgoing)

    async def edit(self, ref: MessageRef, outgoing: Outgoing) -> MessageRef:
        fault = self._faults.take()
        if fault is not None and fault.kind not in (Kind.LOST, Kind.LATE):
            raise _answer(fault)
        async with _answers():
            message = await self._record.get(ref.message)
            edited = message and message.channel == ref.channel and await self._record.edit(ref.message, outgoing.card)
        if not edited:
            raise MessageGone(f"Message {ref.message} is no longer in {ref.channel}.")
        if fault is not None:
            raise _answer(fault)
        return ref

    async def find(self, outgoing: Outgoing) -> Sighting:
        try:
            received = await self._record.of_delivery(_channel(outgoing), outgoing.delivery)
        except sqlite3.Error as error:
            return Unknowable(f"The sandbox's record cannot be read: {error}")
        standing = next((message for message in received if not message.deleted), None)
        if standing is not None:
            return Found(_ref(standing))
        return Deleted() if received else Absent()

    async def close(self) -> None:
        """Drop the messages that are still to be accepted late."""
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)

    async def _create(self, outgoing: Outgoing) -> MessageRef:
        channel = _channel(outgoing)
        if outgoing.place.tenant != TENANT or not self._channels.takes(channel):
            raise Gone(f"The sandbox has no channel {channel!r}.")
        async with _answers():
            card, mention = outgoing.card, outgoing.look.mention
            return _ref(await self._record.create(channel, card, delivery=outgoing.delivery, mention=mention))

    async def _fail_to_send(self, fault: Fault, outgoing: Outgoing) -> None:
        if fault.kind is Kind.LOST:
            await self._create(outgoing)
        if fault.kind is Kind.LATE:
            name = f"sandbox-late-{outgoing.delivery}"
            task = asyncio.create_task(self._create_late(outgoing, fault.delay or timedelta(seconds=1)), name=name)
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        raise _answer(fault)

    async def _create_late(self, outgoing: Outgoing, delay: timedelta) -> None:
        await self._clock.sleep(delay)
        with suppress(DeliveryError):
            await self._create(outgoing)


def _channel(outgoing: Outgoing) -> str:
    channel = outgoing.place.channel
    member = member_of(channel)
    return channel if member is None else direct(member)


def _ref(message: Received) -> MessageRef:
    return MessageRef(message.channel, message.id)


def _answer(fault: Fault) -> DeliveryError:
    match fault.kind:
        case Kind.REFUSE:
            return Refused("The sandbox was told to refuse this card.")
        case Kind.LATER:
            return TryLater("The sandbox was told to put this off.", fault.delay)
        case Kind.CLOSED:
            return Closed("The sandbox was told to close this channel.", fault.delay)
        case Kind.GONE:
            return Gone("The sandbox was told that this place is no more.")
        case _:
            return Unknown("The sandbox was told to lose this answer.")


@asynccontextmanager
async def _answers() -> AsyncIterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Unknown(f"The sandbox's record failed: {error}") from error
