"""The courier: takes due deliveries, settles doubts, sends or edits, and writes down what became of them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from digestbot.delivery.composing import Composition, compose_edit, compose_post
from digestbot.delivery.outcomes import SOON, before_too_late, outgoing_of, posted, too_late, unfinished, unposted
from digestbot.delivery.quarantine import Ward
from digestbot.delivery.retries import Retries
from digestbot.delivery.settling import settle, settled
from digestbot.domain.card import Card
from digestbot.domain.delivery import WITHHELD, Delivery, DeliveryState
from digestbot.domain.place import Place
from digestbot.domain.quarantine import notice_in
from digestbot.errors import Away, Busy, DeliveryError, Gone, Outage, Refused, TryLater, Unknown
from digestbot.ports import (
    Absent,
    Clock,
    Found,
    Ledger,
    Messenger,
    Outgoing,
    Renderer,
    Stories,
    Subject,
    Unfinished,
)

_log = structlog.get_logger("delivery")
_NOT_CONNECTED = timedelta(minutes=1)

Compose = Callable[[Delivery, Stories, Renderer, datetime], Composition]


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Wired once by `bootstrap`; `deliver` is the dispatcher's handler.

    `started` is when this process did; `lease` must outlast the slowest send. `reach` is called at the points where
    a crash hurts most (drills), `attempted` with the platform and the state that each attempt ended in (metrics).
    """

    ledger: Ledger
    stories: Stories
    renderer: Renderer
    messengers: Mapping[str, Messenger]
    clock: Clock
    retries: Retries
    ward: Ward
    started: datetime
    lease: timedelta = timedelta(seconds=120)
    reach: Callable[[str], None] = lambda _point: None
    attempted: Callable[[str, str], None] = lambda _platform, _state: None
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Once it is set, what still waits behind another row of its channel is left to the next start."""
    lanes: WeakValueDictionary[Place, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def deliver(self, ids: Sequence[str], done: Callable[[str], None] = lambda _id: None) -> None:
        """Work on these rows, one after the other within a channel; faults are written down, not raised."""
        rows = await self.ledger.begin(ids, self.clock.now(), self.lease)
        self.reach("begun")
        for id_ in set(ids) - {row.id for row in rows}:
            done(id_)
        async with asyncio.TaskGroup() as group:
            for row in rows:
                task = group.create_task(self._in_lane(row), name=f"delivery-{row.id}")
                task.add_done_callback(lambda _task, id_=row.id: done(id_))  # type: ignore[misc]  # bound at once

    async def _in_lane(self, row: Delivery) -> None:
        lane = self.lanes.setdefault(row.place, asyncio.Lock())
        async with lane:
            try:
                now = self.clock.now()
                if now >= row.due or self.closing.is_set():  # waited too long behind others: nothing was tried
                    await self.ledger.finish(replace(row, due=now))
                else:
                    await self._end(row, await self._attempt(row))
            except Exception:  # noqa: BLE001 - the store is away: the row is settled when its lease has ended
                _log.exception("delivery.unfinished", delivery=row.id)

    async def _attempt(self, row: Delivery) -> Delivery:
        messenger = self.messengers.get(row.place.platform)
        if messenger is None:
            return self._later(row, f"{row.place.platform} is not connected", _NOT_CONNECTED)
        edits = row.state is DeliveryState.CORRECTING
        try:
            if edits:
                return await self._edit(row, messenger)
            kept = too_late(row, self.clock.now()) or await self.ward.barred(row)
            return kept or await self._post(row, messenger)
        except DeliveryError as fault:
            kept = None if edits else await self.ward.failed(row, fault)
            return kept or self._failed(row, fault, self._grace(row, messenger))
        except Exception as fault:  # noqa: BLE001 - a fault of ours: what was sent, if anything, is not known
            _log.exception("delivery.fault", delivery=row.id)
            return self._failed(row, Unknown(f"a fault of digestbot: {fault!r}"), self._grace(row, messenger))

    def _landed(self, row: Delivery, begun_at: datetime, messenger: Messenger) -> datetime:
        """When what a process before us had sent has surely landed; at once where the same key may be sent again."""
        age = self.clock.now() - begun_at
        inherited = begun_at < self.started and not messenger.repeatable(row.place, age)
        return self.started + messenger.grace if inherited else begun_at

    def _grace(self, row: Delivery, messenger: Messenger) -> timedelta:
        """How long to wait before a doubt can be settled: not at all while the same key may be sent again."""
        age = self.clock.now() - (row.begun_at or row.attempted_at or self.clock.now())
        return timedelta() if messenger.repeatable(row.place, age) else messenger.grace

    async def _post(self, row: Delivery, messenger: Messenger) -> Delivery:
        now, notice = self.clock.now(), notice_in(row)
        if notice is None:
            composition = self._composed(compose_post, row, now)
        else:
            sorts = messenger.sorts(row.place, row.look)
            composition = await self.ward.notices.compose(notice, row, now, sorts=sorts)
        outgoing = outgoing_of(row, composition.card or Card(blocks=()), now)
        outgoing = replace(outgoing, subject=await self._subject(row, composition, messenger))
        if row.begun_at is not None:
            known = await self._in_doubt(row, row.begun_at, outgoing, messenger, will_send=composition.card is not None)
            if known:
                return known
        if composition.card is None:
            return unposted(row, composition, now)
        return await self._send(row, outgoing, composition, messenger)

    async def _in_doubt(
        self, row: Delivery, begun_at: datetime, outgoing: Outgoing, messenger: Messenger, *, will_send: bool
    ) -> Delivery | None:
        """The row once more is known of an earlier attempt; None if sending is safe."""
        now, landed = self.clock.now(), self._landed(row, begun_at, messenger)
        if now < landed:
            return replace(row, state=DeliveryState.SENDING, due=landed)
        sighting = await settle(row, outgoing, messenger, now, will_send=will_send)
        return None if isinstance(sighting, Absent) else settled(row, sighting, now)

    async def _send(
        self, row: Delivery, outgoing: Outgoing, composition: Composition, messenger: Messenger
    ) -> Delivery:
        now = self.clock.now()
        again = row.begun_at is not None and messenger.repeatable(row.place, now - row.begun_at)
        try:
            ref = await messenger.send(outgoing)
        except Unfinished as left:
            self.reach("sent")
            return unfinished(posted(row, composition, left.ref, self.clock.now()), left)
        self.reach("sent")
        if again:
            # the platform may have answered with the message of an earlier attempt, which may show an older revision
            return settled(row, Found(ref), now)
        return posted(row, composition, ref, self.clock.now())

    async def _subject(self, row: Delivery, composition: Composition, messenger: Messenger) -> Subject | None:
        """Only for places that sort by it: it costs a look into the ledger."""
        if composition.card is None or not messenger.sorts(row.place, row.look):
            return None
        event, thread = composition.event, None
        if event:
            stories = [story.id for story in self.stories.all() if story.event and story.event.id == event.id]
            thread = await self.ledger.thread(row.place, stories)
        shown = (self.stories.get(carried.story) for carried in composition.carried)
        topics = dict.fromkeys(topic for story in shown if story for topic in story.topics)
        return Subject(event.name if event else composition.card.title, tuple(topics), thread)

    async def _edit(self, row: Delivery, messenger: Messenger) -> Delivery:
        now = self.clock.now()
        composition = self._composed(compose_edit, row, now)
        if composition.card is None or row.ref is None:
            _log.info("delivery.left_as_it_was", delivery=row.id, reason=composition.reason)
            return posted(row, composition, row.ref, now)
        try:
            ref = await messenger.edit(row.ref, outgoing_of(row, composition.card, now))
        except Unfinished as left:
            self.reach("edited")
            if self.retries.spent(row.failures + 1):
                return replace(posted(row, composition, left.ref, now), error=f"given up: {left}")
            return unfinished(replace(posted(row, composition, left.ref, now), failures=row.failures + 1), left)
        except Refused as fault:
            return replace(posted(row, composition, row.ref, now), error=f"the correction was refused: {fault}")
        except (TryLater, Unknown) as fault:
            if isinstance(fault, Busy | Outage) or not self.retries.spent(row.failures + 1):
                raise
            given_up = f"the correction was given up after {row.failures + 1} attempts: {fault}"
            return replace(posted(row, composition, row.ref, now), error=given_up)
        self.reach("edited")
        return posted(row, composition, ref, self.clock.now())

    def _composed(self, compose: Compose, row: Delivery, now: datetime) -> Composition:
        """A card that cannot be made was certainly not sent: that is no doubt, and worth another try."""
        try:
            return compose(row, self.stories, self.renderer, now)
        except Exception as fault:
            _log.exception("delivery.not_composed", delivery=row.id)
            raise TryLater(f"the card cannot be made: {fault}") from fault

    def _failed(self, row: Delivery, fault: DeliveryError, grace: timedelta) -> Delivery:
        now, reason = self.clock.now(), str(fault)
        if isinstance(fault, Busy | Outage):
            return self._held(row, fault, grace)
        _log.warning("delivery.failed", delivery=row.id, kind=type(fault).__name__, reason=reason, attempt=row.attempt)
        match fault:
            case Gone():
                return replace(row, state=DeliveryState.GONE, due=now, begun_at=None, error=reason)
            case Refused():
                return replace(row, state=DeliveryState.REFUSED, due=now, begun_at=None, error=reason)
            case Unknown() if row.state is not DeliveryState.CORRECTING:
                begun = row.begun_at or row.attempted_at or now
                return self._later(replace(row, begun_at=begun), reason, grace)
            case TryLater(after=after):
                return self._later(row, reason, after)
            case _:
                return self._later(row, reason, None)

    def _held(self, row: Delivery, fault: Busy | Outage, grace: timedelta) -> Delivery:
        """It waits its turn, which comes at a known time: nothing of it failed. Of our own limits nothing is told."""
        now, edits, begun_at, after = self.clock.now(), row.state is DeliveryState.CORRECTING, row.begun_at, fault.after
        if isinstance(fault, Outage) and not edits:
            begun_at, after = row.begun_at or row.attempted_at or now, max(fault.after, grace)
        state = row.state if edits else DeliveryState.SENDING if begun_at else DeliveryState.WAITING
        reason = str(fault) if isinstance(fault, Away | Outage) else None
        return replace(row, state=state, due=now + (after or SOON), begun_at=begun_at, error=reason)

    def _later(self, row: Delivery, reason: str, after: timedelta | None) -> Delivery:
        """Try again. What was in doubt before stays in doubt: only this attempt is known to have failed."""
        now, failures = self.clock.now(), row.failures + 1
        edits = row.state is DeliveryState.CORRECTING
        if self.retries.spent(failures) and not edits:
            state = DeliveryState.UNKNOWN if row.begun_at else DeliveryState.REFUSED
            return replace(row, state=state, due=now, error=f"given up after {failures} attempts: {reason}")
        state = DeliveryState.SENDING if row.begun_at else DeliveryState.WAITING
        due = before_too_late(row, now + self.retries.wait(failures, after), now)
        return replace(row, state=row.state if edits else state, due=due, failures=failures, error=reason)

    async def _end(self, before: Delivery, after: Delivery) -> None:
        await self._finish(after)
        if before.posted_at is None:
            await self.ward.ended(after)

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
        shown = [carried for carried in row.stories if carried.revision != WITHHELD]
        now = ((self.stories.get(carried.story), carried.revision) for carried in shown)
        return any(story is not None and story.revision != revision for story, revision in now)
