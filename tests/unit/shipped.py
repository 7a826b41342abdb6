"""Every card that the shipped stories, events and templates can make."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from digestbot import content
from digestbot.curation.library import Library
from digestbot.domain.card import Card
from digestbot.domain.story import Event, Story
from digestbot.ports import Setting
from digestbot.rendering.renderer import Renderer
from digestbot.rendering.samples import FULL_EVENT, STORIES
from digestbot.rendering.templates import Templates

_EDITED = datetime(2026, 11, 1, tzinfo=UTC)


@lru_cache(maxsize=1)
def cards() -> tuple[Card, ...]:
    """Stories alone and all together, events as roll-ups and as winners; shown and hidden, new and edited."""
    stories, events = asyncio.run(_library())
    renderer = Renderer(Templates(content.templates()))
    return (*_of_stories(renderer, (*stories, *STORIES)), *_of_events(renderer, stories, (*events, FULL_EVENT)))


async def _library() -> tuple[Sequence[Story], Sequence[Event]]:
    async with Library(content.stories()) as library:
        return list(library.all()), list(library.events())


def _of_stories(renderer: Renderer, stories: Sequence[Story]) -> Iterator[Card]:
    for template in ("card", "compact", "digest"):
        for shown in (*((story,) for story in stories), stories):
            yield from (renderer.stories(template, shown, setting) for setting in _settings(shown, "story x"))


def _of_events(renderer: Renderer, stories: Sequence[Story], events: Sequence[Event]) -> Iterator[Card]:
    for event in events:
        own = [story for story in stories if story.event and story.event.id == event.id]
        for template in ("event", "winners"):
            settings = _settings(own, f"{template} {event.id}")
            yield from (renderer.event(template, event, own, setting) for setting in settings)


def _settings(stories: Sequence[Story], command: str) -> tuple[Setting, ...]:
    everything = frozenset(story.id for story in stories)
    return (Setting(command=command), Setting(command=f"{command} spoilers:hide", hidden=everything, edited_at=_EDITED))
