"""Ids as Discord makes them: they sort by time and tell it."""

import time
from collections.abc import Callable

Clock = Callable[[], float]

EPOCH = 1_420_070_400.0
_A_DAY = 86_400.0


def snowflake(at: float) -> int:
    """The smallest id of that second (since 1970)."""
    return round((at - EPOCH) * 1000) << 22


class Snowflakes:
    """Unique and rising. `old` ids lie a day back and a millisecond apart, so that guilds spread over shards."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._old = snowflake(self.wall() - _A_DAY)

    def wall(self) -> float:
        """Seconds since 1970: the clock's if it tells such, else the machine's."""
        now = self._clock()
        return now if now > EPOCH + _A_DAY else time.time()

    def next(self) -> int:
        self._last = max(self._last + 1, snowflake(self.wall()))
        return self._last

    def old(self) -> int:
        self._old += 1 << 22
        return self._old
