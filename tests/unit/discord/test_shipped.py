"""The shipped stories, events and templates on Discord: every page of every card keeps every limit."""

import json
from collections.abc import Sequence

import pytest

from digestbot import content
from digestbot.platforms.discord.pages import Layout, bodies
from digestbot.ports import Setting
from digestbot.rendering.renderer import Renderer
from digestbot.rendering.templates import Templates
from tests.unit.discord.body import Body, faults, letters, reads
from tests.unit.discord.dialect import read
from tests.unit.discord.shipped import LAYOUTS, MARKER, MENTION
from tests.unit.rendering.test_cards import EVENT, SECRETS
from tests.unit.shipped import cards


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("edit", [False, True])
def test_every_page_keeps_every_limit(layout: Layout, edit: bool) -> None:  # noqa: FBT001  # parametrized
    for card in cards():
        for body in bodies(card, layout, mention=MENTION, marker=MARKER, edit=edit):
            assert faults(body) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_page_mentions_or_holds_an_object_that_no_template_made(layout: Layout) -> None:
    for card in cards():
        for body in bodies(card, layout):
            assert {kind for read in reads(body) for kind, _ in read.objects} <= {"link", "time"}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("template", ["card", "compact", "digest", "event", "winners"])
def test_what_is_hidden_stands_in_spoilers_only(layout: Layout, template: str) -> None:
    renderer, setting = Renderer(Templates(content.templates())), Setting(hidden=frozenset({SECRETS.id}))
    if template in {"event", "winners"}:
        card = renderer.event(template, EVENT, [SECRETS], setting)
    else:
        card = renderer.stories(template, [SECRETS], setting)
    shown = json.dumps(bodies(card, layout))
    assert "SECRET" in shown
    assert "SECRET" not in open_to_all(bodies(card, layout))


def open_to_all(pages: Sequence[Body]) -> str:
    """What stands outside spoilers, in whatever part of a body."""
    found: list[str] = []
    for body in pages:
        plain = [part for part in body["components"] if not part.get("spoiler")]
        embeds = [{**embed, "description": without_spoilers(embed["description"])} for embed in body.get("embeds", [])]
        found.append(json.dumps([embeds, plain]))
    return "".join(found)


def without_spoilers(text: str) -> str:
    return "".join(sign for sign, marks in read(text).letters if "spoiler" not in marks)


def test_names_that_look_like_markup_arrive_as_they_are() -> None:
    shown = letters(body for card in cards() for body in bodies(card, "components"))
    assert "*stars*, @everyone, <b>tags</b> & a very long tie" in shown
