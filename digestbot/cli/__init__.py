"""The command line; each command's module is imported when it is called, and heavy libraries inside it."""

import os
import sys
from importlib import import_module

import click

from digestbot import __version__
from digestbot.errors import DigestbotError

COMMANDS = {
    "run": ("run", "Run the bot (what happens without a command)."),
    "check": ("check", "Report every problem in stories, templates and settings."),
    "preview": ("preview", "Print the card of a story, or of an event."),
    "search": ("search", "Search the stories."),
    "subscriptions": ("subscriptions", "Export, import or compare subscriptions."),
    "init": ("init", "Make a home: settings, a first story, your own templates."),
    "db": ("db", "Upgrade or check the database, or copy it to PostgreSQL."),
    "doctor": ("doctor", "Say what is set up, what is not, and what to do."),
}


class _Commands(click.Group):
    """Knows names and one-line helps without importing anything."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"digestbot.cli.{COMMANDS[cmd_name][0]}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from difflib import get_close_matches  # noqa: PLC0415 - needed for mistakes only

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else " See 'digestbot --help'."
            ctx.fail(f"There is no command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=_Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name="digestbot")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Curated event news as short digest cards, for Discord and Slack.

    Without a command the bot runs: on the platforms whose tokens are set, else on the sandbox, a local web page.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(cli.get_command(ctx, "run"))  # type: ignore[arg-type]  # "run" is always there


def main() -> None:
    """The entry point. A mistake ends with its sentence on standard error and code 1; one of usage with 2."""
    try:
        cli(prog_name="digestbot")
    except DigestbotError as fault:
        click.echo(str(fault), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # whoever read our output has enough of it: keep Python from complaining when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
