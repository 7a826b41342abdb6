"""The shipped stories, events and templates on Slack: every page of every card keeps every limit."""

import json

import pytest

from digestbot import content
from digestbot.platforms.slack.pages import bodies
from digestbot.ports import Setting
from digestbot.rendering.renderer import Renderer
from digestbot.rendering.templates import Templates
from tests.unit.rendering.test_cards import EVENT, SECRETS
from tests.unit.shipped import cards
from tests.unit.slack.body import buttons, faults
from tests.unit.slack.client import notified, shown
from tests.unit.slack.texts import DELIVERY, MENTION


@pytest.mark.parametrize("edit", [False, True])
def test_every_page_keeps_every_limit(edit: bool) -> None:  # noqa: FBT001  # parametrized
    for card in cards():
        for body in bodies(card, mention=MENTION, delivery=DELIVERY, edit=edit):
            assert faults(body) == []


def test_no_page_mentions_or_holds_an_object_that_no_template_made() -> None:
    for card in cards():
        for body in bodies(card):
            assert shown(body).kinds <= {"link", "date"}
            assert notified(body).objects == ()
            assert notified(body).marks == frozenset()


@pytest.mark.parametrize("edit", [False, True])
@pytest.mark.parametrize("template", ["card", "compact", "digest", "event", "winners"])
def test_nothing_hidden_is_anywhere_and_a_button_shows_it(template: str, edit: bool) -> None:  # noqa: FBT001
    setting = Setting(hidden=frozenset({SECRETS.id}), command="story x spoilers:hide")
    renderer = Renderer(Templates(content.templates()))
    if template in {"event", "winners"}:
        card = renderer.event(template, EVENT, [SECRETS], setting)
    else:
        card = renderer.stories(template, [SECRETS], setting)
    pages = bodies(card, mention=MENTION, delivery=DELIVERY, edit=edit)
    assert "SECRET" in repr(card)
    assert "SECRET" not in json.dumps(pages)
    assert "story x spoilers:hide spoilers:show" in [button.get("value") for page in pages for button in buttons(page)]


def test_names_that_look_like_markup_arrive_as_they_are() -> None:
    read = "".join(shown(body).text for card in cards() for body in bodies(card))
    assert "*stars*, @everyone, <b>tags</b> & a very long tie" in read
