"""The demo: what `make demo` subscribes, so that there is something to see within a minute."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from digestbot.domain.delivery import Reservation
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import next_slot, parse_cadence
from digestbot.domain.subscription import Look, State, Subscription
from digestbot.ports import Ledger, Subscriptions

EVENT = "bbma-2020"
FIRST = "bbma-2020-never-break"
_PLATFORM = _TENANT = "sandbox"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTELY = "* * * * *"


async def subscribe(subscriptions: Subscriptions, ledger: Ledger, now: datetime) -> None:
    """A card at once in #awards; in #news a digest a minute, three stories each, until all are told.

    Each start of the demo tells them anew: the last start's digest subscription ends.
    """
    for old in await subscriptions.of_tenant(_PLATFORM, _TENANT):
        if old.created_by == "demo":
            await subscriptions.replace(replace(old, state=State.ENDED, next_due=None))
    await subscriptions.add(_digests(f"demo-{now:%j%H%M%S}-d", now))
    roll_up = _roll_up(f"demo-{now:%j%H%M%S}-e", now)
    await subscriptions.add(roll_up)
    await ledger.reserve(
        [
            Reservation(
                subscription=roll_up.id,
                place=roll_up.place,
                occasion=f"latest:{FIRST}",
                due=now,
                look=Look(),
                stories=(FIRST,),
            )
        ]
    )


def _digests(id_: str, now: datetime) -> Subscription:
    cadence = parse_cadence(_MINUTELY)
    slot = next_slot(cadence, "UTC", now)
    return Subscription(
        id=id_,
        place=Place(_PLATFORM, _TENANT, "news"),
        filter=parse_filter("all"),
        cadence=cadence,
        since=_LONG_AGO,
        limit=3,
        next_due=slot.at if slot else None,
        created_by="demo",
    )


def _roll_up(id_: str, now: datetime) -> Subscription:
    return Subscription(
        id=id_,
        place=Place(_PLATFORM, _TENANT, "awards"),
        filter=parse_filter(f"event:{EVENT}"),
        cadence=parse_cadence("instant"),
        since=now,
        catch_up=timedelta(days=365),
        created_by="demo",
    )
