"""`digestbot doctor`: what is set up, what is not, and what to do."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digestbot.cli import options
from digestbot.cli.setup import settings_of, stories_of
from digestbot.domain.finding import Finding
from digestbot.errors import DigestbotError, UserMistake

if TYPE_CHECKING:
    from digestbot.domain.place import Place
    from digestbot.ports import Installation
    from digestbot.settings import Settings
    from digestbot.storage.database import Database

_MARKS = {"ok": "✓", "note": "·", "wrong": "✗"}


@click.command()
@options.home
@click.option(
    "--discord-commands", is_flag=True, help="Print what Discord is told of /news, as JSON, and nothing else."
)
@click.option("--slack-manifest", is_flag=True, help="Print the manifest of the Slack app, as JSON, and nothing else.")
@click.option("--new-key", is_flag=True, help="Print a new key for slack.encryption_keys and nothing else.")
def doctor(home: Path | None, *, discord_commands: bool, slack_manifest: bool, new_key: bool) -> None:
    """Look at everything the bot needs; code 1 if something is wrong."""
    if new_key:
        _print_new_key()
        return
    if discord_commands:
        _print_discord_commands()
        return
    if slack_manifest:
        _print_slack_manifest(home)
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
    yield from _slack(settings)


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


def _slack(settings: "Settings") -> Iterator[Finding]:
    slack, mode = settings.slack, settings.slack.mode
    if mode == "off":
        yield Finding("note", "slack", "no tokens are set: docs/slack.md says how to get them")
        return
    from digestbot.platforms.slack.checkup import Setup, checkup  # noqa: PLC0415 - keeps --help quick

    async def findings() -> list[Finding]:
        there, unreadable = await _installations(settings)
        setup = Setup(
            mode=mode,
            api_base=slack.api_base,
            public_url=settings.web.public_url,
            bot_token=slack.bot_token.get_secret_value() if slack.bot_token else "",
            app_token=slack.app_token.get_secret_value() if slack.app_token else "",
            installations=there,
            unreadable=unreadable,
            places=await _places(settings, "slack"),
        )
        return [each async for each in checkup(setup)]

    yield from asyncio.run(findings())


async def _installations(settings: "Settings") -> tuple[Sequence["Installation"], Sequence[str]]:
    """Those that can be read, and the keys of the others; none if there is no database yet."""
    if settings.slack.mode != "oauth":
        return (), ()
    from digestbot.storage.installations import SqlInstallations  # noqa: PLC0415 - keeps --help quick

    async with _ready(settings) as database:
        if database is None:
            return (), ()
        installations = SqlInstallations(database, settings.slack.keys)
        return await installations.all(), await installations.unreadable()


async def _places(settings: "Settings", platform: str) -> list["Place"]:
    """Where something is subscribed to; nowhere if there is no database yet."""
    from digestbot.storage.subscriptions import SqlSubscriptions  # noqa: PLC0415 - keeps --help quick
    from digestbot.storage.tenants import SqlTenants  # noqa: PLC0415 - as above

    async with _ready(settings) as database:
        if database is None:
            return []
        subscriptions, tenants = SqlSubscriptions(database), SqlTenants(database)
        there = [await subscriptions.of_tenant(platform, tenant) for tenant in await tenants.all(platform)]
        return sorted({each.place for some in there for each in some})


@asynccontextmanager
async def _ready(settings: "Settings") -> AsyncIterator["Database | None"]:
    """The database; None if there is none yet, or none that this release can read."""
    from digestbot.storage.database import Database  # noqa: PLC0415 - keeps --help quick

    database = Database(settings.database_url)
    if database.path and not database.path.exists():
        yield None
        return
    async with database:
        yield None if await database.drift() else database


def _print_discord_commands() -> None:
    from digestbot.commands.verbs import VERBS  # noqa: PLC0415 - keeps --help quick
    from digestbot.platforms.discord.commands import definitions  # noqa: PLC0415 - as above

    click.echo(json.dumps(definitions(VERBS), ensure_ascii=False, indent=2))


def _print_slack_manifest(home: Path | None) -> None:
    """For the way that the settings take; before there are tokens, HTTP where there is a public address."""
    from digestbot.platforms.slack.manifest import manifest  # noqa: PLC0415 - keeps --help quick

    settings = settings_of(home)
    url = "" if settings.slack.mode == "socket" else settings.web.public_url
    if url and not url.startswith("https:"):
        raise UserMistake(f"Slack comes to https addresses alone: set web.public_url to another than {url}.")
    click.echo(json.dumps(manifest(public_url=url), ensure_ascii=False, indent=2))


def _print_new_key() -> None:
    from digestbot.storage import cipher  # noqa: PLC0415 - keeps --help quick

    click.echo(cipher.new_key())
