"""`status`: whether everything works here, in other words than whether there was news."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from digestbot.commands.channels import channel_names, troubles
from digestbot.commands.here import subscriptions_here
from digestbot.commands.visit import Visit
from digestbot.commands.why import OUTCOMES
from digestbot.commands.wording import in_words
from digestbot.domain.command import Reply
from digestbot.domain.delivery import Delivery, DeliveryState
from digestbot.domain.subscription import State

_NEWEST = 10  # deliveries of a subscription that are looked at: what is older is history, not health
_MOST_FAULTS = 10
_BROKEN = frozenset({DeliveryState.UNKNOWN, DeliveryState.REFUSED, DeliveryState.GONE})


async def status(visit: Visit) -> Reply:
    """Files of others' stories are counted only: their names may tell what is not out yet (promise 3)."""
    place, desk = visit.place, visit.desk
    counts = await desk.ledger.counts(place.platform, place.tenant)
    there = await subscriptions_here(desk, place)
    names = await channel_names(visit)
    recent = {each.id: await desk.ledger.of_subscription(each.id, _NEWEST) for each in there}
    faults = _faults(recent)
    blocked = await troubles(visit, there)
    values = {
        "broken": bool(faults or blocked),
        "faults": faults[:_MOST_FAULTS],
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


def _faults(recent: Mapping[str, Sequence[Delivery]]) -> list[dict[str, Any]]:
    """Newest first: what failed, and what is being tried again after an error."""
    rows = [row for rows in recent.values() for row in rows if _is_fault(row)]
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
    return row.state in _BROKEN or (row.state is not DeliveryState.SKIPPED and row.error is not None)


def _last_post(recent: Mapping[str, Sequence[Delivery]]) -> datetime | None:
    return max((row.posted_at for rows in recent.values() for row in rows if row.posted_at), default=None)
