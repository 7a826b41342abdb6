"""A messenger: one platform's way to post, correct and look back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from digestbot.domain.card import Card
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Look
from digestbot.errors import DeliveryError


@dataclass(frozen=True, slots=True)
class Subject:
    """What a message is about, for platforms that sort messages into threads: the event, or the one story.

    `thread` is where the place already holds messages about the same event, if a message of ours opened one.
    """

    name: str
    topics: tuple[str, ...] = ()
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to create or edit; `delivery` is its idempotency key on every attempt.

    `first_attempt` is when the earliest attempt of unknown outcome began (now, on a first attempt). `subject` is
    given where the message is to be created.
    """

    delivery: str
    place: Place
    card: Card
    look: Look
    first_attempt: datetime
    subject: Subject | None = None


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


class Unfinished(DeliveryError):
    """The message stands, and something about it is left to do (publishing it): edit it again after the wait."""

    def __init__(self, reason: str, ref: MessageRef, after: timedelta) -> None:
        self.ref = ref
        self.after = after
        super().__init__(reason)


class Messenger(Protocol):
    """One platform's way to post, correct and look back. Methods raise the `DeliveryError`s and nothing else.

    `grace`: how long after an attempt of unknown outcome it may still land.
    """

    platform: str
    grace: timedelta

    def sorts(self, place: Place, look: Look) -> bool:
        """Whether messages that look so are sorted into threads there by their subject (forums)."""
        ...

    def repeatable(self, place: Place, age: timedelta) -> bool:
        """Whether a send first tried `age` ago is safe to send again, since the platform still knows its key."""
        ...

    async def send(self, outgoing: Outgoing) -> MessageRef:
        """Create the message: first page, never a ping but the look's own mention.

        Where the message stands but something is left to do, `Unfinished` says so; so does `edit`.
        """
        ...

    async def edit(self, ref: MessageRef, outgoing: Outgoing) -> MessageRef:
        """Replace what the message shows; idempotent; never pings."""
        ...

    async def find(self, outgoing: Outgoing) -> Sighting:
        """Look for the message of this delivery among what the platform holds. Raises where it cannot be asked now."""
        ...
