"""The embed layout: one embed a page, its buttons below, its spoilers in the text."""

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
    Link,
    List,
    Notice,
    Paragraph,
    Plain,
    Quote,
    Small,
    Spoiler,
    Text,
    Time,
)
from digestbot.platforms.discord.embeds import embed
from tests.unit.cards import AT, URL, plains, words
from tests.unit.discord.dialect import read
from tests.unit.discord.texts import HARD


def body(*found: Block) -> dict[str, Any]:
    return embed(found, accent=None)[0]


def labels(*found: Block) -> list[list[str]]:
    return [[button["label"] for button in row["components"]] for row in embed(found, accent=None)[1]]


def test_the_first_heading_is_the_title_and_other_texts_are_the_description() -> None:
    found, rows = embed(
        (Heading(words("*a*")), Paragraph(words("b")), Divider(), Heading(words("c"), 2), List((words("d"),))),
        accent=0x123456,
    )
    assert found == {"title": "\\*a\\*", "description": "b\n\n───\n\n## c\n- d", "color": 0x123456}
    assert rows == []


@pytest.mark.parametrize(
    "heading",
    [
        Heading((Link("News", URL),)),
        Heading((Text("at "), Time(AT, "noon"))),
        Heading(words("a" * 257)),
        Heading(words("*" * 129)),
    ],
)
def test_a_heading_that_is_no_title_stands_in_the_text(heading: Heading) -> None:
    assert "title" not in body(heading)
    assert body(heading)["description"].startswith("# ")


def test_the_longest_title() -> None:
    assert body(Heading(words("a" * 256)))["title"] == "a" * 256


def test_a_heading_behind_something_keeps_its_place() -> None:
    assert body(Notice((words("a"),)), Heading(words("b"))) == {"description": "⚠️ a\n\n# b"}


def test_one_picture_is_shown_with_its_description_and_others_are_links() -> None:
    assert body(Image(URL, "Ada"), Image(URL, "Bo")) == {
        "description": f"[Bo \\(example\\.org)](<{URL}>)",
        "image": {"url": URL, "description": "Ada"},
    }


def test_spoilers_hide_row_by_row_without_block_markup() -> None:
    hidden = Spoiler(
        (
            Heading(words("a")),
            Quote((words("b"), words("c"))),
            List((words("d"),)),
            List((words("e"),), ordered=True, start=5),
            Divider(),
            Notice((words("f"),)),
            Small((words("g|"),)),
            Image(URL, "Ada"),
            Actions((Button("h", command="story x"), Button("i", url=URL))),
        )
    )
    assert body(hidden)["description"].split("\n") == [
        "||**a**||",
        "",
        "||b||",
        "||c||",
        "",
        "||• d||",
        "",
        "||5\\. e||",
        "",
        "||⚠️ f||",
        "",
        "||g\\| ||",
        "",
        f"||[Ada \\(example\\.org)](<{URL}>)||",
        "",
        "||**h**\\: \\/news story x||",
        f"||[i \\(example\\.org)](<{URL}>)||",
    ]
    assert "image" not in body(hidden)
    assert labels(hidden) == []


@given(plains(HARD))
def test_every_letter_of_a_spoiler_is_hidden(block: Plain) -> None:
    shown = body(Spoiler((block,)))
    if shown != {"description": "…"}:
        open_letters = [sign for sign, marks in read(shown["description"]).letters if "spoiler" not in marks]
        assert "".join(open_letters).strip() == ""


def test_a_list_right_behind_another_keeps_its_numbers() -> None:
    second = List((words("b"), words("c")), ordered=True, start=5)
    nothing = List((words(" "),))
    assert body(List((words("a"),)), nothing, second)["description"] == "- a\n\n5\\. b\n6\\. c"


def test_buttons_of_one_label_name_what_they_belong_to() -> None:
    found = labels(
        Heading(words("Event")),
        Heading(words("Ada wins"), 2),
        Actions((Button("Full story", command="story a"), Button("Open", url=URL))),
        Heading(words("Bo wins " + "x" * 80), 2),
        Actions((Button("Full story", command="story b"),)),
        Actions((Button("More (2/2)", command="digest x page:2"), Button("Again", command="story b"))),
    )
    assert found == [["Full story: Ada wins", "Open", "Full story: Bo wins " + "x" * 59 + "…", "More (2/2)"]]


def test_rows_hold_five_buttons() -> None:
    assert labels(Actions(tuple(Button(str(number), command=f"story {number}") for number in range(7)))) == [
        ["0", "1", "2", "3", "4"],
        ["5", "6"],
    ]


def test_buttons_alone_still_make_a_message() -> None:
    assert body(Actions((Button("a", command="story x"),))) == {"description": "…"}
