"""The first word with PostgreSQL: whatever is wrong is said with what to do, and without the password."""

import sys

import pytest
from sqlalchemy import make_url, text

from digestbot.errors import StartupError
from digestbot.storage.database import Database
from tests.postgres import Postgres

ADVICE = " Start it, or correct its address: docs/postgres.md says how it is written."


async def refused(address: str) -> str:
    with pytest.raises(StartupError) as raised:
        async with Database(address, upgrade=True):
            pass
    return str(raised.value)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql+asyncpg://u:canary8f31@127.0.0.1:1/db", "127.0.0.1:1, database db cannot be used: [Errno 111] "),
        ("postgresql+asyncpg:///db?host=/nowhere&password=canary8f31", "/nowhere, database db cannot be used: [Errno "),
        (
            "postgresql+asyncpg://u:canary8f31@127.0.0.1:1/db?sslmode=require",
            "127.0.0.1:1, database db cannot be used: connect() got an unexpected keyword argument 'sslmode'.",
        ),
    ],
)
async def test_a_server_that_is_not_there_is_told_with_what_to_do(address: str, said: str) -> None:
    told = await refused(address)
    assert told.startswith(f"PostgreSQL at {said}")
    assert told.endswith(ADVICE)
    assert "canary8f31" not in told


async def test_a_database_that_is_not_there_is_told_by_its_name(postgres: Postgres) -> None:
    url = make_url(postgres.make()).set(database="nowhere")
    told = await refused(url.render_as_string(hide_password=False))
    assert told.endswith(f', database nowhere cannot be used: database "nowhere" does not exist.{ADVICE}')


async def test_a_library_that_is_not_installed_is_told_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    assert await refused("postgresql+asyncpg://u:canary8f31@127.0.0.1:1/db") == (
        "The database is PostgreSQL's, and the library for it is not installed: run `pip install"
        " 'digestbot[postgres]'`, in a checkout `.venv/bin/pip install -r requirements/postgres.txt`."
    )


async def test_a_database_that_cannot_hold_every_name_is_refused(postgres: Postgres) -> None:
    told = await refused(postgres.make(encoding="LATIN1"))
    assert "keeps texts as LATIN1, which cannot hold every name" in told


async def test_transactions_see_what_was_committed_whatever_the_server_prefers(postgres: Postgres) -> None:
    address = postgres.make()
    name = make_url(address).database
    await postgres.run(f"ALTER DATABASE \"{name}\" SET default_transaction_isolation = 'serializable'")
    async with Database(address) as database, database.transaction() as connection:
        level = (await connection.execute(text("SHOW transaction_isolation"))).scalar()
        idle = (await connection.execute(text("SHOW idle_in_transaction_session_timeout"))).scalar()
    assert (level, idle) == ("read committed", "1min")


async def test_only_sqlite_is_ours_alone(postgres: Postgres) -> None:
    """So that at its start no process lets go of what another holds."""
    address = postgres.make()
    async with Database(address, exclusive=True) as one, Database(address, exclusive=True) as two:
        assert [(each.embedded, each.path) for each in (one, two)] == [(False, None)] * 2
