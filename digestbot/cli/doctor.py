"""`digestbot doctor`: what is set up, what is not, and what to do."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digestbot.cli import options
from digestbot.cli.setup import settings_of, stories_of
from digestbot.domain.finding import Finding
from digestbot.errors import DigestbotError

if TYPE_CHECKING:
    from digestbot.domain.place import Place
    from digestbot.settings import Settings

_MARKS = {"ok": "✓", "note": "·", "wrong": "✗"}


@click.command()
@options.home
@click.option(
    "--discord-commands", is_flag=True, help="Print what Discord is told of /news, as JSON, and nothing else."
)
@click.option("--new-key", is_flag=True, help="Print a new key for slack.encryption_keys and nothing else.")
def doctor(home: Path | None, discord_commands: bool, new_key: bool) -> None:  # noqa: FBT001 - click passes by name
    """Look at everything the bot needs; code 1 if something is wrong."""
    if new_key:
        _print_new_key()
        return
    if discord_commands:
        _print_discord_commands()
        return
    findings = [_python()]
    try:
        settings = settings_of(home)
    except DigestbotError as fault:
        findings.append(Finding("wrong", "settings", str(fault)))
    else:
        findings += _of_settings(settings)
    for finding in findings:
        click.echo(f"{_MARKS[finding.state]} {finding.subject}: {finding.text}")
    if any(finding.state == "wrong" for finding in findings):
        sys.exit(1)


def _of_settings(settings: "Settings") -> Iterator[Finding]:
    yield Finding("ok", "settings", f"home {settings.home}")
    looks: dict[str, Callable[[Settings], str]] = {
        "stories": _stories,
        "templates": _templates,
        "search": _search,
        "database": _database,
    }
    for subject, look in looks.items():
        try:
            yield Finding("ok", subject, look(settings))
        except DigestbotError as fault:
            yield Finding("wrong", subject, str(fault))
    yield from _discord(settings)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("ok", "python", f"{version}, SQLite {sqlite3.sqlite_version}")


def _stories(settings: "Settings") -> str:
    from digestbot.curation.parse import read_folder  # noqa: PLC0415 - keeps --help quick

    batch = read_folder(stories_of(settings))
    if batch.problems:
        raise DigestbotError(f"{len(batch.problems)} problems in {stories_of(settings)}: run `digestbot check`.")
    return f"{len(batch.stories)} stories in {stories_of(settings)}"


def _templates(settings: "Settings") -> str:
    from digestbot.bootstrap import make_renderer  # noqa: PLC0415 - keeps --help quick

    make_renderer(settings)
    return "all good" + (f", with yours in {settings.templates_folder}" if settings.templates_folder else "")


def _search(_settings: "Settings") -> str:
    try:
        with sqlite3.connect(":memory:") as connection:
            connection.execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
    except sqlite3.OperationalError as fault:
        raise DigestbotError("this Python's SQLite has no FTS5: use a Python whose SQLite has it.") from fault
    return "full text search is there"


def _database(settings: "Settings") -> str:
    from digestbot.storage.database import Database  # noqa: PLC0415 - keeps --help quick

    database = Database(settings.database_url)
    if database.path and not database.path.exists():
        return f"none yet; `digestbot run` makes {database.path}"

    async def drift() -> list[str]:
        async with database:
            return await database.drift()

    differences = asyncio.run(drift())
    if differences:
        raise DigestbotError("; ".join(differences))
    return str(database.path or "reached, and as this release needs it")


def _discord(settings: "Settings") -> Iterator[Finding]:
    token = settings.discord.token
    if token is None:
        yield Finding("note", "discord", "no token is set: docs/discord.md says how to get one")
        return
    from digestbot.commands.verbs import VERBS  # noqa: PLC0415 - keeps --help quick
    from digestbot.platforms.discord.checkup import checkup  # noqa: PLC0415 - as above

    async def findings() -> list[Finding]:
        verbs = [verb for verb in VERBS if not verb.hidden]
        there = settings.discord
        places = await _places(settings, "discord")
        looks = checkup(
            token.get_secret_value(),
            (there.api_base, there.gateway_url),
            guild=there.guild or None,
            verbs=verbs,
            places=places,
        )
        return [each async for each in looks]

    yield from asyncio.run(findings())


async def _places(settings: "Settings", platform: str) -> list["Place"]:
    """Where something is subscribed to; nowhere if there is no database yet."""
    from digestbot.storage.database import Database  # noqa: PLC0415 - keeps --help quick
    from digestbot.storage.subscriptions import SqlSubscriptions  # noqa: PLC0415 - as above
    from digestbot.storage.tenants import SqlTenants  # noqa: PLC0415 - as above

    database = Database(settings.database_url)
    if database.path and not database.path.exists():
        return []
    async with database:
        if await database.drift():
            return []
        subscriptions, tenants = SqlSubscriptions(database), SqlTenants(database)
        there = [await subscriptions.of_tenant(platform, tenant) for tenant in await tenants.all(platform)]
        return sorted({each.place for some in there for each in some})


def _print_discord_commands() -> None:
    from digestbot.commands.verbs import VERBS  # noqa: PLC0415 - keeps --help quick
    from digestbot.platforms.discord.commands import definitions  # noqa: PLC0415 - as above

    click.echo(json.dumps(definitions(VERBS), ensure_ascii=False, indent=2))


def _print_new_key() -> None:
    from digestbot.storage import cipher  # noqa: PLC0415 - keeps --help quick

    click.echo(cipher.new_key())
