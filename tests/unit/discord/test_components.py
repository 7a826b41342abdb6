"""Components V2: what each block becomes, and what is never in a message."""

from typing import Any

import pytest
from hypothesis import given

from digestbot.domain.card import (
    Actions,
    Block,
    Button,
    Divider,
    Heading,
    Image,
    List,
    Notice,
    Paragraph,
    Quote,
    Small,
    Spoiler,
    Text,
    Time,
)
from digestbot.platforms.discord.components import laid
from tests.unit.cards import AT, URL, blocks, words
from tests.unit.discord.body import displays, parts
from tests.unit.discord.texts import TEXTS

PICTURE = {"media": {"url": URL}, "description": "Ada"}


def inside(*found: Block) -> list[dict[str, Any]]:
    """The components of the one container."""
    (container,) = laid(found, accent=0x123456)
    assert container["type"] == 17
    assert container["accent_color"] == 0x123456
    return container["components"]  # type: ignore[no-any-return]  # JSON


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


@pytest.mark.parametrize(
    ("block", "content"),
    [
        (Heading(words("a")), "# a"),
        (Heading(words("a\nb"), 3), "### a b"),
        (Paragraph(words("a\n\nb ")), "a\n\nb"),
        (Quote((words("a"), words("b\nc"))), "> a\n> b\n> c"),
        (List((words("a"), words("b\nc"))), "- a\n- b\n  c"),
        (List((words("a"), words("b\nc")), ordered=True, start=9), "9. a\n10. b\n    c"),
        (Notice((words("a"), words("b"))), "⚠️ a\nb"),
        (Small((words("a"), (Text("b "), Time(AT, "noon")))), "-# a\n-# b <t:1779615000:f>"),
        (Paragraph(words("# a\n- b\n1. c\n> d\n-# e")), "\\# a\n\\- b\n1\\. c\n\\> d\n\\-\\# e"),
    ],
)
def test_each_text(block: Block, content: str) -> None:
    assert inside(block) == [text(content)]


def test_texts_that_follow_each_other_are_one() -> None:
    found = inside(Heading(words("a")), Paragraph(words("b")), Small((words("c"),)))
    assert found == [text("# a\nb\n\n-# c")]


def test_lists_that_follow_each_other_stay_two() -> None:
    assert inside(List((words("a"),)), List((words("b"),), ordered=True, start=5)) == [text("- a"), text("5. b")]


def test_a_divider_is_a_rule_and_none_stands_at_an_edge() -> None:
    rule = {"type": 14, "divider": True, "spacing": 1}
    found = inside(Divider(), Paragraph(words("a")), Divider(), Divider(), Paragraph(words("b")), Divider())
    assert found == [text("a"), rule, text("b")]


def test_pictures_share_a_gallery_of_at_most_ten() -> None:
    found = inside(*[Image(URL, "Ada")] * 12)
    assert found == [{"type": 12, "items": [PICTURE] * 10}, {"type": 12, "items": [PICTURE] * 2}]


def test_a_picture_that_may_not_be_shown_is_its_description() -> None:
    assert inside(Image("javascript:x", "*Ada*")) == [text("\\*Ada\\*")]


def test_buttons_stand_in_rows_of_five() -> None:
    found = inside(Actions(tuple(Button(f"b{number}", command=f"story {number}") for number in range(6))))
    assert [[button["label"] for button in row["components"]] for row in found] == [
        ["b0", "b1", "b2", "b3", "b4"],
        ["b5"],
    ]
    assert found[1]["components"] == [{"type": 2, "style": 2, "label": "b5", "custom_id": "news:story 5"}]


def test_what_no_button_can_hold_is_text() -> None:
    long = "https://x.example/" + "a" * 495
    command = "search " + "a" * 90
    found = inside(Actions((Button("a", url=long), Button("b", command=command), Button("c", url=URL))))
    assert found == [
        text(f"[a \\(x\\.example)](<{long}>)\n\n**b**\\: \\/news {command}"),
        {"type": 1, "components": [{"type": 2, "style": 5, "label": "c", "url": URL}]},
    ]


def test_a_second_button_with_the_same_command_is_left_out() -> None:
    first, second = Button("a", command="story x"), Button("b", command="story x")
    (shown, hidden) = laid((Actions((first, second)), Spoiler((Paragraph(words("a")), Actions((first,))))), accent=None)
    assert [button["label"] for button in parts({"components": [shown]}) if button["type"] == 2] == ["a"]
    assert hidden == {"type": 17, "spoiler": True, "components": [text("a")]}


def test_a_spoiler_is_a_container_of_its_own() -> None:
    secret = Spoiler((Paragraph(words("b")), Image(URL, "Ada")))
    assert laid((Paragraph(words("a")), secret, Paragraph(words("c"))), accent=1) == [
        {"type": 17, "accent_color": 1, "components": [text("a")]},
        {
            "type": 17,
            "accent_color": 1,
            "spoiler": True,
            "components": [text("b"), {"type": 12, "items": [{**PICTURE, "spoiler": True}]}],
        },
        {"type": 17, "accent_color": 1, "components": [text("c")]},
    ]


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(words(" \n ")),
        Heading(words("")),
        List((words(" "), words("\u200b"))),
        Small(()),
        Actions(()),
        Actions((Button(" "),)),
        Divider(),
        Spoiler(()),
        Spoiler((Divider(),)),
        Image("javascript:x", " "),
    ],
)
def test_nothing_to_see_is_no_component(block: Block) -> None:
    assert laid((block,), accent=1) == []


@given(blocks(TEXTS))
def test_nothing_is_ever_empty(found: tuple[Block, ...]) -> None:
    body = {"components": laid(found, accent=None)}
    assert all(content.strip() for content in displays(body))
    assert all(part["components"] for part in parts(body) if part["type"] in {1, 17})
    assert all(part["items"] for part in parts(body) if part["type"] == 12)
