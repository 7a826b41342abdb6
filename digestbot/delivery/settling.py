"""Settling: what became of an attempt whose outcome nobody knows."""

from dataclasses import replace
from datetime import datetime

from digestbot.domain.delivery import Delivery, DeliveryState
from digestbot.domain.subscription import Doubt
from digestbot.ports import Absent, Deleted, Found, Messenger, Outgoing, Sighting, Unknowable


async def settle(
    delivery: Delivery, outgoing: Outgoing, messenger: Messenger, now: datetime, *, will_send: bool = True
) -> Sighting:
    """`Absent` means that sending is safe: the platform knows our key still, or holds no such message.

    Where nothing is to be sent (`will_send` False) the key does not help: the platform is asked.
    """
    if will_send and messenger.repeatable(outgoing.place, now - outgoing.first_attempt):
        return Absent()
    sighting = await messenger.find(outgoing)
    if isinstance(sighting, Unknowable) and delivery.doubt is Doubt.RESEND:
        return Absent()
    return sighting


def settled(delivery: Delivery, sighting: Sighting, now: datetime) -> Delivery:
    """The row after a sighting other than `Absent`.

    A message that is there may show an older revision than the one composed now: it is edited, to be sure.
    """
    match sighting:
        case Found(ref=ref):
            state = DeliveryState.CORRECTING
            return replace(
                delivery, state=state, due=now, failures=0, begun_at=None, posted_at=now, ref=ref, error=None
            )
        case Deleted():
            return replace(delivery, state=DeliveryState.GONE, due=now, begun_at=None, error="posted, then deleted")
        case Unknowable(reason=reason):
            return replace(delivery, state=DeliveryState.UNKNOWN, due=now, error=reason)
        case Absent():
            return delivery
