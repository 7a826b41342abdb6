"""Markdown: every block that cards have, and a fault with its line for everything else."""

from datetime import UTC, datetime

import pytest

from digestbot.domain.card import (
    Actions,
    Block,
    Button,
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
from digestbot.rendering.markdown import Fault, parse


def words(text: str) -> Line:
    return (Text(text),)


def blocks(markdown: str) -> tuple[Block, ...]:
    found, faults = parse(markdown)
    assert faults == ()
    return found


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# One", Heading(words("One"))),
        ("### Three", Heading(words("Three"), 3)),
        ("One\ntwo", Paragraph(words("One two"))),
        ("One\\\ntwo", Paragraph(words("One\ntwo"))),
        ("One  \ntwo", Paragraph(words("One\ntwo"))),
        ("    indented", Paragraph(words("indented"))),
        ("> One\n> two\n>\n> three", Quote((words("One"), words("two"), words("three")))),
        ("- One\n- two", List((words("One"), words("two")))),
        ("- One\n\n- two", List((words("One"), words("two")))),
        ("- One\n  two", List((words("One two"),))),
        ("3. One\n4. two", List((words("One"), words("two")), ordered=True, start=3)),
        ("One\n\n---", Divider()),
        ("![Alt *text*](https://example.org/p.png)", Image("https://example.org/p.png", "Alt text")),
        ("::: notice\nOne\ntwo\n:::", Notice((words("One"), words("two")))),
        ("::: small\nOne\n\ntwo\n:::", Small((words("One"), words("two")))),
        ("::: spoiler\n# One\n\ntwo\n:::", Spoiler((Heading(words("One")), Paragraph(words("two"))))),
        (":::: spoiler\n::: small\nOne\n:::\n::::", Spoiler((Small((words("One"),)),))),
        (
            "::: actions\n[Go](run:story%20x) [See](https://example.org/)\n:::",
            Actions((Button("Go", command="story x"), Button("See", url="https://example.org/"))),
        ),
        ("<https://example.org/>", Paragraph((Link("https://example.org/", "https://example.org/"),))),
        ("[x](https://example.org/)", Paragraph((Link("x", "https://example.org/"),))),
        (
            "[soon](time:relative:2026-05-24T09:30:00+00:00)",
            Paragraph((Time(datetime(2026, 5, 24, 9, 30, tzinfo=UTC), "soon", "relative"),)),
        ),
    ],
)
def test_each_block(markdown: str, expected: Block) -> None:
    assert blocks(markdown)[-1] == expected


def test_marks_in_a_line() -> None:
    assert blocks("a **b *c*** ~~d~~ _e_") == (
        Paragraph(
            (
                Text("a "),
                Text("b ", strong=True),
                Text("c", strong=True, emphasis=True),
                Text(" "),
                Text("d", struck=True),
                Text(" "),
                Text("e", emphasis=True),
            )
        ),
    )


def test_a_mark_may_run_over_the_lines_of_a_quote() -> None:
    assert blocks("> **a\n> b**") == (Quote(((Text("a", strong=True),), (Text("b", strong=True),))),)


def test_a_line_under_a_paragraph_is_a_divider_and_no_heading() -> None:
    assert blocks("One\n---\ntwo") == (Paragraph(words("One")), Divider(), Paragraph(words("two")))


def test_several_pictures_may_share_a_paragraph() -> None:
    assert blocks("![a](https://x.example/a)\n![b](https://x.example/b)") == (
        Image("https://x.example/a", "a"),
        Image("https://x.example/b", "b"),
    )


def test_what_is_empty_is_left_out() -> None:
    assert blocks("#\n\n-\n\n>\n\n::: small\n:::\n\n::: spoiler\n:::\n\n::: actions\n:::\n") == ()


@pytest.mark.parametrize(
    ("markdown", "line", "message"),
    [
        ("One\n\n```\ncode\n```", 2, "cards have no code blocks"),
        ("One\n\na | b\n--|--\n1 | 2", 2, "cards have no tables"),
        ("<div>x</div>", 0, "cards have no HTML (for a comment write {# … #})"),
        ("One\ntwo <b>x</b>", 1, "cards have no HTML"),
        ("One `x`", 0, "cards have no code"),
        ("#### Four", 0, "cards have headings of 3 levels, # to ###"),
        ("- a\n  - b", 1, "a list item holds text only, not a list"),
        ("- a\n\n  b", 2, "a list item holds one paragraph"),
        ("> a\n> - b", 1, "a quote holds text only, not a list"),
        ("> > a", 0, "a quote holds text only, not a quote"),
        ("::: notice\n# a\n:::", 1, "::: notice holds text only, not a heading"),
        ("::: small\n---\n:::", 1, "::: small holds text only, not a divider"),
        ("::: actions\n- [a](run:b)\n:::", 1, "::: actions holds text only, not a list"),
        ("::: actions\nhello\n:::", 0, "::: actions holds only button(…) and button_url(…), not ‘hello’"),
        (":::: spoiler\n::: spoiler\na\n:::\n::::", 1, "a spoiler cannot stand inside a spoiler"),
        ("One\n\n::: box\na\n:::", 2, "there is no container ‘box’, only spoiler, actions, small, notice"),
        ("::: small\na", 0, "::: small is never closed; end it with a line of :::"),
        (":::: spoiler\n::: small\na\n::::", 1, "::: small is never closed; end it with a line of :::"),
        (
            "::: spoiler\n::: small\na\n:::\n:::",
            4,
            "this ::: closes nothing; around other containers it takes more colons",
        ),
        ("a\n[x](javascript:y)", 1, "a link may lead to a plain http or https address only, not to ‘javascript:y’"),
        ("[x](run:help)", 0, "a link may lead to a plain http or https address only, not to ‘run:help’"),
        (
            "::: actions\n[x](ftp://y.example)\n:::",
            0,
            "a button may open a plain http or https address only, not ‘ftp://y.example’",
        ),
        ("[x](time:date:noon)", 0, "‘time:date:noon’ is no time; write {{ … | time }}"),
        ("![x](data:y)", 0, "a picture needs a plain http or https address, not ‘data:y’"),
        ("![](https://x.example/)", 0, "a picture needs a description: image(url, alt)"),
        ("a ![x](https://x.example/)", 0, "a picture stands in a paragraph of its own"),
        ("> ![x](https://x.example/)", 0, "cards have no picture inside a text"),
        ("> [![x](https://x.example/)](https://x.example/)", 0, "a picture cannot be a link"),
    ],
)
def test_each_fault_names_its_line(markdown: str, line: int, message: str) -> None:
    assert Fault(line, message) in parse(markdown)[1]


def test_all_faults_are_found_at_once() -> None:
    assert [fault.line for fault in parse("`a`\n\n<b>\n\n- `c`\n\n```\n```\n")[1]] == [0, 2, 4, 6]
