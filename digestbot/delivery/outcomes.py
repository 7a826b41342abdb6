"""Outcomes: the row that each end of an attempt leaves; pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from digestbot.delivery.composing import Composition
from digestbot.domain.card import Card
from digestbot.domain.delivery import Delivery, DeliveryState
from digestbot.domain.place import MessageRef
from digestbot.domain.quarantine import Quarantine
from digestbot.ports import Outgoing, Unfinished

_LAST = timedelta(seconds=30)
SOON = timedelta(minutes=2)
"""A row that is looked at again so soon is not expected later: its patience runs on."""


def outgoing_of(row: Delivery, card: Card, now: datetime) -> Outgoing:
    return Outgoing(delivery=row.id, place=row.place, card=card, look=row.look, first_attempt=row.begun_at or now)


def posted(row: Delivery, composition: Composition, ref: MessageRef | None, now: datetime) -> Delivery:
    return replace(
        row,
        state=DeliveryState.POSTED,
        due=now,
        failures=0,
        begun_at=None,
        posted_at=row.posted_at or now,
        ref=ref,
        error=None,
        stories=composition.carried,
        dropped=composition.dropped,
        reveal_at=composition.reveal_at,
    )


def unfinished(row: Delivery, left: Unfinished) -> Delivery:
    """Posted as it is, and to be edited once more: what is left to do is done then."""
    return replace(row, state=DeliveryState.CORRECTING, due=row.due + left.after, error=str(left))


def left_alone(row: Delivery, quarantine: Quarantine) -> Delivery:
    """It waits for the probe of its channel: no failure of its own."""
    reason = f"the channel is left alone until {quarantine.probe_at:%Y-%m-%d %H:%M} UTC: {quarantine.reason}"
    return replace(row, state=DeliveryState.WAITING, due=quarantine.probe_at, error=reason)


def too_late(row: Delivery, now: datetime) -> Delivery | None:
    """Skipped, if it is past its patience and certainly was not posted; else None."""
    expected = row.expected or now
    if row.begun_at is not None or now <= expected + row.patience:
        return None
    reason = f"too late: it was expected at {expected:%Y-%m-%d %H:%M} UTC"
    return replace(row, state=DeliveryState.SKIPPED, due=now, error=reason)


def before_too_late(row: Delivery, due: datetime, now: datetime) -> datetime:
    """What was never tried with an open outcome gets a last try just before its patience is over."""
    latest = (row.expected or now) + row.patience - _LAST
    return min(due, latest) if row.begun_at is None and now < latest else due


def unposted(row: Delivery, composition: Composition, now: datetime) -> Delivery:
    if composition.postpone:
        due = composition.postpone
        expected = due if due > now + SOON else row.expected
        state = DeliveryState.WAITING
        return replace(row, state=state, due=due, expected=expected, begun_at=None, error=composition.reason)
    return replace(row, state=DeliveryState.SKIPPED, due=now, begun_at=None, error=composition.reason)
