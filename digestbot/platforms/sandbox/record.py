"""The sandbox's record: every message it accepted, in an SQLite file of its own, durable at each post."""

import asyncio
import functools
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from digestbot.domain.card import Card
from digestbot.errors import StartupError
from digestbot.platforms.sandbox import rows
from digestbot.platforms.sandbox.rows import Happened, Received
from digestbot.ports import Clock

P = ParamSpec("P")
R = TypeVar("R")


class Record:
    """Each create is a row of its own: the record never recognises a delivery, so doubles can be counted.

    Tables `message` and `event` may be read by other programs while the sandbox runs. All methods run on one thread,
    in the order called; they raise `sqlite3.Error` when the file cannot be used.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._news = asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-record")
        self._connection: sqlite3.Connection | None = None

    async def __aenter__(self) -> Self:
        try:
            self._connection = await self._in_thread(rows.connect, self._path)
        except (OSError, sqlite3.Error) as error:
            self._thread.shutdown()
            raise StartupError(
                f"The sandbox's record {self._path} cannot be opened ({error}): "
                "move the file away or make its folder writable."
            ) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await self._in_thread(connection.close)
        self._thread.shutdown()

    async def create(
        self,
        channel: str,
        card: Card,
        *,
        delivery: str | None = None,
        page: int = 1,
        mention: str | None = None,
        asked_by: str | None = None,
        asked: str | None = None,
    ) -> Received:
        """Accept a message: when this returns, a kill or a power cut no longer loses it."""
        values = (channel, delivery, card, page, mention, asked_by, asked)
        message = await self._call(rows.create, values, self._clock.now())
        self._announce()
        return message

    async def edit(self, message: str, card: Card) -> Received | None:
        """Replace what a message shows; None if there is no such message, or it was deleted."""
        edited = await self._call(rows.edit, message, card, self._clock.now())
        self._announce()
        return edited

    async def delete(self, message: str) -> Received | None:
        """Delete as a moderator would: the row stays, marked; None if it was not there to delete."""
        deleted = await self._call(rows.delete, message, self._clock.now())
        self._announce()
        return deleted

    async def get(self, message: str) -> Received | None:
        return await self._call(rows.get, message)

    async def of_delivery(self, channel: str, delivery: str) -> Sequence[Received]:
        """Oldest first, deleted ones included."""
        return await self._call(
            rows.select, "WHERE channel = ? AND delivery = ? ORDER BY message.id", (channel, delivery)
        )

    async def latest(self, channel: str, limit: int, before: int | None = None) -> Sequence[Received]:
        """The newest messages that stand, oldest of them first; `before` is a message's id."""
        newest = "WHERE channel = ? AND NOT deleted AND message.id < ? ORDER BY message.id DESC LIMIT ?"
        found = await self._call(rows.select, newest, (channel, before or 2**62, limit))
        return tuple(reversed(found))

    async def all(self) -> Sequence[Received]:
        """Everything ever accepted, oldest first."""
        return await self._call(rows.select, "ORDER BY message.id", ())

    async def since(self, seq: int, limit: int) -> Sequence[Happened]:
        """The log after `seq`, in order."""
        return await self._call(rows.since, seq, limit)

    async def cursor(self) -> int:
        """The log's last `seq`, 0 at the beginning."""
        return await self._call(rows.last_seq)

    @property
    def news(self) -> asyncio.Event:
        """Set at the next change made through this object, then replaced by a fresh one: take it before you look."""
        return self._news

    def _announce(self) -> None:
        told, self._news = self._news, asyncio.Event()
        told.set()

    async def _call(
        self, query: Callable[Concatenate[sqlite3.Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        if self._connection is None:
            raise sqlite3.ProgrammingError("The sandbox's record is closed.")
        return await self._in_thread(functools.partial(query, self._connection, *args, **kwargs))

    async def _in_thread(self, work: Callable[..., R], *args: object) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)
