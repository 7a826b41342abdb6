"""Escaping: whatever a value holds, the reader sees its letters and nothing else."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader

from digestbot.domain.card import Actions, Block, Button, Heading, Image, Line, Link, List, Paragraph, Quote, Text
from digestbot.domain.visible import MARKS_PER_LETTER, clean
from digestbot.rendering.markdown import parse
from digestbot.rendering.sandbox import Sandbox

SANDBOX = Sandbox(DictLoader({}))

MENTIONS = (
    "@everyone @here <@1> <@&2> <#3> </news:4> <id:customize> <t:0:R> <a:wave:5> <!here> <!channel> <!subteam^S1>"
)
LINKS = (
    "[bank](https://evil.example) [b][1] ![p](http://evil.example/p.png) <https://evil.example> https://evil.example"
)
MARKUP = "**b** __u__ *i* _e_ ~~s~~ ||h|| `c` ```f``` # h\n## h\n> q\n- l\n1. o\n-# s\n--- *** ==="
CONTAINERS = "::: spoiler\n:::\n:::: actions"
CODE = "{{ 7 * 7 }} {% raw %} {# c #} <b>x</b> <!-- c --> <script>alert(1)</script> &amp; &#42; \\* \\\\ \\"

TEXTS = st.one_of(st.text(max_size=40), st.text(st.sampled_from("*_`~|[]()<>#@:!\\&{}%-+=.1 \n\t$^'\"/a"), max_size=20))


def written(template: str, value: str) -> tuple[Block, ...]:
    blocks, faults = parse("".join(SANDBOX.from_string(template).generate(x=value)))
    assert faults == ()
    return blocks


def line(text: str, *, strong: bool = False) -> Line:
    return (Text(text, strong=strong),)


@settings(deadline=None)
@given(TEXTS)
@example(MENTIONS)
@example(LINKS)
@example(MARKUP)
@example(CONTAINERS)
@example(CODE)
@example("")
@example(" ")
@example("\ufdd0\ufdd1 x")
@example("\u3000「x」")
def test_a_value_is_exactly_its_letters_wherever_it_stands(text: str) -> None:
    shown = clean(text)
    some = bool(shown)
    assert written("{{ x }}", text) == ((Paragraph(line(shown)),) if some else ())
    assert written("# {{ x }}", text) == ((Heading(line(shown)),) if some else ())
    assert written("- {{ x }}\n", text) == ((List((line(shown),)),) if some else ())
    assert written("> {{ x }}\n", text) == ((Quote((line(shown),)),) if some else ())
    assert written("**{{ x }}**", text) == ((Paragraph(line(shown, strong=True)),) if some else ())
    linked = written("[{{ x }}](https://example.org/)", text)
    assert linked == ((Paragraph((Link(shown, "https://example.org/"),)),) if some else ())


@settings(deadline=None)
@given(TEXTS)
@example(MENTIONS)
@example(LINKS)
def test_labels_of_links_buttons_and_pictures_are_letters_too(text: str) -> None:
    shown = clean(text)
    pictures = written('{{ image("https://example.org/p.png", x) }}', text)
    assert pictures == ((Image("https://example.org/p.png", shown),) if shown else ())
    buttons = written('::: actions\n{{ button(x, "story " ~ x) }}\n:::\n', text)
    assert buttons == ((Actions((Button(shown, command=clean(f"story {text}")),)),) if shown else ())


@settings(deadline=None)
@given(TEXTS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb\u2066c\u2069\u200e\u200f\u061c", "abc"),
        ("zero\u200b\u2060\ufeff\u180ewidth", "zerowidth"),
        ("tag\U000e0041\U000e007fs", "tags"),
        ("a\x00\x07\x1b[31mb\x9b", "a[31mb"),
        ("  one\n\ttwo\r\nthree\u2028four ", "one two three four"),
        ("e\u0301", "é"),
        ("क\u200d्ष \u200c", "क\u200d्ष \u200c"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("a\u00a0b", "a\u00a0b"),
        ("lone\ud800", "lone"),
        ("\ufdd0\uffff\U0001fffe", ""),
    ],
)
def test_what_is_cleaned_away(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_heap_of_combining_marks_is_cut() -> None:
    assert clean("x" + "\u0335" * 50 + "y") == "x" + "\u0335" * MARKS_PER_LETTER + "y"


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ x | upper }}", "*A*"),
        ("{{ x ~ '*' }}", "*a**"),
        ("{% set y %}{{ x }}{% endset %}{{ y }}", "*a*"),
        ("{% set y %}{{ x }}{% endset %}{{ y | upper }}", "\\*A\\*"),
        ("{{ [x, x] | join(', ') }}", "*a*, *a*"),
        ("{% macro m(v) %}{{ v }}{% endmacro %}{{ m(x) }}", "*a*"),
        ("{{ x | truncate(2) }}", "*…"),
        ("{{ x | trim }}", "*a*"),
    ],
)
def test_what_loses_the_mark_of_safety_is_escaped_again(template: str, shown: str) -> None:
    assert written(template, "*a*") == (Paragraph(line(shown)),)


def test_the_templates_own_markup_holds_beside_any_value() -> None:
    assert written("得奖者：**{{ x }}**来了", "「歌」") == (
        Paragraph((Text("得奖者："), Text("「歌」", strong=True), Text("来了"))),
    )
    assert written("**Who:**{{ x }}", "me") == (Paragraph((Text("Who:", strong=True), Text("me"))),)
    assert written("{{ x }}**“b”**", "a") == (Paragraph((Text("a"), Text("“b”", strong=True))),)
