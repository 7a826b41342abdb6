"""`quotes` and `search`: stories by what was said and by what they say."""

from collections.abc import Iterable, Sequence
from typing import Any

from digestbot.commands.visit import Visit
from digestbot.domain.command import Reply
from digestbot.domain.story import Story
from digestbot.errors import UserMistake

MOST_FOUND = 50
_LONGEST = 80  # characters of what is looked for: the line that shows page 2 must fit a button
_ROW = 5  # buttons that stand side by side on every platform


async def quotes(visit: Visit) -> Reply:
    """Word for word only: what a story gives in other words is no quote."""
    speaker = visit.sight.speaker(_short(visit, "speaker"))
    said = visit.sight.quotes(speaker)
    stories = list(dict.fromkeys(story.id for story, _ in said))
    verbatim = [(story, quote) for story, quote in said if quote.verbatim]
    if not verbatim:
        return visit.reply("nothing", {"sentence": f"{speaker} is not quoted word for word in any story."})
    hidden = visit.hidden(story for story, _ in verbatim)
    shown = [
        {"text": quote.text, "when": quote.when, **_about(story, hidden), "number": stories.index(story.id) + 1}
        for story, quote in verbatim
    ]
    values = {"speaker": speaker, "quotes": shown, "rows": rows(_each_story(shown))}
    return visit.reply("quotes", values, [story for story, _ in verbatim])


async def search(visit: Visit) -> Reply:
    words = _short(visit, "words")
    found = await visit.desk.stories.search(words, visit.now, MOST_FOUND)
    live = [story for story in found if story.is_live(visit.now)]
    if not live:
        return visit.reply("nothing", {"sentence": f"No story holds ‘{words}’. Fewer or other words may find more."})
    hidden = visit.hidden(live)
    shown = [{**_about(story, hidden), "number": number} for number, story in enumerate(live, start=1)]
    values = {"words": words, "count": len(live), "more": len(live) >= MOST_FOUND, "groups": rows(shown)}
    return visit.reply("search", values, live)


def rows(items: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """In fives."""
    return [list(items[start : start + _ROW]) for start in range(0, len(items), _ROW)]


def _short(visit: Visit, name: str) -> str:
    text = visit.arguments.required(name)
    if len(text) > _LONGEST:
        raise UserMistake(f"`{name}` is too long: {_LONGEST} characters are enough to find something.")
    return text


def _about(story: Story, hidden: Iterable[str]) -> dict[str, Any]:
    return {
        "story": story.id,
        "headline": story.headline,
        "event": story.event.name if story.event else None,
        "at": story.live_at,
        "hidden": story.id in frozenset(hidden),
    }


def _each_story(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({item["story"]: item for item in items}.values())
