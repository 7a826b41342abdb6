"""A messenger: one platform's way to post, correct and look back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from digestbot.domain.card import Card
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to create or edit; `delivery` is its idempotency key on every attempt.

    `first_attempt` is when the earliest attempt of unknown outcome began (now, on a first attempt).
    """

    delivery: str
    place: Place
    card: Card
    look: Look
    first_attempt: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """The message is there."""

    ref: MessageRef


@dataclass(frozen=True, slots=True)
class Absent:
    """Certainly not posted, and no attempt can still land."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """It was posted, and somebody deleted it."""


@dataclass(frozen=True, slots=True)
class Unknowable:
    """The platform cannot tell; the reason is for the admin."""

    reason: str


Sighting = Found | Absent | Deleted | Unknowable


class Messenger(Protocol):
    """One platform's way to post, correct and look back. Methods raise the `DeliveryError`s and nothing else.

    `idempotent_for`: how long after the first attempt `send` with the same delivery is itself safe (Discord's nonce
    window; zero where there is none). `grace`: how long after an attempt of unknown outcome it may still land.
    """

    platform: str
    idempotent_for: timedelta
    grace: timedelta

    async def send(self, outgoing: Outgoing) -> MessageRef:
        """Create the message: first page, never a ping but the look's own mention."""
        ...

    async def edit(self, ref: MessageRef, outgoing: Outgoing) -> MessageRef:
        """Replace what the message shows; idempotent; never pings."""
        ...

    async def find(self, outgoing: Outgoing) -> Sighting:
        """Look for the message of this delivery among what the platform holds."""
        ...
