"""Posting, tried out: the card that a subscription's look makes of some stories."""

from collections.abc import Sequence
from datetime import datetime

from digestbot.domain.card import Card
from digestbot.domain.story import Story
from digestbot.domain.subscription import Look
from digestbot.ports import Renderer, Setting

_OF_EVENTS = frozenset({"event", "winners"})


def posted(renderer: Renderer, look: Look, stories: Sequence[Story], now: datetime, command: str) -> Card:
    """As the channel would see it; templates over an event need all stories to be of one."""
    setting = Setting(
        locale=look.locale,
        zone=look.zone,
        hidden=frozenset(story.id for story in stories if look.hides(story, now)),
        pictures=look.pictures,
        command=command,
    )
    event = stories[0].event
    if event and look.template in _OF_EVENTS and all(s.event and s.event.id == event.id for s in stories):
        return renderer.event(str(look.template), event, sorted(stories, key=lambda story: story.live_at), setting)
    usual = "card" if len(stories) == 1 else "digest"
    template = usual if look.template is None or look.template in _OF_EVENTS else look.template
    return renderer.stories(template, stories, setting)
