"""Waiting for something to have happened, without guessing how long it takes."""

import asyncio
from collections.abc import Callable


class Bell:
    """Rung whenever anything changes; everyone who waits looks again."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def until(self, seen: Callable[[], bool]) -> None:
        while not seen():
            await self._rung.wait()
