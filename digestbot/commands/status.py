"""`status`: whether everything works here, in other words than whether there was news."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from digestbot.commands.channels import channel_names, troubles
from digestbot.commands.here import subscriptions_here
from digestbot.commands.quarantines import quarantine_words, quarantines_here
from digestbot.commands.settle import doubts_here
from digestbot.commands.visit import Visit
from digestbot.commands.why import OUTCOMES
from digestbot.commands.wording import called, in_words
from digestbot.domain.command import Reply
from digestbot.domain.delivery import Delivery, DeliveryState
from digestbot.domain.subscription import State

_NEWEST = 10  # deliveries of a subscription that are looked at: what is older is history, not health
_MOST_FAULTS = 10
_MOST_DOUBTS = 5
_BROKEN = frozenset({DeliveryState.REFUSED, DeliveryState.GONE})


async def status(visit: Visit) -> Reply:
    """Files of others' stories are counted only: their names may tell what is not out yet (promise 3)."""
    place, desk = visit.place, visit.desk
    counts = await desk.ledger.counts(place.platform, place.tenant)
    there = await subscriptions_here(desk, place)
    names = await channel_names(visit)
    recent = {each.id: await desk.ledger.of_subscription(each.id, _NEWEST) for each in there}
    alone = await quarantines_here(desk, place)
    faults = _faults(recent, alone)
    doubts = await doubts_here(visit)
    blocked = await troubles(visit, [each for each in there if each.place.channel not in alone])
    outage = desk.outage(place.platform)
    values = {
        "broken": bool(faults or blocked or alone or doubts or outage),
        "outage": outage,
        "faults": faults[:_MOST_FAULTS],
        "quarantines": [quarantine_words(each, names.get(channel, channel)) for channel, each in alone.items()],
        "doubts": [
            {**each, "channel": called(place, names.get(each["channel"], each["channel"]))}
            for each in doubts[:_MOST_DOUBTS]
        ],
        "undecided": len(doubts[_MOST_DOUBTS:]),
        "last_post": _last_post(recent),
        "active": sum(each.state is State.ACTIVE for each in there),
        "subscriptions": [
            {**in_words(each, names.get(each.place.channel, each.place.channel)), "trouble": blocked.get(each.id)}
            for each in there
        ],
        "counts": [{"state": str(state), "count": counts[state]} for state in DeliveryState if counts.get(state)],
        "problems": len(desk.problems()),
    }
    return visit.reply("status", values)


def _faults(recent: Mapping[str, Sequence[Delivery]], alone: Collection[str]) -> list[dict[str, Any]]:
    """Newest first: what failed, and what is being tried again after an error.

    Doubts are listed by themselves, and so are the channels for which rows wait.
    """
    rows = [row for rows in recent.values() for row in rows if _is_fault(row)]
    rows = [row for row in rows if row.state is not DeliveryState.WAITING or row.place.channel not in alone]
    rows.sort(key=lambda row: row.attempted_at or row.due, reverse=True)
    return [
        {
            "subscription": row.subscription,
            "words": OUTCOMES[row.state],
            "error": row.error,
            "at": row.attempted_at or row.due,
        }
        for row in rows
    ]


def _is_fault(row: Delivery) -> bool:
    """A posted message has an error where a correction of it could not be shown."""
    if row.state in {DeliveryState.SKIPPED, DeliveryState.UNKNOWN}:
        return False
    return row.state in _BROKEN or row.error is not None


def _last_post(recent: Mapping[str, Sequence[Delivery]]) -> datetime | None:
    return max((row.posted_at for rows in recent.values() for row in rows if row.posted_at), default=None)
