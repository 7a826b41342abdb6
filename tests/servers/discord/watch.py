"""Waiting for something to come true in the server."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

_GLANCE = 0.01


class Watch:
    """`changed` wakes those who wait; they look now and then besides, for clocks move without telling."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def changed(self) -> None:
        told, self._event = self._event, asyncio.Event()
        told.set()

    async def until(self, true: Callable[[], object], otherwise: str, patience: float = 20.0) -> None:
        """Raises AssertionError with `otherwise` after so many real seconds."""
        end = asyncio.get_running_loop().time() + patience
        while not true():
            assert asyncio.get_running_loop().time() < end, otherwise
            with suppress(TimeoutError):
                await asyncio.wait_for(self._event.wait(), _GLANCE)
