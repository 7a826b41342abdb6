"""Faults the sandbox commits on request, so that drills and tests can see what the bot makes of them."""

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """LOST: accepted, but the answer is lost. LATE: the answer is lost and the message is accepted only later.

    DROPPED: the answer is lost and nothing was accepted. The other four are plain answers.
    """

    LOST = "lost"
    LATE = "late"
    DROPPED = "dropped"
    REFUSE = "refuse"
    LATER = "later"
    CLOSED = "closed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Fault:
    """`delay` is how long a LATE message takes to arrive, or the wait that a LATER names."""

    kind: Kind
    delay: timedelta | None = None


class Faults:
    """What goes wrong next with a send or an edit: first what was planned, then by the dice.

    `odds` gives each fault its probability, summing to 1 at most; the same seed commits the same faults.
    """

    def __init__(self, odds: Mapping[Fault, float] | None = None, seed: int = 0) -> None:
        self._odds = dict(odds or {})
        self._dice = random.Random(seed)  # noqa: S311 - drills want a sequence that repeats
        self._planned: deque[Fault] = deque()

    def plan(self, *faults: Fault) -> None:
        """The next sends and edits meet these, one each."""
        self._planned.extend(faults)

    def take(self) -> Fault | None:
        if self._planned:
            return self._planned.popleft()
        thrown = self._dice.random()
        for fault, chance in self._odds.items():
            thrown -= chance
            if thrown < 0:
                return fault
        return None
