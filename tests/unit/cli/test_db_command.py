"""`digestbot db` on PostgreSQL, and the way there from SQLite."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from digestbot.cli.db import db
from digestbot.errors import StartupError
from digestbot.storage.database import Database
from digestbot.storage.notebook import SqlNotebook
from tests.postgres import Postgres
from tests.unit.cli.test_command_line import digestbot

NOTHING = "postgresql+asyncpg://u:canary8f31@127.0.0.1:1/db"
WRITE_IT_SO = "Write the target as postgresql+asyncpg://user:password@host/database."

Typed = Callable[..., Result]


def url_of(home: Path) -> str:
    return f"sqlite+aiosqlite:///{home / 'data' / 'digestbot.db'}"


async def write(address: str) -> None:
    async with Database(address, upgrade=True) as database:
        await SqlNotebook(database).write("application", "12345")


async def read(address: str) -> str | None:
    async with Database(address) as database:
        return await SqlNotebook(database).read("application")


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Run in this process, for the home in the test's folder."""
    monkeypatch.delenv("DIGESTBOT_DATABASE__URL", raising=False)

    def run(*words: str, text: str | None = None) -> Result:
        return CliRunner().invoke(db, [*words, "--home", str(tmp_path)], input=text)

    return run


@pytest.fixture
def target(postgres: Postgres) -> str:
    return postgres.make()


def test_a_database_on_postgres_is_made_and_checked(typed: Typed, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGESTBOT_DATABASE__URL", target)
    before = typed("check")
    assert (before.exit_code, before.stdout) == (
        1,
        "the schema is at nothing, this release needs 0004: run `digestbot db upgrade`\n",
    )
    assert typed("upgrade").stdout == "The database is at schema 0004.\n"
    after = typed("check")
    assert (after.exit_code, after.stdout, after.stderr) == (0, "", "The database is as this release needs it.\n")


def test_a_copy_says_what_it_copied_and_what_to_set_next(typed: Typed, tmp_path: Path, target: str) -> None:
    asyncio.run(write(url_of(tmp_path)))
    copied = typed("copy", target)
    assert copied.exit_code == 0, copied.exception
    assert "note: 1\n" in copied.stdout
    assert "delivery: 0\n" in copied.stdout
    assert copied.stderr.startswith("Copied 1 rows. Set DIGESTBOT_DATABASE__URL to the target's address,")
    assert asyncio.run(read(target)) == "12345"


def test_the_target_may_come_from_standard_input(typed: Typed, tmp_path: Path, target: str) -> None:
    asyncio.run(write(url_of(tmp_path)))
    assert typed("copy", "-", text=f"{target}\n").exit_code == 0
    assert asyncio.run(read(target)) == "12345"


def test_while_a_bot_runs_nothing_is_copied(typed: Typed, tmp_path: Path, target: str) -> None:
    async def work() -> Result:
        async with Database(url_of(tmp_path), upgrade=True, exclusive=True):
            return await asyncio.to_thread(typed, "copy", target)

    refused = asyncio.run(work())
    assert isinstance(refused.exception, StartupError)
    assert str(refused.exception) == "A bot works on this home's database: stop it, and copy then."
    assert typed("copy", target).exit_code == 0


def test_a_target_that_is_not_empty_is_refused(typed: Typed, tmp_path: Path, target: str) -> None:
    asyncio.run(write(url_of(tmp_path)))
    assert typed("copy", target).exit_code == 0
    again = typed("copy", target)
    assert "The target holds rows already (in note)" in str(again.exception)


@pytest.mark.parametrize("address", ["", "mysql://u:canary8f31@h/db", "sqlite+aiosqlite:///other.db", "canary8f31"])
def test_a_target_that_is_none_is_told_without_showing_it(typed: Typed, tmp_path: Path, address: str) -> None:
    asyncio.run(write(url_of(tmp_path)))
    assert str(typed("copy", address).exception) == WRITE_IT_SO


def test_where_there_is_nothing_to_copy_that_is_said(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = (
        f"There is no database at {tmp_path / 'data' / 'digestbot.db'}: start on PostgreSQL, nothing is to be copied."
    )
    assert str(typed("copy", NOTHING).exception) == absent
    monkeypatch.setenv("DIGESTBOT_DATABASE__URL", NOTHING)
    there = "This home's database is no SQLite file: PostgreSQL's own tools (pg_dump) copy it."
    assert str(typed("copy", NOTHING).exception) == there


def test_a_mistake_ends_with_its_sentence_and_code_1(tmp_path: Path) -> None:
    asyncio.run(write(url_of(tmp_path)))
    done = digestbot("db", "copy", NOTHING, home=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("PostgreSQL at 127.0.0.1:1, database db cannot be used: ")
    assert done.stderr.count("\n") == 1
