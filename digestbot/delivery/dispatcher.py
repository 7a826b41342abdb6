"""The embedded dispatcher: polls the ledger's due rows, for one process on one database."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from digestbot.domain.place import Place
from digestbot.ports import Clock, Due, Handler, Ledger

_PAUSE_AFTER_FAULT = timedelta(seconds=1)
_OUTDATED = timedelta(seconds=2)
_BREATH = timedelta(seconds=0.2)
"""Reading anew for each of thousands that are published one by one would keep the store busy with nothing else."""
_log = structlog.get_logger("dispatcher")


class Bell:
    """Rings when rows were published, so that nobody polls an idle ledger. It may ring before the commit."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.published = False
        """Whether rows were published since somebody last took note."""

    async def publish(self, _connection: Any, _ids: Sequence[str], _due: datetime) -> None:  # noqa: ANN401 - any store's
        self.published = True
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
    """`ports.Dispatcher` for SQLite. At most `capacity` deliveries are in hand at a time, and one of a channel.

    It reads `ahead` rows at a time, and anew when others were published or some time has passed.
    """

    def __init__(
        self,
        ledger: Ledger,
        bell: Bell,
        clock: Clock,
        *,
        capacity: int = 64,
        ahead: int = 512,
        idle: timedelta = timedelta(seconds=30),
    ) -> None:
        self._ledger = ledger
        self._bell = bell
        self._clock = clock
        self._capacity = capacity
        self._limit = max(ahead, capacity)
        self._idle = idle
        self._in_hand: dict[asyncio.Task[None], dict[str, Place]] = {}
        self._ahead: list[Due] = []
        self._read_at: datetime | None = None
        self._finished = False
        """Whether something was, since it was read what is next."""
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
        free = self._capacity - sum(map(len, self._in_hand.values()))
        if free > 0 and self._is_outdated(now):
            await self._read(now)
        taken = self._taken(free)
        if not taken and free > 0 and (self._finished or self._read_at != now):
            await self._read(now)
            taken = self._taken(free)
        if taken and not self._closing:
            self._start(handler, taken)
        else:
            await self._rest(now, full=free <= 0)

    def _is_outdated(self, now: datetime) -> bool:
        """What was published since may be urgent; what waited may have become due."""
        since = now - self._read_at if self._read_at else _OUTDATED
        return since >= _OUTDATED or (self._bell.published and since >= _BREATH)

    async def _read(self, now: datetime) -> None:
        self._bell.published = self._finished = False
        held = set[str]().union(*self._in_hand.values())
        self._ahead = [due for due in await self._ledger.due(now, self._limit + len(held)) if due.id not in held]
        self._read_at = now

    def _taken(self, free: int) -> list[Due]:
        """In order; a channel of which one is in hand waits, and keeps nobody's place meanwhile."""
        busy = {place for held in self._in_hand.values() for place in held.values()}
        taken: list[Due] = []
        left: list[Due] = []
        for due in self._ahead:
            if len(taken) < free and due.place not in busy:
                busy.add(due.place)
                taken.append(due)
            else:
                left.append(due)
        self._ahead = left
        return taken

    async def _rest(self, now: datetime, *, full: bool) -> None:
        """What is due already and was not taken waits for another row, whose end rings or whose time comes."""
        earliest = None if full else await self._ledger.earliest(now)
        await self._bell.wait(min(self._idle, earliest - now) if earliest else self._idle)

    def _start(self, handler: Handler, taken: Sequence[Due]) -> None:
        held = {due.id: due.place for due in taken}
        task = asyncio.create_task(self._call(handler, list(held), held), name=f"deliver-{len(held)}")
        self._in_hand[task] = held
        task.add_done_callback(self._done)

    async def _call(self, handler: Handler, ids: Sequence[str], held: dict[str, Place]) -> None:
        def done(id_: str) -> None:
            held.pop(id_, None)
            self._finished = True
            self._bell.ring()

        try:
            await handler(ids, done)
        except Exception:  # noqa: BLE001 - the ids come again when they are due; not at once, lest we run hot
            _log.exception("dispatcher.handler", again_in=str(_PAUSE_AFTER_FAULT))
            await self._clock.sleep(_PAUSE_AFTER_FAULT)

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._in_hand[task]
        self._bell.ring()
