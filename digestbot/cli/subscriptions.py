"""`digestbot subscriptions`: a server's or workspace's subscriptions as a file, and back."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digestbot.cli import options
from digestbot.cli.setup import settings_of
from digestbot.errors import BrokenFiles, InUse, Problem, StartupError

if TYPE_CHECKING:
    from digestbot.commands.desk import Desk
    from digestbot.commands.difference import Difference
    from digestbot.settings import Settings

_INPUT = "<standard input>"


@click.group()
def subscriptions() -> None:
    """Export, import or compare the subscriptions of a server or workspace."""


def _of_tenant(command: Callable[..., Any]) -> Callable[..., Any]:
    platform = click.option("--platform", required=True, type=click.Choice(["discord", "slack", "sandbox"]))
    tenant = click.option(
        "--tenant", required=True, help="The server's or workspace's id; sandbox has the one, sandbox."
    )
    return platform(tenant(options.home(command)))


_file = click.argument("file", default="-", type=click.Path(dir_okay=False, allow_dash=True))
_prune = click.option("--prune", is_flag=True, help="End the subscriptions that FILE does not name.")


@subscriptions.command(short_help="Write subscriptions as YAML.")
@click.argument("file", default="-", type=click.Path(dir_okay=False, allow_dash=True, writable=True))
@_of_tenant
def export(file: str, platform: str, tenant: str, home: Path | None) -> None:
    """Write settings and subscriptions as YAML to FILE, or to standard output."""
    text = asyncio.run(_exported(settings_of(home), platform, tenant))
    if file == "-":
        click.echo(text, nl=False)
    else:
        Path(file).write_text(text, encoding="utf-8")


@subscriptions.command(short_help="Print what a file would change.")
@_file
@_of_tenant
@_prune
def diff(file: str, platform: str, tenant: str, home: Path | None, prune: bool) -> None:  # noqa: FBT001 - click passes by name
    """Print what FILE (or standard input) would change; code 1 if there is a difference."""
    found = asyncio.run(_compared(settings_of(home), platform, tenant, file, prune=prune, apply=False))
    if found.any:
        sys.exit(1)


@subscriptions.command("import", short_help="Make subscriptions what a file says.")
@_file
@_of_tenant
@_prune
def import_(file: str, platform: str, tenant: str, home: Path | None, prune: bool) -> None:  # noqa: FBT001 - as above
    """Make settings and subscriptions what FILE (or standard input) says, and print what was changed."""
    try:
        asyncio.run(_compared(settings_of(home), platform, tenant, file, prune=prune, apply=True))
    except InUse as fault:
        sentence = "A bot works on this home's database: stop it and import then, or use `/news import` in the chat."
        raise StartupError(sentence) from fault


async def _exported(settings: "Settings", platform: str, tenant: str) -> str:
    from digestbot.bootstrap import make_desk  # noqa: PLC0415 - keeps --help quick
    from digestbot.commands.here import subscriptions_of  # noqa: PLC0415 - as above
    from digestbot.commands.sheet import sheet_of  # noqa: PLC0415 - as above

    _there(settings)
    async with make_desk(settings) as desk:
        there = await subscriptions_of(desk, platform, tenant)
        if not there:
            click.echo(f"Nothing is subscribed in {tenant} on {platform}.", err=True)
        return sheet_of(
            await desk.subscriptions.settings(platform, tenant), there, await _names(desk, platform, tenant)
        )


async def _compared(
    settings: "Settings", platform: str, tenant: str, file: str, *, prune: bool, apply: bool
) -> "Difference":
    from digestbot.bootstrap import make_desk  # noqa: PLC0415 - keeps --help quick
    from digestbot.commands.difference import follow  # noqa: PLC0415 - as above
    from digestbot.commands.difference_text import difference_lines  # noqa: PLC0415 - as above
    from digestbot.commands.sheet_reading import read_sheet  # noqa: PLC0415 - as above
    from digestbot.commands.sheet_wishes import difference_of  # noqa: PLC0415 - as above

    _there(settings)
    sheet = read_sheet(_text(file), _INPUT if file == "-" else file)
    async with make_desk(settings, writes=apply) as desk:
        now = desk.clock.now()
        found = await difference_of(sheet, desk, platform, tenant, now, prune=prune)
        if apply:
            await follow(desk, platform, tenant, found, now=now, created_by=None)
        for line in difference_lines(found, await _names(desk, platform, tenant)):
            click.echo(line)
        return found


def _text(file: str) -> str:
    """No more than tells that it is too large. Raises `StartupError`, `BrokenFiles`."""
    from digestbot.commands.arguments import LARGEST_FILE  # noqa: PLC0415 - keeps --help quick

    try:
        with click.open_file(file, "rb") as opened:
            data: bytes = opened.read(LARGEST_FILE + 1)
    except OSError as fault:
        raise StartupError(f"{file} cannot be read: {fault.strerror}.") from fault
    try:
        return data.decode(errors="replace" if len(data) > LARGEST_FILE else "strict")
    except UnicodeDecodeError as fault:
        problem = Problem(_INPUT if file == "-" else file, 0, 0, "The file is not UTF-8: save it as UTF-8.")
        raise BrokenFiles([problem]) from fault


def _there(settings: "Settings") -> None:
    from digestbot.storage.database import Database  # noqa: PLC0415 - keeps --help quick

    path = Database(settings.database_url).path
    if path and not path.exists():
        raise StartupError(f"There is no database at {path} yet: `digestbot run` or `digestbot db upgrade` makes it.")


async def _names(desk: "Desk", platform: str, tenant: str) -> dict[str, str]:
    channels = desk.channels.get(platform)
    return {channel.id: channel.name for channel in await channels.all(tenant)} if channels else {}
