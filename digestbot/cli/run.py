"""`digestbot run`: the bot, until it is told to stop."""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digestbot.cli import options

if TYPE_CHECKING:
    from digestbot.bootstrap import Bot
    from digestbot.settings import Settings


@click.command()
@options.home
@click.option("--platform", type=click.Choice(["sandbox"]), help="Run on this platform alone.")
@click.option("--for", "duration", metavar="TIME", help="End by itself after a time such as 30s, 5m or 2h.")
@click.option("--demo", is_flag=True, help="Subscribe the sandbox's channels, so that there is something to see.")
def run(home: Path | None = None, platform: str | None = None, duration: str | None = None, demo: bool = False) -> None:  # noqa: FBT001, FBT002 - click passes by name
    """Run the bot until SIGTERM or Ctrl-C; what is in hand is finished first, a second signal ends at once."""
    from digestbot.runtime.durations import parse_duration  # noqa: PLC0415 - keeps --help quick
    from digestbot.runtime.logs import set_up_logs  # noqa: PLC0415 - as above
    from digestbot.settings import load_settings  # noqa: PLC0415 - as above

    limit = parse_duration(duration) if duration else None
    settings = load_settings(home, os.environ)
    set_up_logs(level=settings.log.level, form=settings.log.format, secrets=settings.secrets)
    asyncio.run(_run(settings, limit, demo=demo, sandbox=demo or platform == "sandbox"))


async def _run(settings: "Settings", limit: timedelta | None, *, demo: bool, sandbox: bool) -> None:
    from digestbot.bootstrap import make_bot  # noqa: PLC0415 - keeps --help quick
    from digestbot.runtime.failpoints import armed  # noqa: PLC0415 - as above
    from digestbot.runtime.memory import keep  # noqa: PLC0415 - as above

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _on_signal, stop)
    async with make_bot(settings, armed(os.environ), sandbox=sandbox) as bot:
        if demo:
            await _show_demo(bot)
        if bot.platforms == ("sandbox",):
            click.echo(f"The sandbox is at {bot.url} (Ctrl-C ends it).", err=not demo)
        else:
            names = " and ".join(name.capitalize() for name in bot.platforms)
            click.echo(f"Running on {names}; health at {bot.url}readyz (Ctrl-C ends it).", err=True)
        if limit is not None:
            loop.call_later(limit.total_seconds(), stop.set)
        keep()
        await bot.app.run(stop)


def _on_signal(stop: asyncio.Event) -> None:
    if stop.is_set():
        sys.stderr.write("Ended at once; what was in hand is settled at the next start.\n")
        os._exit(130)
    stop.set()


async def _show_demo(bot: "Bot") -> None:
    from digestbot.cli import demo  # noqa: PLC0415 - keeps --help quick
    from digestbot.ports import Setting  # noqa: PLC0415 - as above
    from digestbot.rendering.text import print_card  # noqa: PLC0415 - as above

    await demo.subscribe(bot.subscriptions, bot.ledger, bot.clock.now())
    story = bot.library.get(demo.FIRST)
    if story:
        print_card(bot.renderer.stories("card", [story], Setting(command=f"story {story.id}")))
    click.echo("In #awards: this card. In #news: a digest every minute. Edit a file in stories/ and watch its card.")
