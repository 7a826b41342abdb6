"""`digestbot doctor`: what is set up, what is not, and what to do."""

import asyncio
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digestbot.cli import options
from digestbot.cli.setup import settings_of, stories_of
from digestbot.errors import DigestbotError

if TYPE_CHECKING:
    from digestbot.settings import Settings

_MARKS = {"ok": "✓", "note": "·", "wrong": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`state` is ok, note (nothing to do, good to know) or wrong (and `text` says what to do)."""

    state: str
    subject: str
    text: str


@click.command()
@options.home
def doctor(home: Path | None) -> None:
    """Look at everything the bot needs; code 1 if something is wrong."""
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
    yield _platforms(settings)


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


def _platforms(settings: "Settings") -> Finding:
    named = [
        name for name, token in (("Discord", settings.discord.token), ("Slack", settings.slack.bot_token)) if token
    ]
    if named:
        text = f"tokens for {' and '.join(named)} are set, but this release runs on the sandbox alone"
        return Finding("note", "platforms", text)
    return Finding("note", "platforms", "no tokens are set: the bot runs on the sandbox, a local web page")
