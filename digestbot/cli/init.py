"""`digestbot init`: a home of one's own, ready to run."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

_STORY = """\
---
headline: Our first card
event: {id: our-event, name: Our Event}
published: %(now)s
status: published
topics: [news]
source: {name: The organisers, url: https://example.org/}
quotes:
  - {text: Welcome, speaker: The host, key: true}
winners:
  - {name: Somebody, awards: [Best First Story]}
---
Two lines of your own about what happened.
"""
_IGNORE = "data/\n"


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
def init(folder: Path) -> None:
    """Make a home in DIR: settings, a first story, a folder for your own templates. Nothing there is overwritten."""
    from digestbot import content  # noqa: PLC0415 - keeps --help quick

    now = (datetime.now(UTC) - timedelta(minutes=1)).astimezone().isoformat(timespec="seconds")
    made = [
        _copy(content.config() / "digestbot.toml", folder / "config" / "digestbot.toml"),
        _write(folder / "stories" / "first-story.md", _STORY % {"now": now}),
        _write(folder / "templates" / ".gitkeep", ""),
        _write(folder / ".gitignore", _IGNORE),
    ]
    for path in [path for path in made if path]:
        click.echo(f"made {path}")
    if not any(made):
        click.echo(f"{folder} is a home already; nothing was changed.", err=True)
    click.echo(f"Next: digestbot check --home {folder} && digestbot run --home {folder}", err=True)


def _copy(source: Path, target: Path) -> Path | None:
    if target.exists():
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target


def _write(target: Path, text: str) -> Path | None:
    if target.exists():
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target
