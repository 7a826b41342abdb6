"""A delivery: one occasion of one subscription, from plan to posted message."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Doubt, Look


class DeliveryState(StrEnum):
    PLANNED = "planned"
    SENDING = "sending"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    POSTED = "posted"
    CORRECTING = "correcting"
    REFUSED = "refused"
    GONE = "gone"
    SKIPPED = "skipped"


OPEN = (DeliveryState.PLANNED, DeliveryState.SENDING, DeliveryState.WAITING, DeliveryState.CORRECTING)
"""The states with work to do once `due` has come."""


UNSHOWN = ""
WITHHELD = "?"
"""No revision of a story: a message that withholds one is edited as soon as the story may be shown again."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A story and the revision of it that the message shows: `UNSHOWN` before it was posted, `WITHHELD` if left out."""

    story: str
    revision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A ledger row.

    `expected` is when it was to be posted, and `patience` how late it may be: after that it is skipped. `due` is when
    there is work to do; while `sending` it is the end of the lease. `attempt` only fences, `failures` counts those in a
    row. `begun_at` is the first attempt whose outcome nobody knows: as long as it is set the row is in doubt.
    `edited_at` is set when the message shown differs from the one first posted. `reveal_at` is when the message is to
    be looked at again: hidden spoilers or withheld stories may be shown then. `dropped` names stories that the message
    turned out not to carry, so that a later one may.
    """

    id: str
    subscription: str
    place: Place
    occasion: str
    state: DeliveryState
    due: datetime
    look: Look
    doubt: Doubt = Doubt.HOLD
    stories: tuple[Carried, ...] = ()
    urgent: bool = False
    attempt: int = 0
    failures: int = 0
    expected: datetime | None = None
    patience: timedelta = timedelta(days=1)
    begun_at: datetime | None = None
    attempted_at: datetime | None = None
    posted_at: datetime | None = None
    edited_at: datetime | None = None
    reveal_at: datetime | None = None
    dropped: tuple[str, ...] = ()
    ref: MessageRef | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """A delivery to be written, if that occasion of that subscription is not in the ledger yet.

    With `reason` it is written as skipped. `grows` adds the stories to the message that already stands for the
    occasion (event roll-ups): at once, since an edit disturbs nobody, that is at `planned_at`.
    """

    subscription: str
    place: Place
    occasion: str
    due: datetime
    look: Look
    doubt: Doubt = Doubt.HOLD
    planned_at: datetime | None = None
    patience: timedelta = timedelta(days=1)
    stories: tuple[str, ...] = ()
    urgent: bool = False
    grows: bool = False
    reason: str | None = None

    @property
    def id(self) -> str:
        return delivery_id(self.subscription, self.occasion)


def delivery_id(subscription: str, occasion: str) -> str:
    """Twenty-four characters that every node derives alike: with a page digit they fit Discord's nonce."""
    digest = hashlib.blake2b(f"{subscription}\n{occasion}".encode(), digest_size=15).digest()
    return base64.b32encode(digest).decode().lower()
