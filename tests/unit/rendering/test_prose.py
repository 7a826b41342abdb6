"""A summary's Markdown: paragraphs, emphasis, strong and flat lists; everything else is letters."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digestbot.domain.card import Block, List, Paragraph, Text, lines_of
from digestbot.rendering.markdown import parse
from digestbot.rendering.prose import prose


def blocks(summary: str) -> tuple[Block, ...]:
    found, faults = parse(prose(summary))
    assert faults == ()
    return found


def test_what_stays_markup() -> None:
    assert blocks("One *two* **three *four***\nfive\n\n- a\n- **b**\n\n2. c\n3. d") == (
        Paragraph(
            (
                Text("One "),
                Text("two", emphasis=True),
                Text(" "),
                Text("three ", strong=True),
                Text("four", strong=True, emphasis=True),
                Text(" five"),
            )
        ),
        List(((Text("a"),), (Text("b", strong=True),))),
        List(((Text("c"),), (Text("d"),)), ordered=True, start=2),
    )


@pytest.mark.parametrize(
    "line",
    [
        "# no heading",
        "> no quote",
        "`no code`",
        "[no link](https://evil.example)",
        "![no picture](https://evil.example/p.png)",
        "<https://evil.example>",
        "<b>no HTML</b> <!-- none -->",
        "~~not struck~~",
        "::: spoiler",
        "&amp; &#42;",
        "@everyone <@1> <!channel>",
        "| no | table |",
        "---",
        "```",
        "{{ x }}",
    ],
)
def test_everything_else_is_letters(line: str) -> None:
    assert blocks(line) == (Paragraph((Text(line),)),)


def test_a_nested_list_turns_flat() -> None:
    assert blocks("- a\n  - b\n    1. c\n- d") == (List(tuple((Text(letter),) for letter in "abcd")),)


def test_marks_that_touch_each_other_keep_their_own_words() -> None:
    assert blocks("a**b***c*d") == (
        Paragraph((Text("a"), Text("b", strong=True), Text("c", emphasis=True), Text("d"))),
    )


@settings(deadline=None)
@given(st.text(st.sampled_from("*_`[]()<>#:!\\&-+.1 \nab|~"), max_size=40))
@example("**a *b** c*")
@example("*a **b*** c")
def test_no_summary_breaks_a_card(summary: str) -> None:
    for block in blocks(summary):
        assert isinstance(block, Paragraph | List)
        assert all(isinstance(part, Text) for line in lines_of(block) for part in line)
