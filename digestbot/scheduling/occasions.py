"""Occasions: what is to be delivered at a due time, or for a story that went live; pure."""

from collections.abc import Collection, Sequence
from datetime import datetime

from digestbot.domain.delivery import Reservation
from digestbot.domain.digest import choose
from digestbot.domain.schedule import Slot, last_slot, next_slot
from digestbot.domain.story import Importance, Story
from digestbot.domain.subscription import Subscription
from digestbot.ports import Move

NOTHING_NEW = "nothing new"


def plan_digest(
    subscription: Subscription, stories: Sequence[Story], told: Collection[str], now: datetime
) -> tuple[Reservation, Move]:
    """One run for all due times that have passed, under the newest one's key (catch-up).

    Later than `catch_up` it is skipped and recorded; its stories wait for the next digest.
    `stories` are candidates: those that match the subscription's filter.
    """
    slot = _newest(subscription, now)
    following = next_slot(subscription.cadence, subscription.zone, now)
    move = Move(subscription.id, subscription.next_due, following.at if following else None)
    late = now - slot.at
    reason = _too_late(slot.at, subscription) if late > subscription.patience else None
    chosen = () if reason else choose(stories, subscription, told, slot.at)
    if not chosen and not subscription.empty:
        reason = reason or NOTHING_NEW
    return _reservation(subscription, slot.key, slot.at, now, chosen, reason=reason), move


def plan_instant(subscription: Subscription, story: Story, now: datetime) -> Reservation:
    """One story for one instant subscription that it passes; roll-ups grow one message an event."""
    rolls_up = subscription.rolls_up and story.event is not None
    channel = subscription.place.channel
    occasion = f"event:{story.event.id}:{channel}" if rolls_up and story.event else f"story:{story.id}"
    late = now - story.live_at > subscription.patience
    reason = _too_late(story.live_at, subscription) if late else None
    return _reservation(subscription, occasion, now, now, (story,), reason=reason, grows=rolls_up)


def _newest(subscription: Subscription, now: datetime) -> Slot:
    due = subscription.next_due or now
    slot = last_slot(subscription.cadence, subscription.zone, now)
    if slot is None or slot.at < due:  # the zone's rules changed since the due time was written
        return Slot(due, f"{due:%Y-%m-%dT%H:%MZ}")
    return slot


def _reservation(
    subscription: Subscription,
    occasion: str,
    at: datetime,
    now: datetime,
    stories: Sequence[Story],
    *,
    reason: str | None = None,
    grows: bool = False,
) -> Reservation:
    urgent = any(story.importance is Importance.URGENT for story in stories)
    quiet = subscription.quiet if not urgent else None
    return Reservation(
        subscription=subscription.id,
        place=subscription.place,
        occasion=occasion,
        due=quiet.over_at(max(at, now), subscription.zone) if quiet else at,
        planned_at=now,
        patience=subscription.patience,
        look=subscription.look,
        doubt=subscription.doubt,
        stories=tuple(story.id for story in stories),
        urgent=urgent,
        grows=grows,
        reason=reason,
    )


def _too_late(at: datetime, subscription: Subscription) -> str:
    hours = subscription.patience.total_seconds() / 3600
    return f"too late: due at {at:%Y-%m-%d %H:%M} UTC, and this subscription catches up for {hours:.2g} h only"
