"""Copying: everything in one database into another that is empty, in one transaction there."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import RowMapping, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.errors import StartupError
from digestbot.storage import postgres
from digestbot.storage.database import Database, migrate
from digestbot.storage.rows import without_nul
from digestbot.storage.tables import metadata

BATCH = 1000
"""Rows an insert."""

Progress = Callable[[str, int, int], None]
"""(table, rows copied of it, rows of it in all)"""


async def copy(
    source: Database, target: Database, progress: Progress = lambda _table, _done, _all: None
) -> Mapping[str, int]:
    """From SQLite to PostgreSQL; rows copied, by table. Whatever goes wrong, the target is as it was before.

    The source must be held by this process alone (`Database(…, exclusive=True)`). Raises `StartupError` if its schema
    is not this release's, or if the target holds rows already.
    """
    if await source.drift():
        raise StartupError("The home's database is not as this release needs it: run `digestbot db upgrade` first.")
    async with target.whole() as there:
        await there.run_sync(migrate)
        await _claim(there)
        copied = {}
        async with source.transaction() as here:
            for table in metadata.sorted_tables:
                copied[table.name] = await _copy_table(here, there, table, progress)
        return copied


async def _claim(there: AsyncConnection) -> None:
    """Nobody else writes until we are done. Raises `StartupError` if somebody has."""
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    await there.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
    held = [table.name for table in metadata.sorted_tables if (await there.execute(select(table).limit(1))).first()]
    if held:
        raise StartupError(
            f"The target holds rows already (in {', '.join(held)}): copy into an empty database,"
            " made with `createdb` for instance. Nothing was copied."
        )


async def _copy_table(here: AsyncConnection, there: AsyncConnection, table: Table, progress: Progress) -> int:
    expected, done = await _count(here, table), 0
    progress(table.name, 0, expected)
    rows = (await here.stream(select(table).order_by(*table.primary_key))).mappings()
    async for batch in rows.partitions(BATCH):
        await _write(there, table, batch)
        done += len(batch)
        progress(table.name, done, expected)
    arrived = await _count(there, table)
    if arrived != expected:
        raise StartupError(f"Of {expected} rows of {table.name} {arrived} arrived: nothing was copied.")
    return arrived


async def _write(there: AsyncConnection, table: Table, batch: Sequence[RowMapping]) -> None:
    try:
        await there.execute(insert(table), [{name: without_nul(row[name]) for name in row} for row in batch])
    except DBAPIError as fault:
        raise StartupError(
            f"The rows of {table.name} cannot be copied: {postgres.reason(fault)}. Nothing was copied."
        ) from fault


async def _count(connection: AsyncConnection, table: Table) -> int:
    return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
