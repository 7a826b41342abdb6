"""Each text of a card in Block Kit."""

from typing import Any

import pytest

from digestbot.domain.card import Heading, Link, List, Notice, Paragraph, Quote, Small, Text, Time
from digestbot.platforms.slack.blocks import TextBlock, written
from tests.unit.cards import AT, FAMILY, URL, words


def rich(kind: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    return {"type": "rich_text", "elements": [{"type": kind, **more, "elements": list(elements)}]}


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def header(words: str) -> dict[str, Any]:
    return {"type": "header", "text": {"type": "plain_text", "text": words, "emoji": False}}


def small(words: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": words, "verbatim": True}]}


def test_a_first_level_heading_is_a_header() -> None:
    assert written(Heading((Text("Ada "), Text("wins\n:tada:", strong=True)))) == header("Ada wins :tada:")


@pytest.mark.parametrize(("grapheme", "most"), [("a", 150), ("歌", 150), ("👍", 75), (FAMILY, 13), ("&", 150)])
def test_a_header_at_the_limit(grapheme: str, most: int) -> None:
    found = [written(Heading(words(grapheme * (most + more)))) for more in (-1, 0, 1)]
    assert found == [
        header(grapheme * (most - 1)),
        header(grapheme * most),
        rich("rich_text_section", text(grapheme * (most + 1), bold=True)),
    ]


def test_other_headings_are_bold_text() -> None:
    assert written(Heading(words("Ada\nwins"), level=2)) == rich("rich_text_section", text("Ada wins", bold=True))
    assert written(Heading((Text("Ada", struck=True),))) == rich(
        "rich_text_section", text("Ada", strike=True, bold=True)
    )
    assert written(Heading((Text("Ada: "), Link("bank", URL)))) == rich(
        "rich_text_section",
        text("Ada: ", bold=True),
        {"type": "link", "url": URL, "text": "bank (example.org)", "style": {"bold": True}},
    )


def test_a_paragraph_keeps_its_looks_and_rows() -> None:
    line = (Text(" *a*\nb "), Text("c", strong=True, emphasis=True, struck=True), Text("d", strong=True), Text(" "))
    assert written(Paragraph(line)) == rich(
        "rich_text_section", text("*a*\nb "), text("c", bold=True, italic=True, strike=True), text("d", bold=True)
    )


def test_texts_of_one_look_are_one_element() -> None:
    assert written(Paragraph((Text("a"), Text(""), Text("b"), Text("\u200b")))) == rich("rich_text_section", text("ab"))


def test_breaks_other_than_line_feeds_are_spaces() -> None:
    assert written(Paragraph(words("a\r\x0b\u2028\x85b\u202e"))) == rich("rich_text_section", text("a    b"))


def test_links_show_their_host_or_are_text() -> None:
    line = (Link("bank\n.example", "https://evil.example/x"), Text(" "), Link("here", "javascript:x"), Link(" ", URL))
    assert written(Paragraph(line)) == rich(
        "rich_text_section",
        {"type": "link", "url": "https://evil.example/x", "text": "bank .example (evil.example)"},
        text(" here"),
        {"type": "link", "url": URL, "text": "example.org"},
    )


@pytest.mark.parametrize(
    ("style", "expected"),
    [("date", "{date}"), ("time", "{time}"), ("datetime", "{date_short}, {time}"), ("relative", "{ago}")],
)
def test_times_are_each_readers_own(style: Any, expected: str) -> None:  # noqa: ANN401  # one of the styles
    date = {"type": "date", "timestamp": 1779615000, "format": expected, "fallback": "May 24"}
    assert written(Paragraph((Time(AT, "May 24", style),))) == rich("rich_text_section", date)


@pytest.mark.parametrize(
    ("words", "fallback"),
    [("", "2026-05-24T09:30+00:00"), ("\u200b ", "2026-05-24T09:30+00:00"), ("a" * 256, "a" * 254 + "…")],
)
def test_a_time_always_has_a_text_that_fits(words: str, fallback: str) -> None:
    date = {"type": "date", "timestamp": 1779615000, "format": "{date_short}, {time}", "fallback": fallback}
    assert written(Paragraph((Time(AT, words),))) == rich("rich_text_section", date)


def test_a_quotation_has_a_row_a_line() -> None:
    assert written(Quote((words("a "), words(" "), (Text("b", emphasis=True),)))) == rich(
        "rich_text_quote", text("a\n"), text("b", italic=True)
    )


def test_a_notice_begins_with_a_warning() -> None:
    assert written(Notice((words("a"), words("b")))) == rich("rich_text_section", text("⚠️ a\nb"))


def test_lists() -> None:
    items = (words("a"), words(" "), (Text("b", strong=True),))
    sections = (section(text("a")), section(text("b", bold=True)))
    assert written(List(items)) == rich("rich_text_list", *sections, style="bullet")
    assert written(List(items, start=7)) == rich("rich_text_list", *sections, style="bullet")
    assert written(List(items, ordered=True)) == rich("rich_text_list", *sections, style="ordered")
    assert written(List(items, ordered=True, start=7)) == rich("rich_text_list", *sections, style="ordered", offset=6)
    assert written(List(items, ordered=True, start=0)) == rich("rich_text_list", *sections, style="ordered")


def test_small_print_is_escaped_and_verbatim() -> None:
    lines = ((Link("R&D", URL + "?a&b"), Text(" · a & b @here #x")), (Time(AT, "May 24"),))
    assert written(Small(lines)) == small(
        f"<{URL}?a&amp;b|R&amp;D (example.org)> · a &amp; b @here #x\n"
        "<!date^1779615000^{date_short}, {time}|May 24>"
    )


@pytest.mark.parametrize("sign", ["*a*", "_a_", "~a~", "`a`", "> a", "a > b", ":a:", "a|b"])
def test_small_print_that_could_be_markup_is_rich_text(sign: str) -> None:
    assert written(Small((words(sign),))) == rich("rich_text_section", text(sign))
    assert written(Small(((Link(sign, URL),),))) == rich(
        "rich_text_section", {"type": "link", "url": URL, "text": f"{sign} (example.org)"}
    )


def test_small_print_with_a_look_is_rich_text() -> None:
    assert written(Small(((Text("a", strong=True),),))) == rich("rich_text_section", text("a", bold=True))


@pytest.mark.parametrize(("grapheme", "most"), [("a", 3000), ("歌", 3000), ("👍", 1500), ("&", 600), ("<", 750)])
def test_small_print_at_the_limit(grapheme: str, most: int) -> None:
    found = [written(Small((words(grapheme * (most + more)),))) for more in (-1, 0, 1)]
    assert [block["type"] for block in found if block] == ["context", "context", "rich_text"]


@pytest.mark.parametrize(
    "block",
    [
        Heading(words(" ")),
        Heading((), level=2),
        Paragraph(words("\u200b\u00a0")),
        Quote((words(" "),)),
        List((words(""),)),
        Notice((words("\n"),)),
        Small((words(" "), ())),
        Paragraph((Link("", "javascript:x"),)),
    ],
)
def test_what_nobody_would_see_is_no_block(block: TextBlock) -> None:
    assert written(block) is None
