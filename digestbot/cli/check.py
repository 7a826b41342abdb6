"""`digestbot check`: every problem of the files that people edit."""

import sys
from pathlib import Path

import click

from digestbot.cli import options
from digestbot.cli.setup import settings_of, stories_of
from digestbot.errors import BrokenFiles, Problem


@click.command()
@options.home
def check(home: Path | None) -> None:
    """Report every problem in stories, templates and settings as file:line:column: message; code 1 if any."""
    from digestbot.bootstrap import make_renderer  # noqa: PLC0415 - keeps --help quick
    from digestbot.curation.parse import read_folder  # noqa: PLC0415 - as above

    settings = settings_of(home)
    batch = read_folder(stories_of(settings))
    problems: list[Problem] = list(batch.problems)
    try:
        make_renderer(settings)
    except BrokenFiles as broken:
        problems += broken.problems
    for problem in problems:
        click.echo(_below(problem))
    counted = f"{len(batch.stories)} stories and {len(batch.events)} events in {_relative(stories_of(settings))}"
    if problems:
        click.echo(f"{len(problems)} problem{'s' * (len(problems) > 1)}; {counted} are good.", err=True)
        sys.exit(1)
    click.echo(f"{counted} are good, and so are the templates.", err=True)


def _below(problem: Problem) -> str:
    """Paths as people would type them from where they are."""
    return str(Problem(_relative(Path(problem.path)), problem.line, problem.column, problem.message))


def _relative(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
