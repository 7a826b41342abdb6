"""Links, buttons and pictures of templates: only plain addresses come through."""

import pytest
from jinja2 import DictLoader

from digestbot.domain.card import Actions, Button, Image, Link, Paragraph, Text
from digestbot.rendering.markdown import parse
from digestbot.rendering.sandbox import Sandbox
from tests.unit.domain.test_link import REFUSED

SANDBOX = Sandbox(DictLoader({}))


def blocks(template: str, **values: str | None) -> object:
    found, faults = parse("".join(SANDBOX.from_string(template).generate(**values)))
    assert faults == ()
    return found


@pytest.mark.parametrize("url", [*REFUSED, None])
def test_a_refused_link_is_its_label_and_a_refused_button_or_picture_is_nothing(url: str | None) -> None:
    assert blocks("{{ link('News', u) }}", u=url) == (Paragraph((Text("News"),)),)
    assert blocks("::: actions\n{{ button_url('News', u) }}\n:::\n", u=url) == ()
    assert blocks("{{ image(u, 'Alt') }}", u=url) == ()


def test_what_is_not_refused_arrives_as_it_was() -> None:
    url = "https://example.org/a?b=1&copy;=2&amp;x=*_~`"
    safe = "https://example.org/a?b=1&copy;=2&amp;x=*_~%60"
    assert blocks("{{ link('News', u) }}", u=url) == (Paragraph((Link("News (example.org)", safe),)),)
    assert blocks("::: actions\n{{ button_url('News', u) }}\n:::\n", u=url) == (Actions((Button("News", url=safe),)),)
    assert blocks("{{ image(u, 'Alt') }}", u=url) == (Image(safe, "Alt"),)


def test_a_picture_without_a_description_is_left_out() -> None:
    assert blocks("{{ image('https://example.org/p.png', '') }}") == ()


def test_a_button_carries_its_command_letter_by_letter() -> None:
    command = "search (a) [b] <c> %20 ü page:2"
    assert blocks("::: actions\n{{ button('Go', c) }}\n:::\n", c=command) == (
        Actions((Button("Go", command=command),)),
    )
