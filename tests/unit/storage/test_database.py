"""The database: opened by one bot, brought up to date, never guessed at."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from digestbot.errors import StartupError
from digestbot.storage.database import Database, _wal_is_safe
from digestbot.storage.migrations import _config
from digestbot.storage.tables import metadata


def url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/home/digestbot.db"


async def test_a_fresh_database_is_made_and_matches_the_tables(bare_address: str) -> None:
    async with Database(bare_address, upgrade=True) as database:
        assert await database.drift() == []
        assert await database.upgrade() == "0004"


async def test_a_database_without_a_schema_says_what_to_run(bare_address: str) -> None:
    async with Database(bare_address) as database:
        assert await database.drift() == [
            "the schema is at nothing, this release needs 0004: run `digestbot db upgrade`"
        ]


async def test_a_database_of_the_release_before_is_brought_up_to_date_with_all_it_holds(bare_address: str) -> None:
    rows = {
        "tenant": "INSERT INTO tenant VALUES ('slack', 'T1', '{}')",
        "note": "INSERT INTO note VALUES ('application', '12345')",
        "departure": "INSERT INTO departure VALUES ('discord', '1', 1777888800000000)",
        "planned_story": "INSERT INTO planned_story VALUES ('one')",
    }
    async with Database(bare_address) as database:
        async with database.transaction() as connection:
            await connection.run_sync(lambda there: command.upgrade(_config(there), "0002"))
            for row in rows.values():
                await connection.execute(text(row))
        before = await held(database, rows)
        assert await database.drift() == ["the schema is at 0002, this release needs 0004: run `digestbot db upgrade`"]
        assert await database.upgrade() == "0004"
        assert await database.drift() == []
        assert await held(database, rows) == before
        new = ["installation", "oauth_state", "quarantine"]
        assert await held(database, new) == {name: [] for name in new}


async def held(database: Database, tables: Iterable[str]) -> dict[str, list[tuple[object, ...]]]:
    async with database.transaction() as connection:
        return {
            name: [tuple(row) for row in await connection.execute(metadata.tables[name].select())] for name in tables
        }


async def test_a_changed_table_is_noticed(bare_address: str) -> None:
    async with Database(bare_address, upgrade=True) as database:
        async with database.transaction() as connection:
            await connection.execute(text("ALTER TABLE delivery DROP COLUMN error"))
        (difference,) = await database.drift()
        assert "error" in difference


async def test_tables_of_others_beside_ours_are_none_of_our_business(bare_address: str) -> None:
    async with Database(bare_address, upgrade=True) as database:
        async with database.transaction() as connection:
            await connection.execute(text("CREATE TABLE theirs (id INTEGER PRIMARY KEY)"))
        assert await database.drift() == []


async def test_a_database_of_a_newer_release_is_left_alone(bare_address: str) -> None:
    async with Database(bare_address, upgrade=True) as database:
        async with database.transaction() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StartupError, match="newer release"):
            await database.upgrade()


async def test_two_bots_cannot_share_one_file(tmp_path: Path) -> None:
    async with Database(url(tmp_path), exclusive=True):
        with pytest.raises(StartupError, match="Another digestbot already works on"):
            async with Database(url(tmp_path), exclusive=True):
                pass
    async with Database(url(tmp_path), exclusive=True):
        pass


async def test_a_failed_transaction_leaves_nothing(bare_address: str) -> None:
    async with Database(bare_address, upgrade=True) as database:
        with pytest.raises(RuntimeError):
            await _insert_and_fail(database)
        async with database.transaction() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM planned_story"))).scalar() == 0


async def _insert_and_fail(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO planned_story VALUES ('one')"))
        raise RuntimeError


async def test_a_closed_database_says_so(tmp_path: Path) -> None:
    database = Database(url(tmp_path))
    with pytest.raises(StartupError, match="not open"):
        async with database.transaction():
            pass


@pytest.mark.parametrize(
    ("version", "safe"),
    [((3, 40, 1), False), ((3, 44, 6), True), ((3, 50, 6), False), ((3, 50, 7), True), ((3, 51, 3), True)],
)
def test_wal_is_used_only_where_its_fault_is_mended(version: tuple[int, ...], *, safe: bool) -> None:
    assert _wal_is_safe(version) is safe
