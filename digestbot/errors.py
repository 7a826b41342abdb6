"""The error tree: what went wrong, and who is to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


class DigestbotError(Exception):
    """Everything that digestbot itself raises."""


class UserMistake(DigestbotError):
    """One sentence to the person who typed, saying how to put it right."""


class NotAllowed(UserMistake):
    """The person may not do this; the sentence says who may."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault in a file; line and column count from 1, 0 where the place is not known."""

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


class BrokenFiles(DigestbotError):
    """Files that cannot be used, every problem at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class StartupError(DigestbotError):
    """The bot cannot start; the message says what to do about it."""


class InUse(StartupError):
    """Another process holds what this one needs for itself."""


class DeliveryError(DigestbotError):
    """A platform did not take a message; the subclass decides what happens next."""


class TryLater(DeliveryError):
    """Certainly not posted, and worth another try; `after` is the platform's own wait where it named one."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        self.after = after
        super().__init__(reason)

    @classmethod
    def in_seconds(cls, reason: str, seconds: float) -> "TryLater":
        return cls(reason, timedelta(seconds=max(seconds, 0.0)))


class Busy(TryLater):
    """Nothing was done: a limit is used up until `after`. That is no failure, however often it happens."""


class Away(Busy):
    """Nothing was tried: the platform, or a server of it, is away, or we are not connected to it. That is told."""


class Closed(TryLater):
    """The channel takes nothing from us until an admin there puts it right; certainly not posted."""


class Gone(DeliveryError):
    """The channel or the message is no more, or is closed to us; certainly not posted."""


class MessageGone(Gone):
    """Only the message is no more, or the thread that it hung from: that says nothing of the channel."""


class Refused(DeliveryError):
    """The platform will never take this card (poison); certainly not posted."""


class Unknown(DeliveryError):
    """The message may or may not have been posted: settle it, never blindly send again."""


class Outage(Unknown):
    """The same while the platform answers nobody: no failure of this message's, to be settled `after` a while."""

    def __init__(self, reason: str, after: timedelta) -> None:
        self.after = after
        super().__init__(reason)
