"""The fallback text: what notifications and screen readers get."""

import pytest

from digestbot.domain.card import (
    Actions,
    Button,
    Divider,
    Heading,
    Image,
    Link,
    List,
    Notice,
    Paragraph,
    Quote,
    Small,
    Spoiler,
    Time,
)
from digestbot.platforms.slack.fallback import text
from tests.unit.cards import AT, FAMILY, URL, words


def test_it_says_all_that_the_card_says() -> None:
    assert text(
        (
            Heading(words("Ada <wins>")),
            Notice((words("Corrected"), words(" "))),
            Quote((words("“R&D”"), words("— Ada"))),
            List((words("a"), words(" "), words("b"))),
            List((words("c"), words("d")), ordered=True, start=3),
            Divider(),
            Image(URL, "A dog"),
            Spoiler((Paragraph(words("SECRET")),)),
            Actions((Button("Event", command="event x"),)),
            Small(((Link("Source", URL),), (Time(AT, "May 24"),))),
        )
    ).split("\n") == [
        "Ada &lt;wins&gt;",
        "⚠️ Corrected",
        "“R&amp;D”",
        "— Ada",
        "• a",
        "• b",
        "3. c",
        "4. d",
        "A dog",
        "Spoilers are hidden.",
        "Source (example.org)",
        "May 24",
    ]


def test_it_is_never_empty() -> None:
    assert text((Divider(), Image(URL, " "), Paragraph(words("\u200b")))) == "…"


@pytest.mark.parametrize(
    ("grapheme", "most", "kept"),
    [
        ("a", 3000, "a" * 2999),
        ("歌", 3000, "歌" * 2999),
        ("👍", 1500, "👍" * 1499),
        (FAMILY, 272, FAMILY * 272),
        ("e\u0301", 1500, "e\u0301" * 1499),
        ("&", 600, "&amp;" * 599),
        ("<", 750, "&lt;" * 749),
    ],
)
def test_it_is_cut_between_graphemes_and_never_inside_an_escape(grapheme: str, most: int, kept: str) -> None:
    found = [text((Paragraph(words(grapheme * (most + more))),)) for more in (0, 1)]
    assert not found[0].endswith("…")
    assert found[1] == kept + "…"
