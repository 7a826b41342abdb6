"""The arrangement of a card's blocks, and what stands for spoilers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.domain.card import (
    Actions,
    Block,
    Button,
    Card,
    Divider,
    Heading,
    Image,
    Link,
    List,
    Paragraph,
    Plain,
    Quote,
    Spoiler,
    Text,
    Time,
)
from digestbot.platforms.slack.pages import bodies
from tests.unit.cards import AT, FAMILY, URL, plains, words
from tests.unit.slack.body import Body, buttons, kinds
from tests.unit.slack.client import shown

SECRET = Spoiler(
    (
        Heading(words("SECRET")),
        Paragraph((Link("SECRET", "https://secret.example/SECRET"), Time(AT, "SECRET"))),
        Image("https://example.org/SECRET.png", "SECRET"),
        Actions((Button("SECRET", command="story SECRET"), Button("SECRET", url="https://example.org/SECRET"))),
    )
)


def page(*blocks: Block, command: str | None = "story ada") -> Body:
    (only,) = bodies(Card(blocks=blocks, command=command))
    return only


def pressed(body: Body) -> list[tuple[str, str]]:
    return [(button["text"]["text"], button.get("value") or button["url"]) for button in buttons(body)]


def test_a_picture_is_an_image_block() -> None:
    assert page(Image(URL, "A *dog*"))["blocks"] == [{"type": "image", "image_url": URL, "alt_text": "A *dog*"}]


def test_a_picture_without_a_description_names_its_host() -> None:
    assert page(Image(URL, "\u200b "))["blocks"] == [{"type": "image", "image_url": URL, "alt_text": "example.org"}]


def test_a_picture_that_may_not_be_loaded_is_its_description() -> None:
    assert shown(page(Image("file:///etc/passwd", "A dog"))).text == "A dog"


@pytest.mark.parametrize(
    ("alt", "expected"),
    [
        ("a" * 2000, "a" * 2000),
        ("a" * 2001, "a" * 1999 + "…"),
        ("👍" * 1001, "👍" * 999 + "…"),
        (FAMILY * 200, FAMILY * 181 + "…"),
    ],
)
def test_descriptions_at_the_limit(alt: str, expected: str) -> None:
    assert page(Image(URL, alt))["blocks"][0]["alt_text"] == expected


def test_dividers_stand_between_blocks_only() -> None:
    text = Paragraph(words("a"))
    assert kinds(page(Divider(), text, Divider(), text, Divider())) == ["rich_text", "divider", "rich_text"]


def test_neighbouring_buttons_share_a_row_of_twenty_five() -> None:
    def row(count: int) -> Actions:
        return Actions(tuple(Button(str(number), command=f"story {number}") for number in range(count)))

    body = page(row(20), row(10), Paragraph(words("a")), row(1))
    assert [len(block["elements"]) for block in body["blocks"] if block["type"] == "actions"] == [25, 5, 1]
    names = [button["action_id"] for button in buttons(body)]
    assert names == [f"news:{number}" for number in range(1, 32)]
    assert [len(page(row(count))["blocks"]) for count in (24, 25, 26)] == [1, 1, 2]


def test_what_slack_has_no_button_for_is_text() -> None:
    command = "search " + "a" * 2000
    body = page(Actions((Button("Find", command=command), Button("Bad", url="javascript:x"), Button("Go", url=URL))))
    assert shown(body).text == f"Find: /news {command}\nBad\nGo"
    assert pressed(body) == [("Go", URL)]


def test_a_spoiler_is_a_button_that_asks_for_it() -> None:
    body = page(Paragraph(words("a")), SECRET, Actions((Button("Event", command="event x"),)))
    assert shown(body).text == "a\nShow\nEvent"
    assert pressed(body) == [("Show", "story ada spoilers:show"), ("Event", "event x")]
    assert body["text"] == "a\nSpoilers are hidden."


def test_spoilers_in_a_row_share_a_button_and_others_do_not() -> None:
    assert len(buttons(page(SECRET, SECRET, Spoiler(()), SECRET))) == 1
    body = page(SECRET, Paragraph(words("a")), SECRET)
    assert [button["action_id"] for button in buttons(body)] == ["news:1", "news:2"]


def test_a_spoiler_in_a_card_without_a_command_is_a_sentence() -> None:
    body = page(SECRET, command=None)
    assert (shown(body).text, body["text"]) == ("Spoilers are hidden.", "Spoilers are hidden.")


@given(hidden=st.lists(plains(st.just("SECRET")), min_size=1, max_size=4), mark=st.booleans())
def test_nothing_of_what_is_hidden_is_anywhere_in_a_body(hidden: list[Plain], mark: bool) -> None:  # noqa: FBT001
    blocks = (Paragraph((Text("a", strong=mark),)), Spoiler(tuple(hidden)), Quote((words("b"),)))
    for edit in (False, True):
        pages = bodies(Card(blocks=blocks, command="story ada"), delivery="d", edit=edit)
        assert "SECRET" not in json.dumps(pages)
        assert "x.example" not in json.dumps(pages)


def test_a_spoiler_however_long_is_one_button() -> None:
    body = page(Spoiler((List(tuple(words("a" * 500) for _ in range(99))),)))
    assert pressed(body) == [("Show", "story ada spoilers:show")]
