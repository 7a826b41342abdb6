import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from digestbot.notation import yaml_loader
from digestbot.notation.yaml_faults import YamlFault
from digestbot.notation.yaml_loader import load, offsets


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def _either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_loader, "_Parser", getattr(yaml, request.param))


def fault(text: str) -> tuple[int, str]:
    with pytest.raises(YamlFault) as caught:
        load(text)
    return caught.value.offset, caught.value.message


@pytest.mark.parametrize(
    "written",
    [
        "NO",
        "yes",
        "on",
        "Off",
        "true",
        "12:30",
        "12:30:45",
        "017",
        "0x1F",
        "1e3",
        "1_000",
        ".inf",
        "1917",
        "2020-10-14",
    ],
)
def test_every_plain_scalar_stays_what_was_written(written: str) -> None:
    assert load(f"name: {written}") == {"name": written}


def test_nothing_null_and_tilde_are_nothing_unless_quoted() -> None:
    assert load("a:\nb: ~\nc: null\nd: 'null'\ne: \"\"") == {"a": None, "b": None, "c": None, "d": "null", "e": ""}


def test_an_empty_text_is_nothing() -> None:
    assert load("# only a comment\n") is None


def test_merge_keys_are_keys_like_others() -> None:
    assert load("<<: {a: b}") == {"<<": {"a": "b"}}


WRONG = {
    "colon": ("headline: Foo: bar", 13, "A text that holds a colon before a space must stand in quotes."),
    "colon in a list": ("- he said: no: never", 13, "A text that holds a colon before a space must stand in quotes."),
    "at": ("by: @everyone", 4, "A text that begins with “@” must stand in quotes."),
    "backtick": ("by: `code`", 4, "A text that begins with “`” must stand in quotes."),
    "percent": ("by: %x", 4, "A text that begins with “%” must stand in quotes."),
    "star": ("by: *N'VENTED", 4, "A text that begins with “*” must stand in quotes."),
    "ampersand": ("by: & co", 4, "A text that begins with “&” must stand in quotes."),
    "alias": (
        "by: *star",
        4,
        "A text that begins with “*” must stand in quotes (aliases, anchors and tags of YAML are not read).",
    ),
    "anchor": (
        "by: &amp x",
        4,
        "A text that begins with “&” must stand in quotes (aliases, anchors and tags of YAML are not read).",
    ),
    "tag": (
        "by: !!python/name:os.system x",
        4,
        "A text that begins with “!” must stand in quotes (aliases, anchors and tags of YAML are not read).",
    ),
    "anchored list": (
        "a: &a [x]",
        3,
        "A text that begins with “&” must stand in quotes (aliases, anchors and tags of YAML are not read).",
    ),
    "anchored key": (
        "&a a: x",
        0,
        "A text that begins with “&” must stand in quotes (aliases, anchors and tags of YAML are not read).",
    ),
    "greater": (
        "text: > quoted",
        6,
        "After “>” a text begins on the next line: put a text that begins with “>” in quotes.",
    ),
    "pipe": (
        "text: | a | b",
        6,
        "After “|” a text begins on the next line: put a text that begins with “|” in quotes.",
    ),
    "dash": (
        "text: - dashed",
        6,
        "A text that begins with “- ” must stand in quotes; the first item of a list goes on a line of its own.",
    ),
    "open quote": (
        'text: "abc\nstatus: x\n',
        6,
        'The text that begins here with " lacks its closing ".',
    ),
    "open apostrophe": ("text: 'abc", 6, "The text that begins here with ' lacks its closing '."),
    "after a quote": (
        'headline: "Foo" bar',
        16,
        "The value ended before this, with its quote or bracket: put the whole text in quotes of the other kind.",
    ),
    "link": (
        "text: [x](http://e)",
        9,
        "The value ended before this, with its quote or bracket: put the whole text in quotes of the other kind.",
    ),
    "open brace": (
        "event: {id: x, name: y\nstatus: z\n",
        29,
        "“,” or “}” is missing before this (“{” is on line 1); quote texts that hold , : [ ] { or }.",
    ),
    "open bracket": (
        "a: b\ntopics: [a, b\nstatus: z\n",
        25,
        "“,” or “]” is missing before this (“[” is on line 2); quote texts that hold , : [ ] { or }.",
    ),
    "bracket inside": (
        "e: {text: a [b] c}",
        12,
        "“,” or “}” is missing before this (“{” is on line 1); quote texts that hold , : [ ] { or }.",
    ),
    "two commas": (
        "a: {b: c,, d: e}",
        9,
        "A value is missing before this: remove the comma or bracket, or put the text in quotes.",
    ),
    "tab": ("a:\n\tb: c", 3, "A tab stands here: indent with spaces."),
    "deeper line": (
        "a: b\n  c: d",
        8,
        "This line and the one above do not fit: begin it with its key, indented like its siblings.",
    ),
    "shallower line": (
        "a:\n    b: c\n  d: e",
        14,
        "A line with “key: value” is expected here: indent it like its siblings.",
    ),
    "key among items": (
        "a:\n - b\n c: d",
        9,
        "A line with “- ” and an item is expected here: indent it like its siblings.",
    ),
    "no colon": (
        "a: b\nfoo\nc: d",
        5,
        "This line is no “key: value”: add the colon, or indent it if it goes on from the line above.",
    ),
    "two documents": ("a: b\n---\nc: d", 5, "Only one YAML document goes here: remove this line."),
    "dots": ("a: b\n...\nc: d", 9, "A file holds one YAML document: remove “...” and lines that begin with “%”."),
    "list as key": (
        "? [a]\n: b",
        2,
        "A key must be a plain word: put a text that begins with “{”, “[”, “*” or “?” in quotes.",
    ),
    "braces of a template": (
        "a: {{x}}",
        4,
        "A key must be a plain word: put a text that begins with “{”, “[”, “*” or “?” in quotes.",
    ),
    "bell": ('a: "\\a"', 3, "This text holds the control character U+0007: take it out."),
    "escaped delete": ('a: "\\x7f"', 3, "This text holds the control character U+007F: take it out."),
    "second time": ("a: 1\nb: 2\na: 3", 10, "“a” was already said on line 1: keep one of the two."),
    "second time within": ("- {a: 1,\n   a: 2}", 12, "“a” was already said on line 1: keep one of the two."),
}


