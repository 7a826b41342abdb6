"""The clock: time as an argument."""

from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time as an argument."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...

    async def sleep(self, delay: timedelta) -> None: ...
