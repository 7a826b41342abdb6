"""Rendering: stories, events and replies to cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from digestbot.domain.card import Card
from digestbot.domain.story import Event, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a rendering depends on beside its stories; hashable, part of the cache's key.

    `hidden` holds the ids of stories whose spoilers are to be hidden. `edited_at` makes the card say that it was
    changed since it was posted. `command` is the `/news` line that shows the card again.
    """

    locale: str = "en"
    zone: str = "UTC"
    hidden: frozenset[str] = frozenset()
    pictures: bool = True
    edited_at: datetime | None = None
    command: str | None = None


class Renderer(Protocol):
    """Templates to cards. Raises `BrokenFiles` for a template that cannot be used."""

    def stories(self, template: str, stories: Sequence[Story], setting: Setting) -> Card:
        """`card`, `compact`, `digest` or a user's template over one or more stories, retracted ones included."""
        ...

    def event(self, template: str, event: Event, stories: Sequence[Story], setting: Setting) -> Card:
        """`event` (the roll-up) or `winners` over the stories of one event."""
        ...

    def reply(self, name: str, values: Mapping[str, Any], setting: Setting) -> Card:
        """`replies/<name>` over plain values: strings, numbers, booleans, datetimes, lists and dicts of them."""
        ...
