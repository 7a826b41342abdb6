"""The database: one engine, its transactions, and the schema's version."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from sqlalchemy import Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from digestbot.errors import InUse, StartupError
from digestbot.storage import postgres

_WAL_MENDED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""Releases without the WAL-reset fault (sqlite.org/wal.html), newest first; the older two are back-ports."""


class Database:
    """Use as `async with Database(url, upgrade=True) as database`.

    On SQLite there is one connection, so transactions queue; on PostgreSQL the engine's pool decides.
    Raises `StartupError` when the store cannot be opened or its schema is not ours.
    """

    def __init__(self, url: str, *, upgrade: bool = False, exclusive: bool = False) -> None:
        self._url = make_url(url)
        self._upgrade = upgrade
        self._exclusive = exclusive
        self._lock_file: IO[str] | None = None
        self._lock = asyncio.Lock() if self.embedded else None
        self._engine: AsyncEngine | None = None

    @property
    def embedded(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """The SQLite file; None in memory and on other stores."""
        name = self._url.database
        return Path(name) if self.embedded and name and name != ":memory:" else None

    async def __aenter__(self) -> Self:
        try:
            await self._open()
            if self._upgrade:
                await self.upgrade()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _open(self) -> None:
        if not self.embedded:
            self._engine = postgres.make_engine(self._url)
            await postgres.greet(self._engine)
            return
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self._exclusive:
                self._lock_file = _sole_owner(self.path)
        self._engine = create_async_engine(self._url, poolclass=StaticPool)
        event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(self._engine.sync_engine, "begin", _begin_sqlite)

    async def close(self) -> None:
        if self._engine:
            await self._engine.dispose()
            self._engine = None
        if self._lock_file:
            self._lock_file.close()
            self._lock_file = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Commits on leaving, rolls back on an exception."""
        if self._engine is None:
            raise StartupError("The database is not open.")
        if self._lock is None:
            async with self._engine.begin() as connection:
                yield connection
            return
        async with self._lock, self._engine.begin() as connection:
            yield connection

    async def upgrade(self) -> str:
        """Bring the schema up to date. Returns its revision."""
        async with self.whole() as connection:
            return await connection.run_sync(migrate)

    @asynccontextmanager
    async def whole(self) -> AsyncIterator[AsyncConnection]:
        """A transaction for work on all that is there, which may take its time."""
        if self.embedded or self._engine is None:
            async with self.transaction() as connection:
                yield connection
            return
        engine = postgres.make_engine(self._url, patient=True)
        try:
            async with engine.begin() as connection:
                yield connection
        finally:
            await engine.dispose()

    async def drift(self) -> list[str]:
        """What differs between the schema there and the one this release needs; empty when all is well."""
        async with self.transaction() as connection:
            return await connection.run_sync(_drift)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    mode = "WAL" if _wal_is_safe(sqlite3.sqlite_version_info) else "TRUNCATE"
    for pragma in ("busy_timeout=10000", f"journal_mode={mode}", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _wal_is_safe(version: tuple[int, ...]) -> bool:
    """SQLite 3.7.0 to 3.51.2 may corrupt a WAL file that a second connection reads (`db check` beside `run`)."""
    newest, *backports = _WAL_MENDED
    return version >= newest or any(version[:2] == mended[:2] and version >= mended for mended in backports)


def _sole_owner(path: Path) -> IO[str]:
    """Hold `<file>.lock`: two bots on one SQLite file would both deliver."""
    import fcntl  # noqa: PLC0415 - POSIX only, needed here alone

    lock = path.with_name(path.name + ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        lock.close()
        raise InUse(
            f"Another digestbot already works on {path}. Stop it first, or give this one another --home."
        ) from fault
    return lock


def migrate(connection: Connection) -> str:
    from digestbot.storage import migrations  # noqa: PLC0415 - Alembic is needed at start-up only

    return migrations.upgrade(connection)


def _drift(connection: Connection) -> list[str]:
    from digestbot.storage import migrations  # noqa: PLC0415 - as above

    return migrations.drift(connection)
