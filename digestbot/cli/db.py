"""`digestbot db`: the database's schema, and moving to another database."""

import asyncio
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digestbot.cli import options
from digestbot.cli.setup import settings_of
from digestbot.errors import InUse, StartupError

if TYPE_CHECKING:
    from digestbot.storage.copying import Progress


@click.group()
def db() -> None:
    """Upgrade or check the database, or copy it to PostgreSQL."""


@db.command()
@options.home
def upgrade(home: Path | None) -> None:
    """Bring the database's schema up to date (`run` does it too)."""
    from digestbot.storage.database import Database  # noqa: PLC0415 - keeps --help quick

    async def work() -> str:
        async with Database(settings_of(home).database_url) as database:
            return await database.upgrade()

    click.echo(f"The database is at schema {asyncio.run(work())}.")


@db.command()
@options.home
def check(home: Path | None) -> None:
    """Compare the database with what this release needs; code 1 if it differs."""
    from digestbot.storage.database import Database  # noqa: PLC0415 - as above

    settings = settings_of(home)
    database = Database(settings.database_url)
    if database.path and not database.path.exists():
        click.echo(f"There is no database at {database.path} yet: `digestbot run` makes it.", err=True)
        sys.exit(1)

    async def work() -> list[str]:
        async with database:
            return await database.drift()

    differences = asyncio.run(work())
    for difference in differences:
        click.echo(difference)
    if differences:
        sys.exit(1)
    click.echo("The database is as this release needs it.", err=True)


@db.command(short_help="Copy everything to a PostgreSQL database.")
@click.argument("target")
@options.home
def copy(target: str, home: Path | None) -> None:
    """Copy the home's SQLite database to an empty PostgreSQL database, all of it or nothing.

    TARGET is an address such as postgresql+asyncpg://user:password@host/database; with - it is read from standard
    input, so that the password does not stand in the list of processes. The home's database stays as it is.
    """
    settings = settings_of(home)
    address = sys.stdin.readline() if target == "-" else target
    try:
        copied = asyncio.run(_copied(settings.database_url, address.strip()))
    except InUse as fault:
        raise StartupError("A bot works on this home's database: stop it, and copy then.") from fault
    for table, rows in copied.items():
        click.echo(f"{table}: {rows}")
    click.echo(
        f"Copied {sum(copied.values())} rows. Set DIGESTBOT_DATABASE__URL to the target's address, look with"
        " `digestbot db check`, and start the bot. Never start one on the old file again: it would post what the new"
        " database holds as open once more.",
        err=True,
    )


async def _copied(home: str, address: str) -> Mapping[str, int]:
    from digestbot.storage.copying import copy as copy_all  # noqa: PLC0415 - keeps --help quick
    from digestbot.storage.database import Database  # noqa: PLC0415 - as above

    source, target = Database(home, exclusive=True), Database(_checked(address))
    if source.path is None:
        raise StartupError("This home's database is no SQLite file: PostgreSQL's own tools (pg_dump) copy it.")
    if not source.path.exists():
        raise StartupError(f"There is no database at {source.path}: start on PostgreSQL, nothing is to be copied.")
    async with source, target:
        with _progress() as progress:
            return await copy_all(source, target, progress)


def _checked(address: str) -> str:
    """Raises `StartupError`; what was given may hold a password and is not shown."""
    from pydantic import SecretStr  # noqa: PLC0415 - keeps --help quick

    from digestbot.settings.values import SQLITE, database  # noqa: PLC0415 - as above

    wrong = StartupError("Write the target as postgresql+asyncpg://user:password@host/database.")
    try:
        database(SecretStr(address))
    except ValueError:
        raise wrong from None
    if address.startswith(SQLITE):
        raise wrong
    return address


@contextmanager
def _progress() -> "Iterator[Progress]":
    """A bar a table, when a terminal looks on."""
    from rich.console import Console  # noqa: PLC0415 - keeps --help quick
    from rich.progress import (  # noqa: PLC0415 - as above
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(table: str, done: int, rows: int) -> None:
            if table not in tasks:
                tasks[table] = bars.add_task(table, total=rows)
            bars.update(tasks[table], completed=done)

        yield show
