"""The embedded dispatcher: polls the ledger's due rows, for one process on one database."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from digestbot.ports import Clock, Handler, Ledger

_PAUSE_AFTER_FAULT = timedelta(seconds=1)
_log = structlog.get_logger("dispatcher")


class Bell:
    """Rings when rows were published, so that nobody polls an idle ledger. It may ring before the commit."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    async def publish(self, _connection: Any, _ids: Sequence[str], _due: datetime) -> None:  # noqa: ANN401 - any store's
        self.ring()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, at_most: timedelta) -> None:
        """Return at the next ring, or after `at_most`."""
        try:
            async with asyncio.timeout(max(at_most.total_seconds(), 0)):
                await self._rung.wait()
        except TimeoutError:
            return
        self._rung.clear()


class EmbeddedDispatcher:
    """`ports.Dispatcher` for SQLite. At most `capacity` deliveries are in hand at a time."""

    def __init__(
        self,
        ledger: Ledger,
        bell: Bell,
        clock: Clock,
        *,
        capacity: int = 64,
        idle: timedelta = timedelta(seconds=30),
    ) -> None:
        self._ledger = ledger
        self._bell = bell
        self._clock = clock
        self._capacity = capacity
        self._idle = idle
        self._in_hand: dict[asyncio.Task[None], set[str]] = {}
        self._closing = False

    async def publish(self, connection: Any, ids: Sequence[str], due: datetime) -> None:  # noqa: ANN401 - as in the port
        await self._bell.publish(connection, ids, due)

    async def run(self, handler: Handler) -> None:
        while not self._closing:
            try:
                await self._round(handler)
            except Exception:  # noqa: BLE001 - the store may be away for a while: say so, stay alive
                _log.exception("dispatcher.fault", again_in=str(_PAUSE_AFTER_FAULT))
                await self._clock.sleep(_PAUSE_AFTER_FAULT)

    async def close(self) -> None:
        self._closing = True
        self._bell.ring()
        while self._in_hand:
            await asyncio.wait(self._in_hand)

    async def _round(self, handler: Handler) -> None:
        now = self._clock.now()
        held = set[str]().union(*self._in_hand.values())
        free = self._capacity - len(held)
        due = await self._ledger.due(now, self._capacity + len(held)) if free > 0 else []
        ids = [id_ for id_ in due if id_ not in held][:free]
        if ids and not self._closing:
            self._start(handler, ids)
        else:
            await self._rest(now, full=free <= 0)

    async def _rest(self, now: datetime, *, full: bool) -> None:
        earliest = None if full else await self._ledger.earliest()
        await self._bell.wait(min(self._idle, earliest - now) if earliest and earliest > now else self._idle)

    def _start(self, handler: Handler, ids: Sequence[str]) -> None:
        held = set(ids)
        task = asyncio.create_task(self._call(handler, ids, held), name=f"deliver-{len(ids)}")
        self._in_hand[task] = held
        task.add_done_callback(self._done)

    async def _call(self, handler: Handler, ids: Sequence[str], held: set[str]) -> None:
        def done(id_: str) -> None:
            held.discard(id_)
            self._bell.ring()

        try:
            await handler(ids, done)
        except Exception:  # noqa: BLE001 - the ids come again when they are due; not at once, lest we run hot
            _log.exception("dispatcher.handler", again_in=str(_PAUSE_AFTER_FAULT))
            await self._clock.sleep(_PAUSE_AFTER_FAULT)

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._in_hand[task]
        self._bell.ring()
