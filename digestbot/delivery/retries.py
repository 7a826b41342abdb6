"""Retries: how long to wait before the next attempt, and when to give up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Retries:
    """Exponential with full jitter; the platform's own wait is a floor, and three times that is the most.

    `jitter` returns a number from 0 to 1; `first` and `ceiling` bound the wait, `attempts` the tries.
    """

    jitter: Callable[[], float]
    first: timedelta = timedelta(seconds=2)
    ceiling: timedelta = timedelta(days=1)
    attempts: int = 30

    def wait(self, attempt: int, asked: timedelta | None = None) -> timedelta:
        """Before the attempt after number `attempt` (from 1)."""
        doublings: int = 2 ** min(attempt - 1, 40)
        grown = min(self.first * doublings, self.ceiling)
        jittered = self.first / 2 + (grown - self.first / 2) * self.jitter()
        return max(asked, min(jittered, asked * _SEVERAL)) if asked else jittered

    def spent(self, attempt: int) -> bool:
        return attempt >= self.attempts
