"""The renderer: stories, events and replies to cards, each distinct card rendered once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from digestbot.domain.card import Card
from digestbot.domain.story import Event, Story
from digestbot.ports import Setting
from digestbot.rendering.check import check_templates
from digestbot.rendering.templates import Templates
from digestbot.rendering.views import context


@dataclass(frozen=True, slots=True)
class _Order:
    """What a card depends on; the stories themselves are told apart by id and revision."""

    template: str
    revisions: tuple[tuple[str, str], ...]
    event: Event | None
    setting: Setting
    stories: tuple[Story, ...] = field(compare=False)


class Renderer:
    """The port `Renderer` over template files; `renders` counts the cards that were not in the cache."""

    def __init__(self, templates: Templates, size: int = 1024) -> None:
        self.renders = 0
        self._templates = templates
        self._cached = lru_cache(maxsize=size)(self._rendered)

    @property
    def templates(self) -> tuple[str, ...]:
        """Names that a subscription's look may ask for."""
        return self._templates.names

    def replace(self, templates: Templates) -> None:
        """Take files that changed into service. Raises `BrokenFiles`, and the last good ones stay."""
        check_templates(templates)
        self._templates = templates
        self._cached.cache_clear()

    def stories(self, template: str, stories: Sequence[Story], setting: Setting) -> Card:
        return self._cached(_order(template, stories, None, setting))

    def event(self, template: str, event: Event, stories: Sequence[Story], setting: Setting) -> Card:
        return self._cached(_order(template, stories, event, setting))

    def reply(self, name: str, values: Mapping[str, Any], setting: Setting) -> Card:
        blocks = self._templates.blocks(f"replies/{name}", {**values, "locale": setting.locale, "zone": setting.zone})
        return Card(blocks=blocks, command=setting.command, locale=setting.locale)

    def _rendered(self, order: _Order) -> Card:
        self.renders += 1
        setting = order.setting
        blocks = self._templates.blocks(order.template, context(order.stories, order.event, setting))
        topics = (topic for story in order.stories for topic in story.topics)
        return Card(blocks=blocks, command=setting.command, accent=next(topics, None), locale=setting.locale)


def _order(template: str, stories: Sequence[Story], event: Event | None, setting: Setting) -> _Order:
    revisions = tuple((story.id, story.revision) for story in stories)
    return _Order(template, revisions, event, setting, tuple(stories))
