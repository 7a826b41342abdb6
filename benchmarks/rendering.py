"""A card: the first rendering beside bare Jinja2 and markdown-it, and ten thousand channels with one taste."""

import asyncio
import logging
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import structlog
from jinja2 import Environment
from markdown_it import MarkdownIt

from digestbot.curation.library import Library
from digestbot.delivery.composing import compose_post
from digestbot.domain.delivery import Carried, Delivery, DeliveryState
from digestbot.domain.place import Place
from digestbot.domain.story import Story
from digestbot.domain.subscription import Look
from digestbot.ports import Setting
from digestbot.rendering.renderer import Renderer
from digestbot.rendering.templates import Templates
from digestbot.rendering.views import context

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 23, tzinfo=UTC)
STORY = "bbma-2020-winners"
CHANNELS = 10_000
ROUNDS = 200
BARE = """\
# {{ headline }}

> {{ quote }}

{% for name in names %}- **{{ name }}**: {{ awards }}
{% endfor %}
"""


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of a call."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


async def library() -> list[Story]:
    async with Library(ROOT / "stories") as opened:
        return list(opened.all())


def floor(templates: Templates, story: Story) -> float:
    """A plain template with the same values, and the Markdown of our card through a plain parser."""
    template, parser = Environment(autoescape=False).from_string(BARE), MarkdownIt("commonmark")  # noqa: S701 - Markdown
    markdown = templates.markdown("card", context([story], None, Setting()))
    values = {
        "headline": story.headline,
        "quote": story.key_quote.text if story.key_quote else "",
        "names": [winner.name for winner in story.winners],
        "awards": "an award",
    }

    def bare() -> None:
        template.render(values)
        parser.parse(markdown)

    return milliseconds(bare)


def delivery(number: int, story: Story) -> Delivery:
    return Delivery(
        id=f"delivery-{number}",
        subscription=f"s{number}",
        place=Place("sandbox", f"t{number % 500}", f"c{number}"),
        occasion=f"story:{story.id}",
        state=DeliveryState.PLANNED,
        due=NOW,
        look=Look(),
        stories=(Carried(story.id, ""),),
    )


class One:
    """The part of `ports.Stories` that composing asks: one story."""

    def __init__(self, story: Story) -> None:
        self.get = {story.id: story}.get


def fan_out(renderer: Renderer, story: Story) -> float:
    """Seconds to compose the card for every channel."""
    deliveries = [delivery(number, story) for number in range(CHANNELS)]
    stories = One(story)
    start = time.perf_counter()
    for each in deliveries:
        assert compose_post(each, stories, renderer, NOW).card  # type: ignore[arg-type]  # the one method it calls
    return time.perf_counter() - start


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    stories = asyncio.run(library())
    story = next(story for story in stories if story.id == STORY)
    templates = Templates(ROOT / "templates")
    bare = floor(templates, story)
    first = milliseconds(lambda: Renderer(templates).stories("card", [story], Setting()))
    digest = milliseconds(lambda: Renderer(templates).stories("digest", stories[:20], Setting()), rounds=20)
    renderer = Renderer(templates)
    all_channels = fan_out(renderer, story)
    print(f"bare Jinja2 and markdown-it    {bare:8.3f} ms   the floor")
    print(f"a card, rendered first         {first:8.3f} ms   {first / bare:5.2f} × the floor")
    print(f"a digest of {min(20, len(stories))} stories         {digest:8.3f} ms")
    print(f"{CHANNELS:,} channels of one taste  {all_channels * 1000:8.1f} ms   {renderer.renders} rendering, goal 1")
    assert renderer.renders == 1, renderer.renders


if __name__ == "__main__":
    main()
