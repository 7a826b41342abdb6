"""Outcomes: the row that each end of an attempt leaves; pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from digestbot.delivery.composing import Composition
from digestbot.domain.card import Card
from digestbot.domain.delivery import Delivery, DeliveryState
from digestbot.domain.place import MessageRef
from digestbot.ports import Outgoing, Unfinished

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


def unposted(row: Delivery, composition: Composition, now: datetime) -> Delivery:
    if composition.postpone:
        due = composition.postpone
        expected = due if due > now + SOON else row.expected
        state = DeliveryState.WAITING
        return replace(row, state=state, due=due, expected=expected, begun_at=None, error=composition.reason)
    return replace(row, state=DeliveryState.SKIPPED, due=now, begun_at=None, error=composition.reason)
