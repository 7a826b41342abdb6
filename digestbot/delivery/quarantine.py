"""Quarantine: a channel that keeps failing is left alone, tried now and then, and taken back once it works."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from digestbot.delivery.notices import Notices
from digestbot.delivery.outcomes import left_alone
from digestbot.domain.delivery import Delivery
from digestbot.domain.place import Place
from digestbot.domain.quarantine import AFTER, Quarantine, probe_wait
from digestbot.errors import Closed, DeliveryError, Gone, MessageGone
from digestbot.ports import Clock, Ledger, Quarantines

_log = structlog.get_logger("delivery")
_FRESH = timedelta(seconds=5)
_REMEMBERED = 10_000


class Ward:
    """Keeps the quarantines. Failures in a row are counted in memory: after a restart it takes three more.

    Which channels are in quarantine is read anew every few seconds, and each of those before anything is sent there.
    """

    def __init__(
        self, quarantines: Quarantines, ledger: Ledger, notices: Notices, clock: Clock, jitter: Callable[[], float]
    ) -> None:
        self.notices = notices
        self._quarantines = quarantines
        self._ledger = ledger
        self._clock = clock
        self._jitter = jitter
        self._strikes: OrderedDict[Place, int] = OrderedDict()
        self._known: set[Place] = set()
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()
        self._probing: set[Place] = set()

    @property
    def known(self) -> int:
        """Channels in quarantine, as this process knows."""
        return len(self._known)

    async def barred(self, row: Delivery) -> Delivery | None:
        """The row as it waits for the next probe; None if it may be sent, be it as the probe."""
        now, place = self._clock.now(), row.place
        await self._refresh(now)
        if place not in self._known:
            return None
        quarantine = await self._quarantines.get(place)
        if quarantine is None:
            self._known.discard(place)
            return None
        quarantine = await self._told(quarantine, now)
        if not quarantine.is_due(now):
            return left_alone(row, quarantine)
        next_ = quarantine.probed(now, self._jitter)
        if not await self._quarantines.change(next_, quarantine.probe_at):
            return left_alone(row, next_)
        self._probing.add(place)
        _log.info("delivery.probe", **_where(place), delivery=row.id, number=next_.probes)
        return None

    async def failed(self, row: Delivery, fault: DeliveryError) -> Delivery | None:
        """The row as it waits in quarantine; None if this failure is of another kind, or not yet one too many."""
        if isinstance(fault, MessageGone) or not isinstance(fault, Closed | Gone):
            return None
        now, place, reason = self._clock.now(), row.place, str(fault).rstrip(".")
        self._probing.discard(place)
        quarantine = await self._quarantines.get(place)
        if quarantine is None:
            if self._strike(place) < AFTER:
                return None
            quarantine = await self._begin(place, reason, now)
        elif quarantine.reason != reason:
            await self._quarantines.change(replace(quarantine, reason=reason), quarantine.probe_at)
        self._known.add(place)
        return left_alone(row, replace(await self._told(quarantine, now), reason=reason))

    async def ended(self, row: Delivery) -> None:
        """After each attempt to post: what was posted releases the channel."""
        if row.posted_at is not None:
            self._strikes.pop(row.place, None)
            if row.place in self._known:
                await self._release(row.place, self._clock.now())
        elif row.place in self._probing:
            await self._postpone(row)
        self._probing.discard(row.place)

    async def _begin(self, place: Place, reason: str, now: datetime) -> Quarantine:
        self._strikes.pop(place, None)
        quarantine = Quarantine(place=place, reason=reason, since=now, probe_at=now + probe_wait(0, self._jitter))
        if await self._quarantines.add(quarantine):
            _log.warning("delivery.quarantined", **_where(place), reason=reason, probe_at=str(quarantine.probe_at))
        return await self._quarantines.get(place) or quarantine

    async def _told(self, quarantine: Quarantine, now: datetime) -> Quarantine:
        """Told at the latest when the next message comes for the channel, should a crash come between."""
        if quarantine.told:
            return quarantine
        await self.notices.closed(quarantine, now)
        told = replace(quarantine, told=True)
        await self._quarantines.change(told, quarantine.probe_at)
        return told

    async def _release(self, place: Place, now: datetime) -> None:
        self._known.discard(place)
        quarantine = await self._quarantines.get(place)
        if quarantine is None or not await self._quarantines.release(place):
            return
        await self.notices.reopened(quarantine, now)
        waiting = await self._ledger.hasten(place, now)
        _log.info("delivery.released", **_where(place), since=str(quarantine.since), waiting=waiting)

    async def _postpone(self, row: Delivery) -> None:
        """A probe that told nothing of the channel is made up for as soon as the row may be tried again."""
        quarantine = await self._quarantines.get(row.place)
        if quarantine is not None:
            again = replace(quarantine, probe_at=max(row.due, self._clock.now()), probes=quarantine.probes - 1)
            await self._quarantines.change(again, quarantine.probe_at)

    async def _refresh(self, now: datetime) -> None:
        async with self._reading:
            if self._read_at is None or not timedelta() <= now - self._read_at < _FRESH:
                self._known = set(await self._quarantines.places())
                self._read_at = now

    def _strike(self, place: Place) -> int:
        self._strikes[place] = self._strikes.get(place, 0) + 1
        self._strikes.move_to_end(place)
        while len(self._strikes) > _REMEMBERED:
            self._strikes.popitem(last=False)
        return self._strikes.get(place, 0)


def _where(place: Place) -> dict[str, str]:
    return {"platform": place.platform, "tenant": place.tenant, "channel": place.channel}
