"""Text: a card in a terminal."""

from datetime import UTC, datetime

import pytest

from digestbot.domain.card import (
    Actions,
    Button,
    Card,
    Divider,
    Heading,
    Image,
    Line,
    Link,
    List,
    Notice,
    Paragraph,
    Quote,
    Small,
    Spoiler,
    Text,
    Time,
)
from digestbot.rendering import payload
from digestbot.rendering.text import as_text, print_card


def words(text: str) -> Line:
    return (Text(text),)


CARD = Card(
    blocks=(
        Heading(words("A headline")),
        Notice((words("Corrected"),)),
        Quote((words("“A quotation that is longer than a row”"), words("— Someone"))),
        List((words("an item that is longer than a row"), (Text("b", strong=True),)), ordered=True, start=9),
        Divider(),
        Paragraph((Text("See "), Link("News", "https://x.example/"))),
        Image("https://x.example/p.png", "A dog"),
        Actions((Button("All winners", command="winners x"), Button("Open", url="https://x.example/"))),
        Small(((Time(datetime(2026, 5, 24, tzinfo=UTC), "May 24"),),)),
    ),
    command="story x",
)

EXPECTED = """\
A headline

▌ Corrected

│ “A quotation that is
│ longer than a row”
│ — Someone

9. an item that is longer
   than a row
10. b

──────────────────────────

See News (x.example)

Picture: A dog (x.example)

› All winners  /news
winners x
› Open (x.example)

May 24

"""


def test_a_card_as_text() -> None:
    assert as_text(CARD, 26) == EXPECTED


def test_a_spoiler_shows_nothing_until_it_is_asked_for() -> None:
    card = Card(
        blocks=(Heading(words("Gala")), Spoiler((Heading(words("Bo wins"), 2), Image("https://x.example/", "Bo"))))
    )
    assert as_text(card) == "Gala\n\n▒▒▒ Spoiler ▒▒▒\n\n"
    assert as_text(card, reveal=True) == "Gala\n\n▒ Bo wins\n▒\n▒ Picture: Bo (x.example)\n\n"


def test_markup_and_control_characters_do_nothing() -> None:
    text = "[bold]x[/bold] :tada: \x1b[31mred\x07\x9b1m"
    assert as_text(Card(blocks=(Paragraph(words(text)),))) == "[bold]x[/bold] :tada: [31mred1m\n\n"


def test_further_pages_are_named_with_the_command_that_shows_them() -> None:
    blocks = (Paragraph(words("a")),)
    shown = as_text(Card(blocks=blocks, command="story x", page=1, pages=2))
    assert shown == "a\n\nPage 1 of 2. More: /news story x page:2\n\n"
    assert as_text(Card(blocks=blocks, command="story x", page=2, pages=2)) == "a\n\nPage 2 of 2.\n\n"


def test_print_card_writes_every_page_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    print_card(Card(blocks=(Paragraph(words("a" * 4000)), Paragraph(words("end"))), command="story x"))
    shown = capsys.readouterr().out
    assert "Page 1 of 2. More: /news story x page:2" in shown
    assert shown.endswith("end\n\nPage 2 of 2.\n\n")


def test_payloads_are_a_list_of_pages() -> None:
    card = Card(blocks=(Heading(words("T")), Paragraph(words("a" * 4000))), command="story x")
    assert [(page["page"], page["pages"], page["title"]) for page in payload.pages(card, "text")] == [
        (1, 2, "T"),
        (2, 2, "T"),
    ]
    assert payload.pages(Card(blocks=(Paragraph(words("a")),)), "html") == [
        {"page": 1, "pages": 1, "title": "", "html": '<p class="db-paragraph" dir="auto">a</p>'}
    ]
    assert payload.pages(Card(blocks=(Paragraph(words("a")),)), "text") == [
        {"page": 1, "pages": 1, "title": "", "text": "a\n\n"}
    ]
