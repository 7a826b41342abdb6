import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.commands.examples import LINES
from digestbot.commands.line import LONGEST, read_line, write_line
from digestbot.commands.verbs import BY_NAME, VERBS, option_of
from digestbot.errors import UserMistake


def read(line: str) -> tuple[str, dict[str, str]]:
    verb, options = read_line(line, BY_NAME)
    return verb.name, options


def mistake(line: str) -> str:
    with pytest.raises(UserMistake) as caught:
        read(line)
    return str(caught.value)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("latest", ("latest", {})),
        ("/news latest", ("latest", {})),
        ("  /NEWS   Latest  ", ("latest", {})),
        ("", ("help", {})),
        ("/news", ("help", {})),
        ("story bbma-2020-winners", ("story", {"story": "bbma-2020-winners"})),
        ("story story:bbma-2020-winners", ("story", {"story": "bbma-2020-winners"})),
        ("latest count:3 bbma-2020", ("latest", {"count": "3", "event": "bbma-2020"})),
        ("latest event:bbma-2020 COUNT:3", ("latest", {"event": "bbma-2020", "count": "3"})),
        ("search never break", ("search", {"words": "never break"})),
        ("search   never \t break ", ("search", {"words": "never break"})),
        ("subscribe event:bbma-2020 when:instant", ("subscribe", {"what": "event:bbma-2020", "when": "instant"})),
        ("subscribe topic:music, -topic:film", ("subscribe", {"what": "topic:music, -topic:film"})),
        ("subscribe person:John Legend", ("subscribe", {"what": "person:John Legend"})),
        ('subscribe what:all when:"daily 09:00"', ("subscribe", {"what": "all", "when": "daily 09:00"})),
        ("edit k3v9qd topic:music", ("edit", {"subscription": "k3v9qd", "what": "topic:music"})),
        ("preview topic:music -topic:film", ("preview", {"what": "topic:music, -topic:film"})),
        ("edit k3v9qd what:all -topic:x", ("edit", {"subscription": "k3v9qd", "what": "all, -topic:x"})),
        ("status page:2", ("status", {"page": "2"})),
        ("pause page:2", ("pause", {"page": "2"})),
        ("story x spoilers:hide spoilers:show", ("story", {"story": "x", "spoilers": "show"})),
        ('winners x filter:""', ("winners", {"event": "x"})),
    ],
)
def test_a_line_gives_its_verb_and_options(line: str, expected: tuple[str, dict[str, str]]) -> None:
    assert read(line) == expected


@pytest.mark.parametrize(
    "typed",
    [
        '"daily 09:00"',
        "“daily 09:00”",
        "”daily 09:00”",
        "„daily 09:00“",
        '“daily 09:00"',
        "«daily 09:00»",
        "»daily 09:00«",
        "'daily 09:00'",
        "‘daily 09:00’",
    ],
)
def test_every_pair_of_quotes_holds_a_value_together(typed: str) -> None:
    assert read(f"subscribe when:{typed} all") == ("subscribe", {"when": "daily 09:00", "what": "all"})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("search O'Brien", "O'Brien"),
        ("search 'tis the season", "'tis the season"),
        ("search rock ’n’ roll", "rock ’n’ roll"),
        ('search 12" single', '12" single'),
        ("search Re:Zero", "Re:Zero"),
        ('search "share: a life"', "share: a life"),
        ("search Avengers: Endgame", "Avengers: Endgame"),
        (r'search "say \"yes\" \\ no"', r'say "yes" \ no'),
    ],
)
def test_apostrophes_inches_and_colons_are_letters_of_free_text(line: str, words: str) -> None:
    assert read(line) == ("search", {"words": words})


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("lates", "There is no command ‘lates’. Did you mean ‘latest’?"),
        ("xyzzy", "There is no command ‘xyzzy’. `/news help` lists what there is."),
        ("latest cuont:3", "`latest` has no option ‘cuont’. Did you mean ‘count’?"),
        (
            "latest colour:red",
            "`latest` has no option ‘colour’. It takes event, count, spoilers, share, page.",
        ),
        ("search spoiler:hide x", "`search` has no option ‘spoiler’. Did you mean ‘spoilers’?"),
        (
            'subscribe all when:"daily 09:00',
            'A quote is not closed: put one at the end of the value too, as in `when:"daily 09:00"`.',
        ),
        (
            "subscribe all when:daily 09:00",
            'It is not clear what ‘09:00’ is for in `subscribe`. If it belongs to `when`, write `when:"daily 09:00"`.',
        ),
        (
            "latest count: 3",
            "`count:` has no value: write it right behind the colon, in quotes if it has blanks.",
        ),
        ("upcoming soon", "`upcoming` takes no ‘soon’. `/news help upcoming` says what it takes."),
        (
            "story a story:b",
            "`story` is given twice: as ‘a’ and as `story:`. Leave one of them out.",
        ),
        ("search " + "x" * LONGEST, "That is too long: a command has at most 2,000 characters."),
    ],
)
def test_a_mistake_is_one_sentence_that_says_how_to_put_it_right(line: str, sentence: str) -> None:
    assert mistake(line) == sentence


def test_hidden_verbs_can_be_pressed_but_are_no_hint() -> None:
    assert read("digest abc page:2") == ("digest", {"delivery": "abc", "page": "2"})
    assert "digest" not in mistake("digets")


@given(st.text(max_size=200))
def test_any_text_gives_a_result_or_a_mistake(line: str) -> None:
    try:
        verb, options = read_line(line, BY_NAME)
    except UserMistake:
        return
    assert all(option_of(verb, name) for name in options)


@given(
    st.sampled_from(sorted(BY_NAME)),
    st.lists(st.sampled_from(["all", "x:y", "when:", '"', "“", "'", "page:2", "-topic:a", " ", "\\", "what:a,"])),
)
def test_any_words_behind_a_verb_give_a_result_or_a_mistake(verb: str, words: list[str]) -> None:
    try:
        found, _ = read_line(f"{verb} {' '.join(words)}", BY_NAME)
    except UserMistake:
        return
    assert found.name == verb


_VALUES = st.one_of(
    st.text(min_size=1, max_size=30).map(lambda text: text.strip()).filter(bool),
    st.lists(st.sampled_from(["a", "topic:music", "-event:x,", "é", '"', "‘", "\\", "when:x"]), min_size=1).map(
        " ".join
    ),
)


@given(st.data())
def test_a_written_line_reads_back_the_same(data: st.DataObject) -> None:
    verb = data.draw(st.sampled_from(VERBS))
    names = [option.name for option in verb.options]
    options = data.draw(st.dictionaries(st.sampled_from(names), _VALUES)) if names else {}
    assert read(write_line(verb, options)) == (verb.name, options)


def test_a_written_line_is_as_short_as_it_can_be() -> None:
    subscribe = BY_NAME["subscribe"]
    assert write_line(subscribe, {"what": "topic:music"}) == "subscribe topic:music"
    assert write_line(subscribe, {"when": "daily 09:00", "what": "all"}) == 'subscribe all when:"daily 09:00"'
    assert write_line(BY_NAME["search"], {"words": "never break", "page": "2"}) == "search never break page:2"
    assert write_line(BY_NAME["search"], {"words": "page:2"}) == 'search "page:2"'


def test_every_example_of_the_help_can_be_typed() -> None:
    for name, lines in LINES.items():
        assert [read(line)[0] for line in lines] == [name] * len(lines)
