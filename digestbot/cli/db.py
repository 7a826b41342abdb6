"""`digestbot db`: the database's schema."""

import asyncio
import sys
from pathlib import Path

import click

from digestbot.cli import options
from digestbot.cli.setup import settings_of


@click.group()
def db() -> None:
    """Upgrade or check the database."""


@db.command()
@options.home
def upgrade(home: Path | None) -> None:
    """Bring the database's schema up to date (`run` does it too)."""
    from digestbot.storage.database import Database  # noqa: PLC0415 - as above

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