@pytest.mark.usefixtures("_either_parser")
@pytest.mark.parametrize(("text", "offset", "message"), WRONG.values(), ids=WRONG)
def test_a_fault_says_where_it_is_and_what_to_write(text: str, offset: int, message: str) -> None:
    assert fault(text) == (offset, message)


def test_a_wrong_escape_says_what_to_write() -> None:
    message = r"In double quotes a backslash begins an escape: write \\ for a backslash, or use single quotes."
    assert fault(r'a: "\q"') == (4, message)
    assert fault(r'a: "\ud800"') == (6, message)


@pytest.mark.usefixtures("_either_parser")
def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    lines = ["a: &a [x]", *(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(9))]
    assert fault("\n".join(lines))[0] == 3


@pytest.mark.usefixtures("_either_parser")
@pytest.mark.parametrize(
    "text", ["[" * 60_000, "- " * 30_000, "? " * 30_000, "{a: " * 15_000, "[" * 60_000 + "]" * 60_000]
)
def test_deep_nesting_is_refused_and_ends_no_process(text: str) -> None:
    assert fault(text)[1] in {
        "Lists and mappings go 12 deep at most: take this one out of the others.",
        "A key must be a plain word: put a text that begins with “{”, “[”, “*” or “?” in quotes.",
    }


def test_twelve_levels_are_read() -> None:
    assert load("[" * 12 + "]" * 12) == [[[[[[[[[[[[]]]]]]]]]]]]
    assert fault("[" * 13 + "]" * 13)[0] == 12


def test_offsets_count_characters_and_lead_to_key_and_value() -> None:
    assert offsets("é: 𝄞\nb: [x, {y: z}]\n") == {
        (): (0, 0),
        ("é",): (0, 3),
        ("b",): (5, 8),
        ("b", 0): (9, 9),
        ("b", 1): (12, 12),
        ("b", 1, "y"): (13, 16),
    }


def outcome(text: str) -> YamlFault | None:
    try:
        load(text)
    except YamlFault as found:
        return found
    return None


@given(st.text() | st.text(alphabet="ab:-[]{}&*!|>'\"%@`#?,\n \t\\x0~"))
def test_any_text_is_a_tree_or_a_fault_within_it(text: str) -> None:
    found = outcome(text)
    assert found is None or 0 <= found.offset <= len(text)
