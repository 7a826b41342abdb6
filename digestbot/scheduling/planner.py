"""The planner: sleeps until something is due, then reserves deliveries; a tick costs O(due)."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from digestbot.domain.delivery import Reservation
from digestbot.domain.digest import passes
from digestbot.domain.filter import Filter
from digestbot.domain.story import Story
from digestbot.domain.subscription import Subscription
from digestbot.ports import Clock, Ledger, Move, Stories, Subscriptions
from digestbot.scheduling.occasions import plan_digest, plan_instant

_log = structlog.get_logger("planner")
_BATCH = 200
"""Planned and reserved at a time; between two of them whoever asks is answered."""

_AFTER_FAULT = timedelta(seconds=5)
_BREATH = timedelta(seconds=1)
_BAD_AGAIN = timedelta(hours=1)


class Planner:
    """Any number may run on one database: due times move by compare-and-set, occasions are unique."""

    def __init__(
        self,
        subscriptions: Subscriptions,
        ledger: Ledger,
        stories: Stories,
        clock: Clock,
        *,
        idle: timedelta = timedelta(minutes=1),
        reach: Callable[[str], None] = lambda _point: None,
        reserved: Callable[[int], None] = lambda _count: None,
    ) -> None:
        """`reach` is called at the points where a crash hurts most, `reserved` with the count of new deliveries."""
        self._subscriptions = subscriptions
        self._ledger = ledger
        self._stories = stories
        self._clock = clock
        self._idle = idle
        self._reach = reach
        self._reserved = reserved
        self._planned: set[str] = set()
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """A subscription or a story changed."""
        self._woken.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._wake_on_changes(), name="planner-changes")
            group.create_task(self._plan(), name="planner")

    async def tick(self, now: datetime) -> int:
        """Reserve the digests that are due. Returns how many deliveries are new."""
        new = 0
        while due := await self._subscriptions.due(now, _BATCH):
            new += await self._digests(due, now)
        return new

    async def fan_out(self, now: datetime) -> int:
        """Reserve the instant cards of stories that went live. Returns how many deliveries are new."""
        fresh = [story for story in reversed(self._stories.live(now)) if story.id not in self._planned]
        if not fresh:
            return 0
        missing = set(await self._ledger.unplanned([story.id for story in fresh]))
        new = sum([await self._instants(story, now) for story in fresh if story.id in missing])
        self._planned.update(story.id for story in fresh)
        return new

    async def _plan(self) -> None:
        while True:
            self._woken.clear()
            now = self._clock.now()
            try:
                new = await self.tick(now) + await self.fan_out(now)
                pause = await self._pause(now)
            except Exception:  # noqa: BLE001 - the store may be away for a while: say so, stay alive
                _log.exception("planner.fault", again_in=str(_AFTER_FAULT))
                new, pause = 0, _AFTER_FAULT
            self._reserved(new)
            if new:
                _log.info("planner.reserved", deliveries=new)
            await self._sleep(pause)

    async def _wake_on_changes(self) -> None:
        async for changed in self._stories.changes():
            self._planned -= changed
            self.wake()

    async def _pause(self, now: datetime) -> timedelta:
        ahead = [at for at in (await self._subscriptions.earliest(), self._stories.next_live(now)) if at]
        pause = min([*(at - now for at in ahead), self._idle])
        return pause if pause > timedelta() else _BREATH

    async def _sleep(self, pause: timedelta) -> None:
        try:
            async with asyncio.timeout(pause.total_seconds()):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _digests(self, due: Sequence[Subscription], now: datetime) -> int:
        told = await self._ledger.told_each([subscription.id for subscription in due])
        tastes: dict[Filter, list[Story]] = {}
        reservations: list[Reservation] = []
        moves: list[Move] = []
        for subscription in due:
            had = told.get(subscription.id, frozenset())
            try:
                reservation, move = plan_digest(subscription, self._matching(subscription, tastes, now), had, now)
            except Exception:  # noqa: BLE001 - one bad subscription must not hold up the others
                _log.exception("planner.subscription", subscription=subscription.id, again_in=str(_BAD_AGAIN))
                moves.append(Move(subscription.id, subscription.next_due, now + _BAD_AGAIN))
                continue
            reservations.append(reservation)
            moves.append(move)
        return await self._reserve(reservations, moves)

    def _matching(
        self, subscription: Subscription, tastes: dict[Filter, list[Story]], now: datetime
    ) -> Sequence[Story]:
        """Stories of one taste are looked for once a tick, however many subscriptions share it."""
        taste = subscription.filter
        if taste not in tastes:
            tastes[taste] = [story for story in self._stories.live(now) if taste.matches(story)]
        return tastes[taste]

    async def _instants(self, story: Story, now: datetime) -> int:
        new, after = 0, ""
        while True:
            some = await self._subscriptions.instant(story.keys, after, _BATCH)
            last = len(some) < _BATCH
            reservations = [planned for each in some for planned in _instant(each, story, now)]
            new += await self._reserve(reservations, planned=[story.id] if last else [])
            if last:
                return new
            after = some[-1].id

    async def _reserve(
        self, reservations: Sequence[Reservation], moves: Sequence[Move] = (), planned: Sequence[str] = ()
    ) -> int:
        self._reach("reserving")
        new = await self._ledger.reserve(reservations, moves, planned)
        self._reach("reserved")
        return len(new)


def _instant(subscription: Subscription, story: Story, now: datetime) -> list[Reservation]:
    """None if it does not want the story, or cannot be read: one bad subscription must not hold up the others."""
    try:
        wanted = passes(story, subscription, frozenset(), now)
        return [plan_instant(subscription, story, now)] if wanted else []
    except Exception:  # noqa: BLE001 - as above
        _log.exception("planner.subscription", subscription=subscription.id, story=story.id)
        return []
