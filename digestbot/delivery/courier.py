"""The courier: takes due deliveries, settles doubts, sends or edits, and writes down what became of them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from digestbot.delivery.composing import Composition, compose_edit, compose_post
from digestbot.delivery.retries import Retries
from digestbot.delivery.settling import settle, settled
from digestbot.domain.card import Card
from digestbot.domain.delivery import Delivery, DeliveryState
from digestbot.domain.place import MessageRef, Place
from digestbot.errors import DeliveryError, Gone, Refused, TryLater, Unknown
from digestbot.ports import Absent, Clock, Found, Ledger, Messenger, Outgoing, Renderer, Stories

_log = structlog.get_logger("delivery")
_NOT_CONNECTED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Wired once by `bootstrap`; `deliver` is the dispatcher's handler.

    `lease` must outlast the slowest send. `reach` is called at the points where a crash hurts most (drills),
    `attempted` with the platform and the state that each attempt ended in (metrics).
    """

    ledger: Ledger
    stories: Stories
    renderer: Renderer
    messengers: Mapping[str, Messenger]
    clock: Clock
    retries: Retries
    lease: timedelta = timedelta(seconds=120)
    reach: Callable[[str], None] = lambda _point: None
    attempted: Callable[[str, str], None] = lambda _platform, _state: None
    lanes: WeakValueDictionary[Place, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def deliver(self, ids: Sequence[str]) -> None:
        """Work on these rows, one after the other within a channel; faults are written down, not raised."""
        rows = await self.ledger.begin(ids, self.clock.now(), self.lease)
        self.reach("begun")
        async with asyncio.TaskGroup() as group:
            for row in rows:
                group.create_task(self._in_lane(row), name=f"delivery-{row.id}")

    async def _in_lane(self, row: Delivery) -> None:
        lane = self.lanes.setdefault(row.place, asyncio.Lock())
        async with lane:
            if self.clock.now() >= row.due:
                return  # the lease ended while others in this channel were sent: whoever begins next settles it
            try:
                await self._finish(await self._attempt(row))
            except Exception:  # noqa: BLE001 - the store is away: the row is settled when its lease has ended
                _log.exception("delivery.unfinished", delivery=row.id)

    async def _attempt(self, row: Delivery) -> Delivery:
        messenger = self.messengers.get(row.place.platform)
        if messenger is None:
            return self._later(row, f"{row.place.platform} is not connected", _NOT_CONNECTED)
        edits = row.state is DeliveryState.CORRECTING
        try:
            return await (self._edit(row, messenger) if edits else self._post(row, messenger))
        except DeliveryError as fault:
            return self._failed(row, fault, messenger.grace)
        except Exception as fault:  # noqa: BLE001 - a fault of ours: what was sent, if anything, is not known
            _log.exception("delivery.fault", delivery=row.id)
            return self._failed(row, Unknown(f"a fault of digestbot: {fault!r}"), messenger.grace)

    async def _post(self, row: Delivery, messenger: Messenger) -> Delivery:
        now = self.clock.now()
        composition = compose_post(row, self.stories, self.renderer, now)
        if composition.card is None and row.begun_at is None:
            return _unposted(row, composition, now)
        outgoing = _outgoing(row, composition.card or Card(blocks=()), now)
        if row.begun_at is not None:
            sighting = await settle(row, outgoing, messenger, now)
            if not isinstance(sighting, Absent):
                return settled(row, sighting, now)
            if composition.card is None:
                return _unposted(row, composition, now)
        ref = await messenger.send(outgoing)
        self.reach("sent")
        if row.begun_at is not None and messenger.idempotent_for:
            return settled(
                row, Found(ref), now
            )  # the platform may have answered with the message of an earlier attempt
        return _posted(row, composition, ref, self.clock.now())

    async def _edit(self, row: Delivery, messenger: Messenger) -> Delivery:
        now = self.clock.now()
        composition = compose_edit(row, self.stories, self.renderer, now)
        if composition.card is None or row.ref is None:
            return replace(row, state=DeliveryState.POSTED, due=now, reveal_at=None, error=composition.reason)
        ref = await messenger.edit(row.ref, _outgoing(row, composition.card, now))
        self.reach("edited")
        return _posted(row, composition, ref, self.clock.now())

    def _failed(self, row: Delivery, fault: DeliveryError, grace: timedelta) -> Delivery:
        now, reason = self.clock.now(), str(fault)
        _log.warning("delivery.failed", delivery=row.id, kind=type(fault).__name__, reason=reason, attempt=row.attempt)
        match fault:
            case Gone():
                return replace(row, state=DeliveryState.GONE, due=now, begun_at=None, error=reason)
            case Refused():
                return replace(row, state=DeliveryState.REFUSED, due=now, begun_at=None, error=reason)
            case Unknown() if row.state is not DeliveryState.CORRECTING:
                wait = max(grace, self.retries.wait(row.attempt))
                begun = row.begun_at or row.attempted_at or now
                return replace(row, state=DeliveryState.SENDING, due=now + wait, begun_at=begun, error=reason)
            case TryLater(after=after):
                return self._later(row, reason, after)
            case _:
                return self._later(row, reason, None)

    def _later(self, row: Delivery, reason: str, after: timedelta | None) -> Delivery:
        """Try again. What was in doubt before stays in doubt: only this attempt is known to have failed."""
        now = self.clock.now()
        if self.retries.spent(row.attempt):
            given_up = f"given up after {row.attempt} attempts: {reason}"
            return replace(row, state=DeliveryState.REFUSED, due=now, error=given_up)
        state = row.state
        if state is not DeliveryState.CORRECTING:
            state = DeliveryState.SENDING if row.begun_at else DeliveryState.WAITING
        return replace(row, state=state, due=now + self.retries.wait(row.attempt, after), error=reason)

    async def _finish(self, row: Delivery) -> None:
        self.reach("finishing")
        kept = await self.ledger.finish(row)
        self.reach("finished")
        self.attempted(row.place.platform, str(row.state))
        _log.info("delivery.finished", delivery=row.id, state=str(row.state), attempt=row.attempt, kept=kept)
        if kept and row.state is DeliveryState.POSTED and self._changed(row):
            await self.ledger.correct([row.id], self.clock.now())

    def _changed(self, row: Delivery) -> bool:
        """Whether a story was corrected while its message was on the way."""
        now = ((self.stories.get(carried.story), carried.revision) for carried in row.stories)
        return any(story is not None and story.revision != revision for story, revision in now)


def _outgoing(row: Delivery, card: Card, now: datetime) -> Outgoing:
    return Outgoing(delivery=row.id, place=row.place, card=card, look=row.look, first_attempt=row.begun_at or now)


def _posted(row: Delivery, composition: Composition, ref: MessageRef, now: datetime) -> Delivery:
    return replace(
        row,
        state=DeliveryState.POSTED,
        due=now,
        begun_at=None,
        posted_at=row.posted_at or now,
        ref=ref,
        error=None,
        stories=composition.carried,
        dropped=composition.dropped,
        reveal_at=composition.reveal_at,
    )


def _unposted(row: Delivery, composition: Composition, now: datetime) -> Delivery:
    if composition.postpone:
        due = composition.postpone
        return replace(row, state=DeliveryState.WAITING, due=due, begun_at=None, error=composition.reason)
    return replace(row, state=DeliveryState.SKIPPED, due=now, begun_at=None, error=composition.reason)
