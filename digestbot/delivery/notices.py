"""Notices: who hears that a channel is left alone, and that it works again; each once, through the ledger."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from digestbot.delivery.composing import Composition
from digestbot.domain.delivery import Delivery, DeliveryState, Reservation
from digestbot.domain.place import Place
from digestbot.domain.quarantine import NOTICE, Notice, Quarantine, Told
from digestbot.domain.subscription import Look, State, Subscription
from digestbot.ports import Channels, Ledger, Quarantines, Renderer, Setting, Subscriptions

_log = structlog.get_logger("delivery")
_PATIENCE: Mapping[Told, timedelta] = {Told.CLOSED: timedelta(days=1), Told.REOPENED: timedelta(hours=1)}
_ORDINARY = timedelta(minutes=1)
_NAMED_WITHIN = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """What they say is what is true when they are sent. They mention nobody."""

    ledger: Ledger
    quarantines: Quarantines
    subscriptions: Subscriptions
    renderer: Renderer
    channels: Mapping[str, Channels]

    async def closed(self, quarantine: Quarantine, now: datetime) -> None:
        """To the direct messages of each who subscribed the channel; to nobody where that is a direct message."""
        place = quarantine.place
        known = self.channels.get(place.platform)
        if place.direct or known is None:
            return
        for member, each in (await self._subscribers(place)).items():
            direct = await known.direct(place.tenant, member)
            notice = Notice(Told.CLOSED, place, quarantine.since, member)
            await self._reserve(notice, direct, _look(each), now)

    async def reopened(self, quarantine: Quarantine, now: datetime) -> None:
        active = await self._active(quarantine.place)
        if active:
            notice = Notice(Told.REOPENED, quarantine.place, quarantine.since)
            await self._reserve(notice, quarantine.place, _look(active[0]), now)

    async def compose(self, notice: Notice, row: Delivery, now: datetime, *, sorts: bool) -> Composition:
        """Nothing where it is not true any more, nor in a place that `sorts` messages by what they are about."""
        setting = Setting(locale=row.look.locale, zone=row.look.zone)
        if notice.kind is Told.REOPENED:
            if sorts:
                return Composition(reason="such a place holds messages about stories alone")
            values = _counted(await self.ledger.of_place(notice.place, notice.since), row, notice.since, now)
            return Composition(card=self.renderer.reply("reopened", values, setting))
        quarantine = await self.quarantines.get(notice.place)
        if quarantine is None or quarantine.since != notice.since:
            return Composition(reason="the channel works again")
        ids = [each.id for each in await self._active(notice.place)]
        values = {
            "channel": await self._name(notice.place),
            "subscriptions": ids,
            "since": quarantine.since,
            "reason": quarantine.reason,
            "next": quarantine.probe_at,
        }
        return Composition(card=self.renderer.reply("closed", values, setting))

    async def _reserve(self, notice: Notice, place: Place, look: Look, now: datetime) -> None:
        reservation = Reservation(
            subscription=NOTICE,
            place=place,
            occasion=notice.occasion,
            due=now,
            look=look,
            patience=_PATIENCE[notice.kind],
        )
        await self.ledger.reserve([reservation])

    async def _active(self, place: Place) -> Sequence[Subscription]:
        return [each for each in await self.subscriptions.of_channel(place) if each.state is State.ACTIVE]

    async def _subscribers(self, place: Place) -> Mapping[str, Subscription]:
        """With a subscription each, the oldest first; nobody knows who brought those of a file."""
        active = await self._active(place)
        return {each.created_by: each for each in reversed(active) if each.created_by}

    async def _name(self, place: Place) -> str:
        """Its id where the platform cannot say the name, or not in time."""
        try:
            async with asyncio.timeout(_NAMED_WITHIN):
                channel = await self.channels[place.platform].find(place.tenant, place.channel)
        except Exception:  # noqa: BLE001 - a channel that is gone may have no name: the message is worth more than it
            _log.info("delivery.nameless", platform=place.platform, channel=place.channel, exc_info=True)
            channel = None
        return channel.name if channel else place.channel


def _look(subscription: Subscription) -> Look:
    """The subscription's language and clock, and nothing else of it: no mention, no thread, no layout."""
    return Look(locale=subscription.look.locale, zone=subscription.look.zone)


def _counted(rows: Sequence[Delivery], notice: Delivery, since: datetime, now: datetime) -> dict[str, Any]:
    """How many cards come late, and how many never: what was to be posted in the meantime, and what waits from then."""
    until = notice.expected or now
    ours = [row for row in rows if row.subscription != NOTICE and (row.expected or now) < until]
    over = [row for row in ours if row.begun_at is None and (row.expected or now) + row.patience < now]
    skipped = sum(row.state is DeliveryState.SKIPPED or row.state in _WAITING for row in over)
    coming = [row for row in ours if row.state in _WAITING and row not in over]
    came = [row for row in ours if row.posted_at and row.posted_at >= max(since, (row.expected or now) + _ORDINARY)]
    return {"late": len(coming) + len(came), "skipped": skipped}


_WAITING = frozenset({DeliveryState.PLANNED, DeliveryState.WAITING, DeliveryState.SENDING})
