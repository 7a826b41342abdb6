"""Markdown for Discord: letters stay letters, marks mark what they should, and nothing else happens."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given

from digestbot.domain.card import Line, Link, Text, Time, plain_text
from digestbot.domain.visible import without_invisible
from digestbot.platforms.discord.markdown import escaped, markdown
from tests.unit.cards import URL, lines, words
from tests.unit.discord.dialect import read
from tests.unit.discord.texts import HARD, HOSTILE, TEXTS

BREAKS = str.maketrans(dict.fromkeys("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))


def seen(text: str) -> str:
    """What may be seen of a text."""
    return without_invisible(text).translate(BREAKS)


@given(TEXTS)
def test_every_letter_reads_back_and_nothing_else_happens(text: str) -> None:
    found = read(escaped(text))
    assert found.text == seen(text)
    assert (found.objects, found.marks) == ((), frozenset())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_letters(text: str) -> None:
    found = read(escaped(text))
    assert (found.text, found.objects, found.marks) == (seen(text), (), frozenset())


@pytest.mark.parametrize("text", [text for text in HOSTILE if "<script>" not in text])
def test_the_model_sees_what_hostile_texts_would_do(text: str) -> None:
    found = read(text)
    assert (found.text, found.objects, found.marks) != (seen(text), (), frozenset())


@given(HARD, HARD)
def test_two_texts_do_no_more_together_than_alone(first: str, second: str) -> None:
    found = read(markdown((Text(first), Text(second))))
    assert (found.text, found.objects, found.marks) == (first + second, (), frozenset())


def test_directions_and_invisible_signs_are_left_out() -> None:
    assert escaped("\u202eabc\u202c @\u200beveryone") == "abc \\@everyone"


@pytest.mark.parametrize(
    ("line", "source"),
    [
        (words("a\nb"), "a\nb"),
        ((Text("a", strong=True),), "**a**"),
        ((Text("a", emphasis=True),), "*a*"),
        ((Text("a", struck=True),), "~~a~~"),
        ((Text("a", strong=True, emphasis=True, struck=True),), "~~***a***~~"),
        ((Text(" a b ", strong=True), Text("c")), " **a b** c"),
        ((Text("a\nb", strong=True),), "**a**\n**b**"),
        ((Text("a", strong=True), Text("b", strong=True)), "**ab**"),
        ((Text("a", strong=True), Text("b", emphasis=True)), "**a**_b_"),
        ((Text("a", emphasis=True), Text("b", strong=True)), "_a_**b**"),
        ((Text("a", strong=True), Text("b", emphasis=True), Text("c")), "**a**bc"),
        ((Text("a", strong=True), Text("b", emphasis=True), Text(" c")), "**a**_b_ c"),
        ((Text("a"), Text("b", emphasis=True), Text("c", strong=True)), "ab**c**"),
        ((Text("a_"), Text("b", emphasis=True), Text("c", strong=True)), "a\\_b**c**"),
        ((Text("a", strong=True), Text("b", strong=True, emphasis=True)), "**a*b***"),
        ((Text("a", struck=True), Text("b", struck=True, strong=True)), "~~a**b**~~"),
        ((Text("*", strong=True), Text("*")), "**\\***\\*"),
        ((Text("a ~~", struck=True),), "~~a~~ \\~\\~"),
        ((Text("~", struck=True),), "\\~"),
        ((Text(" ", strong=True), Text("a")), " a"),
        ((Text("", strong=True),), ""),
    ],
)
def test_marks(line: Line, source: str) -> None:
    assert markdown(line) == source


@pytest.mark.parametrize(
    ("link", "source"),
    [
        (Link("News", URL), "[News \\(example\\.org)](<https://example.org/a_b*c>)"),
        (Link("Example.org", URL), "[Example\\.org](<https://example.org/a_b*c>)"),
        (Link("bank.example", URL), "[example\\.org](<https://example.org/a_b*c>)"),
        (Link("", URL), "[example\\.org](<https://example.org/a_b*c>)"),
        (Link("[x] y", URL), "\\[x\\] y \\([example\\.org](<https://example.org/a_b*c>))"),
        (Link("see http://bank.example now", URL), f"see http\\:\\/\\/bank\\.example now \\([example\\.org](<{URL}>))"),
        (Link("two\n rows", URL), "[two rows \\(example\\.org)](<https://example.org/a_b*c>)"),
        (Link("*a*", "javascript:x"), "\\*a\\*"),
        (Link("a", "https://x.example/(b)|c>"), "[a \\(x\\.example)](<https://x.example/%28b%29%7Cc%3E>)"),
    ],
)
def test_links_show_where_they_lead(link: Link, source: str) -> None:
    assert markdown((link,)) == source


@pytest.mark.parametrize(("style", "letter"), [("date", "D"), ("time", "t"), ("datetime", "f"), ("relative", "R")])
def test_times_are_each_readers_own(style: str, letter: str) -> None:
    at = datetime(2026, 5, 24, 9, 30, 0, 999999, tzinfo=UTC)
    assert markdown((Time(at, "noon", style),)) == f"<t:1779615000:{letter}>"  # type: ignore[arg-type]  # one of four


@given(lines(TEXTS))
@example((Text("a~", struck=True), Text("_b")))
@example((Text("a", struck=True), Text("b", emphasis=True), Text("c", strong=True)))
@example((Text("a|", strong=True), Text("b_", emphasis=True), Text("_c", strong=True, emphasis=True)))
def test_a_line_reads_back_with_its_looks_and_links(line: Line) -> None:
    found = read(markdown(line))
    expected: list[tuple[str, frozenset[str]]] = []
    for part in line:
        if isinstance(part, Text):
            looks = {"strong": part.strong, "emphasis": part.emphasis, "struck": part.struck}
            marks = frozenset(name for name, wanted in looks.items() if wanted)
            expected += [(sign, marks) for sign in seen(part.text) if not sign.isspace()]
    own = [(sign, marks) for sign, marks in found.letters if not sign.isspace()]
    linked = any(isinstance(part, Link) for part in line)
    if not linked:
        own = [(sign, marks) for sign, marks in own if sign != "\ufffc"]
        assert [sign for sign, _ in own] == [sign for sign, _ in expected if sign != "\ufffc"]
        for (_, marks), (sign, wanted) in zip(own, [each for each in expected if each[0] != "\ufffc"], strict=True):
            assert marks in (wanted, wanted - {"emphasis"}, wanted - {"struck" * (sign == "~")}), sign
    assert {kind for kind, _ in found.objects} <= {"link", "time"}
    assert {target for kind, target in found.objects if kind == "link"} <= {URL, "https://x.example/"}
    assert sum(kind == "time" for kind, _ in found.objects) == sum(isinstance(part, Time) for part in line)


@given(lines(TEXTS))
@example((Link("", URL), Text("](")))
def test_a_link_has_one_target_and_its_label_shows_the_host(line: Line) -> None:
    links = [part for part in line if isinstance(part, Link) and part.url.startswith("https")]
    found = read(markdown(line))
    assert [target for kind, target in found.objects if kind == "link"] == [part.url for part in links]
    assert all(plain_text((part,)).strip() == "" or "example" in found.text for part in links)
