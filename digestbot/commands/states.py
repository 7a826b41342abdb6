"""`pause`, `resume` and `unsubscribe`: whether a subscription posts."""

from dataclasses import replace

from digestbot.commands.own import own_subscription, worded
from digestbot.commands.visit import Visit
from digestbot.commands.wishes import first_due
from digestbot.domain.command import Reply
from digestbot.domain.subscription import State, Subscription


async def pause(visit: Visit) -> Reply:
    known = await own_subscription(visit)
    return await _turned(visit, known, replace(known, state=State.PAUSED, next_due=None), "paused")


async def resume(visit: Visit) -> Reply:
    """From now on: what went live meanwhile is not made up for."""
    known = await own_subscription(visit)
    active = known
    if known.state is not State.ACTIVE:
        active = replace(known, state=State.ACTIVE, since=visit.now, next_due=first_due(known, visit.now))
    return await _turned(visit, known, active, "active")


async def unsubscribe(visit: Visit) -> Reply:
    known = await own_subscription(visit)
    return await _turned(visit, known, replace(known, state=State.ENDED, next_due=None), "ended")


async def _turned(visit: Visit, known: Subscription, turned: Subscription, state: str) -> Reply:
    """Write it, unless it is so already."""
    already = turned.state is known.state
    if not already:
        await visit.desk.subscriptions.replace(turned)
        visit.desk.changed()
    shown = known if already else turned
    return visit.done("state", {**await worded(visit, shown), "state": state, "already": already}, shown.zone)
