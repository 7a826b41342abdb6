"""`digestbot preview`: the card of a story or of an event, as a platform would get it."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digestbot.cli import options
from digestbot.cli.setup import settings_of, stories_of
from digestbot.errors import UserMistake

if TYPE_CHECKING:
    from digestbot.curation.library import Library
    from digestbot.domain.card import Card
    from digestbot.domain.story import Story
    from digestbot.platforms.discord.pages import Layout
    from digestbot.rendering.renderer import Renderer
    from digestbot.settings import Settings


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@options.home
@click.option("--platform", type=click.Choice(["text", "html", "discord", "slack"]), default="text", show_default=True)
@click.option("--template", help="Another template than `card` (a story), `digest` (several) or `event` (an event).")
@click.option("--layout", type=click.Choice(["components", "embed"]), default="components", help="Discord's layout.")
@click.option("--spoilers", type=click.Choice(["show", "hide"]), default="show", show_default=True)
@click.option("--locale", default="en", show_default=True)
@options.as_json
def preview(  # noqa: PLR0917 - click passes by name
    ids: tuple[str, ...],
    home: Path | None,
    platform: str,
    template: str | None,
    layout: "Layout",
    spoilers: str,
    locale: str,
    as_json: bool,  # noqa: FBT001 - click passes by name
) -> None:
    """Print the card of a story, of several, or of an event (its roll-up), drafts and embargoed ones included.

    With --json a list of native payloads, one a page, exactly as sent. Code 1 for an unknown id.
    """
    settings = settings_of(home)
    card = asyncio.run(_card(settings, ids, template, hide=spoilers == "hide", locale=locale))
    if platform == "discord":
        _print_discord(card, layout, as_json=as_json)
    elif platform == "slack":
        _print_slack(card, as_json=as_json)
    else:
        _print(card, platform, as_json=as_json)


async def _card(settings: "Settings", ids: Sequence[str], template: str | None, *, hide: bool, locale: str) -> "Card":
    from digestbot.bootstrap import make_renderer  # noqa: PLC0415 - keeps --help quick
    from digestbot.curation.library import Library  # noqa: PLC0415 - as above

    async with Library(stories_of(settings)) as library:
        return _compose(library, make_renderer(settings), ids, template, hide=hide, locale=locale)


def _compose(
    library: "Library", renderer: "Renderer", ids: Sequence[str], template: str | None, *, hide: bool, locale: str
) -> "Card":
    from digestbot.ports import Setting  # noqa: PLC0415 - keeps --help quick

    if template and template not in renderer.templates:
        raise UserMistake(f"There is no template ‘{template}’. {_near(template, renderer.templates)}")
    event = library.event(ids[0]) if len(ids) == 1 and library.get(ids[0]) is None else None
    stories = _of_event(library, ids[0]) if event else [_story(library, id_) for id_ in ids]
    setting = Setting(
        locale=locale,
        hidden=frozenset(story.id for story in stories) if hide else frozenset(),
        command=f"event {event.id}" if event else f"story {ids[0]}",
    )
    if event and template in {None, "event", "winners"}:
        return renderer.event(template or "event", event, stories, setting)
    if not stories:
        raise UserMistake(f"The event ‘{ids[0]}’ has no stories yet.")
    return renderer.stories(template or ("card" if len(stories) == 1 else "digest"), stories, setting)


def _of_event(library: "Library", event: str) -> list["Story"]:
    stories = [story for story in library.all() if story.event and story.event.id == event]
    return sorted(stories, key=lambda story: (story.live_at, story.id))


def _story(library: "Library", id_: str) -> "Story":
    story = library.get(id_)
    if story is None:
        known = [story.id for story in library.all()] + [event.id for event in library.events()]
        raise UserMistake(f"There is no story or event ‘{id_}’. {_near(id_, known)}")
    return story


def _near(wanted: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - needed for mistakes only

    near = get_close_matches(wanted, known, n=1)
    return f"Did you mean ‘{near[0]}’?" if near else f"There are: {', '.join(sorted(known))}."


def _print(card: "Card", platform: str, *, as_json: bool) -> None:
    from digestbot.rendering import payload, text  # noqa: PLC0415 - keeps --help quick

    if as_json:
        click.echo(json.dumps(payload.pages(card, platform), ensure_ascii=False, indent=2))
    elif platform == "html":
        for page in payload.pages(card, "html"):
            click.echo(page["html"])
    else:
        text.print_card(card)


def _print_discord(card: "Card", layout: "Layout", *, as_json: bool) -> None:
    from digestbot.platforms.discord.pages import bodies  # noqa: PLC0415 - keeps --help quick
    from digestbot.platforms.discord.preview import readable  # noqa: PLC0415 - as above

    pages = bodies(card, layout)
    _print_bodies(pages, readable, as_json=as_json)


def _print_slack(card: "Card", *, as_json: bool) -> None:
    from digestbot.platforms.slack.pages import bodies  # noqa: PLC0415 - keeps --help quick
    from digestbot.platforms.slack.preview import readable  # noqa: PLC0415 - as above

    pages = bodies(card)
    _print_bodies(pages, readable, as_json=as_json)


def _print_bodies(
    pages: Sequence[dict[str, Any]], readable: Callable[[Mapping[str, Any]], str], *, as_json: bool
) -> None:
    if as_json:
        click.echo(json.dumps(pages, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(map(readable, pages)), nl=False)
