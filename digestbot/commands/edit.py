"""`edit`: a subscription changed in place, without a flood and without a loss."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from digestbot.commands.channels import check_postable, chosen_channel
from digestbot.commands.desk import Desk
from digestbot.commands.own import own_subscription, worded
from digestbot.commands.visit import Visit
from digestbot.commands.wishes import first_due, fulfilled, strangers
from digestbot.commands.wording import line_of
from digestbot.domain.command import Reply
from digestbot.domain.delivery import Reservation
from digestbot.domain.digest import choose
from digestbot.domain.place import Place
from digestbot.domain.schedule import last_slot
from digestbot.domain.story import Importance, Story
from digestbot.domain.subscription import State, Subscription
from digestbot.ports import Move


async def edit(visit: Visit) -> Reply:
    """Without options it shows the subscription as a line to copy and change."""
    known = await own_subscription(visit)
    wished = await _wished(visit, known)
    if wished == known:
        values = {**await worded(visit, known), "line": f"edit {known.id} {line_of(known)}"}
        return visit.reply("subscription", values, zone=known.zone)
    if (wished.place, wished.look.layout) != (known.place, known.look.layout):
        await check_postable(visit, wished)
    changed = altered(known, wished, visit.now)
    waiting = await alter(visit.desk, known, changed, visit.now)
    visit.desk.changed()
    notes = strangers(changed.filter, visit.sight) if changed.filter != known.filter else []
    values = {"line": f"edit {changed.id} {line_of(changed)}", "notes": notes, "waiting": waiting}
    return visit.done("edited", {**await worded(visit, changed), **values}, changed.zone)


async def _wished(visit: Visit, known: Subscription) -> Subscription:
    place = known.place
    if visit.arguments.text("channel"):
        channel = await chosen_channel(visit)
        place = Place(place.platform, place.tenant, channel.id)
    return fulfilled(replace(known, place=place), visit.arguments, visit.desk)


def altered(known: Subscription, wished: Subscription, now: datetime) -> Subscription:
    """As wished, with when its stories begin and when it is due next. Raises `UserMistake`."""
    if known.state is not State.ACTIVE and wished.state is State.ACTIVE:
        return replace(wished, since=now, next_due=first_due(wished, now))
    return replace(wished, since=begun(known, wished, now), next_due=_next_due(known, wished, now))


async def alter(desk: Desk, known: Subscription, changed: Subscription, now: datetime) -> int:
    """Write it; the number of stories that waited for a digest which does not come, and are posted as a last one."""
    waiting = await _waiting(desk, known, changed, now)
    if waiting:
        moves = [Move(known.id, known.next_due, None)] if known.next_due else []
        await desk.ledger.reserve([_parting(changed, waiting, now)], moves)
    await desk.subscriptions.replace(changed)
    return len(waiting)


def begun(known: Subscription, wished: Subscription, now: datetime) -> datetime:
    """From when on stories are its own.

    A wider filter must not bring the stories of months: those from before the last digest stay out. Instant
    subscriptions look at each story once, when it goes live, so nothing can flood them.
    """
    if wished.filter == known.filter and known.cadence.instant and not wished.cadence.instant:
        return max(known.since, now - wished.patience)
    if wished.filter == known.filter or wished.cadence.instant:
        return known.since
    until = min(now, known.next_due - timedelta(seconds=1)) if known.next_due else now
    slot = last_slot(known.cadence, known.zone, until)
    return max(known.since, slot.at if slot else now)


def _next_due(known: Subscription, wished: Subscription, now: datetime) -> datetime | None:
    """A due time that the planner has yet to see stays, as long as the times are the same."""
    if wished.state is not State.ACTIVE:
        return None
    same = (wished.cadence, wished.zone) == (known.cadence, known.zone)
    return known.next_due if same else first_due(wished, now)


async def _waiting(desk: Desk, known: Subscription, changed: Subscription, now: datetime) -> tuple[Story, ...]:
    """Stories that waited for a digest, if digests end: they would never be posted otherwise."""
    both_active = known.state is State.ACTIVE and changed.state is State.ACTIVE
    if known.cadence.instant or not changed.cadence.instant or not both_active:
        return ()
    own = list(takewhile(lambda story: story.live_at > known.since, desk.stories.live(now)))
    told = await desk.ledger.told(known.id)
    all_of_them = replace(known, limit=max(1, len(own)))
    chosen = await asyncio.to_thread(choose, own, all_of_them, told, now)
    return tuple(story for story in chosen if changed.filter.matches(story))


def _parting(subscription: Subscription, stories: tuple[Story, ...], now: datetime) -> Reservation:
    """The last digest, at once or when the quiet hours end."""
    urgent = any(story.importance is Importance.URGENT for story in stories)
    quiet = None if urgent else subscription.quiet
    return Reservation(
        subscription=subscription.id,
        place=subscription.place,
        occasion=f"last:{now:%Y-%m-%dT%H:%M:%SZ}",
        due=quiet.over_at(now, subscription.zone) if quiet else now,
        look=subscription.look,
        doubt=subscription.doubt,
        stories=tuple(story.id for story in stories),
        urgent=urgent,
    )
