"""`digestbot search`: the library from the command line, as the curator sees it."""

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digestbot.cli import options
from digestbot.cli.setup import settings_of, stories_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digestbot.domain.story import Story


@click.command()
@click.argument("words", nargs=-1, required=True)
@options.home
@options.as_json
def search(words: tuple[str, ...], home: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes by name
    """Search the live stories: those with all the WORDS first, then those with any; code 1 if there are none."""
    found = asyncio.run(_search(stories_of(settings_of(home)), " ".join(words)))
    if as_json:
        click.echo(json.dumps([_plain(story) for story in found], ensure_ascii=False, indent=2))
    else:
        for story in found:
            click.echo(f"{story.id}  {story.headline}")
    if not found:
        click.echo("No story holds these words.", err=True)
        sys.exit(1)


async def _search(folder: Path, words: str) -> "Sequence[Story]":
    from digestbot.curation.library import Library  # noqa: PLC0415 - keeps --help quick
    from digestbot.runtime.clock import SystemClock  # noqa: PLC0415 - as above

    async with Library(folder) as library:
        return await library.search(words, SystemClock().now())


def _plain(story: "Story") -> dict[str, object]:
    return {
        "id": story.id,
        "headline": story.headline,
        "event": story.event.id if story.event else None,
        "published": story.published.isoformat(),
        "topics": list(story.topics),
        "revision": story.revision,
    }
