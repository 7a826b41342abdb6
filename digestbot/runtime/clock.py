"""The clock: the system's time, for everything that asks what time it is."""

import asyncio
from datetime import UTC, datetime, timedelta


class SystemClock:
    """`ports.Clock` on the system's time; waits run on the monotonic clock of the event loop."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, delay: timedelta) -> None:
        await asyncio.sleep(max(delay.total_seconds(), 0))
