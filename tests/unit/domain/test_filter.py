"""Filters: what admins type, what it matches, and the index that finds it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.domain.filter import Filter, Kind, Term, parse_filter
from digestbot.domain.slug import slug
from digestbot.domain.story import Event, Importance, Quote, Story, Winner
from digestbot.errors import UserMistake

NOT_SUBSCRIBABLE = (
    "“music” is not something to subscribe to: write `all`, `event:…`, `topic:…`, `person:…` or `importance:…`,"
    " several with commas, `-topic:…` to leave one out."
)
WORDS = ("music", "film", "Top Gun!", "bbma-2020", "Beyoncé", "हिन्दी", "P!nk", "Żółć", "25")

words = st.sampled_from(WORDS)
named: st.SearchStrategy[Term] = st.builds(Term, st.sampled_from(["event", "topic", "person"]), words.map(slug))
terms = named | st.sampled_from(Importance).map(lambda level: Term("importance", str(level)))
alternatives = st.lists(st.lists(terms, min_size=1, max_size=3).map(tuple), max_size=4, unique=True).map(tuple)
filters = st.builds(Filter, alternatives, st.lists(terms, max_size=3, unique=True).map(tuple))
names = st.lists(words, max_size=3).map(tuple)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    event = draw(st.none() | words)
    return Story(
        id="some-story",
        headline="Somebody wins",
        published=datetime(2026, 1, 1, tzinfo=UTC),
        event=Event(id=event, name=event) if event else None,
        topics=draw(names),
        importance=draw(st.sampled_from(Importance)),
        quotes=tuple(Quote(text="Thanks", speaker=name) for name in draw(names)),
        winners=tuple(Winner(name=name) for name in draw(names)),
        performers=draw(names),
    )


def story(*topics: str, event: str | None = None, importance: Importance = Importance.NORMAL) -> Story:
    return Story(
        id="bbma",
        headline="Post Malone wins nine",
        published=datetime(2020, 10, 15, tzinfo=UTC),
        event=Event(id=event, name="An event") if event else None,
        topics=topics,
        importance=importance,
        winners=(Winner(name="Post Malone"),),
    )


@pytest.mark.parametrize(
    ("text", "slugged"),
    [
        ("Top Gun!", "top-gun"),
        ("top-gun", "top-gun"),
        ("  R&B / Soul_music ", "r-b-soul-music"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Beyoncé", "beyoncé"),
        ("Beyonce\N{COMBINING ACUTE ACCENT}", "beyoncé"),
        ("９ｐｍ", "9pm"),
        ("P!nk", "p-nk"),
        ("!!!", ""),
        ("Love ❤\N{VARIATION SELECTOR-16} Music", "love-music"),
    ],
)
def test_a_slug_joins_folded_words_with_hyphens(text: str, slugged: str) -> None:
    assert slug(text) == slugged


def test_names_that_differ_by_a_vowel_sign_alone_are_two_names() -> None:
    assert slug("कि") != slug("का")


@given(st.text())
def test_a_slug_of_a_slug_is_itself(text: str) -> None:
    assert slug(slug(text)) == slug(text)


@pytest.mark.parametrize("text", ["all", "topic:music", "event:bbma-2020, topic:film+importance:high, -person:jo-lee"])
def test_canonical_text_is_read_back_as_it_stands(text: str) -> None:
    assert str(parse_filter(text)) == text


@given(filters)
def test_every_filter_survives_being_written_and_read(wanted: Filter) -> None:
    assert parse_filter(str(wanted)) == wanted


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("ALL", "all"),
        ("topic:Music,topic:music", "topic:music"),
        ("Topic: Live Music ,, event:BBMA 2020", "topic:live-music, event:bbma-2020"),
        ("topic:music, all", "all"),
        ("-topic:film", "all, -topic:film"),
        ("all, -topic:film", "all, -topic:film"),
        ("topic:music + importance:high", "topic:music+importance:high"),
    ],
)
def test_what_people_type_is_made_canonical(typed: str, canonical: str) -> None:
    assert str(parse_filter(typed)) == canonical


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Say what to subscribe to: `all`, `event:…`, `topic:…` or `person:…`."),
        (" , ", "Say what to subscribe to: `all`, `event:…`, `topic:…` or `person:…`."),
        (
            "music",
            NOT_SUBSCRIBABLE,
        ),
        ("importance:huge", "“huge” is no importance: take low, normal, high, urgent."),
        ("-topic:a+topic:b", "Leave out one thing at a time: write `-topic:a, -topic:b`."),
    ],
)
def test_a_mistake_gets_one_sentence_that_says_what_to_write(typed: str, sentence: str) -> None:
    with pytest.raises(UserMistake) as caught:
        parse_filter(typed)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("typed", ["topic:", "topic:!!!", "genre:rock", "topic:a+", "-", "-all", "topic:a+b"])
def test_half_a_term_is_a_mistake(typed: str) -> None:
    with pytest.raises(UserMistake, match="is not something to subscribe to"):
        parse_filter(typed)


@pytest.mark.parametrize(
    ("typed", "matches"),
    [
        ("all", True),
        ("topic:music", True),
        ("topic:film", False),
        ("topic:film, topic:music", True),
        ("topic:music+topic:awards", True),
        ("topic:music+topic:film", False),
        ("topic:music+event:bbma-2020", True),
        ("person:post malone", True),
        ("person:malone", False),
        ("importance:low", True),
        ("importance:high", True),
        ("importance:urgent", False),
        ("all, -topic:awards", False),
        ("topic:music, -topic:film", True),
        ("topic:music, -person:Post Malone", False),
        ("all, -importance:urgent", True),
        ("all, -importance:high", False),
    ],
)
def test_alternatives_conjunctions_and_exclusions(typed: str, *, matches: bool) -> None:
    subject = story("Music", "awards", event="bbma-2020", importance=Importance.HIGH)
    assert parse_filter(typed).matches(subject) is matches


def test_the_excluding_term_is_named() -> None:
    wanted = parse_filter("all, -topic:film, -topic:awards")
    assert wanted.excluded_by(story("awards")) == Term("topic", "awards")
    assert wanted.excluded_by(story("music")) is None


def test_a_story_has_the_keys_of_everything_it_is_about() -> None:
    assert story("Music", event="bbma-2020").keys == {
        "all",
        "topic:music",
        "event:bbma-2020",
        "person:post-malone",
        "importance:low",
        "importance:normal",
    }


@given(filters, stories())
def test_every_match_is_found_through_the_index(wanted: Filter, subject: Story) -> None:
    if wanted.matches(subject):
        assert wanted.keys & subject.keys


def test_the_index_is_narrow_where_the_filter_is() -> None:
    assert parse_filter("topic:music+importance:high, event:bbma-2020").keys == {"topic:music", "event:bbma-2020"}
    assert parse_filter("all, -topic:music").keys == {"all"}


@given(filters, stories())
def test_matching_is_what_the_words_say(wanted: Filter, subject: Story) -> None:
    def met(term: Term) -> bool:
        kind: Kind = term.kind
        if kind == "importance":
            return ["low", "normal", "high", "urgent"].index(term.value) <= subject.importance.rank
        values = {"event": [subject.event.id] if subject.event else [], "topic": subject.topics}
        return term.value in [slug(value) for value in values.get(kind, subject.people)]

    included = not wanted.any_of or any(all(met(term) for term in terms) for terms in wanted.any_of)
    assert wanted.matches(subject) is (included and not any(met(term) for term in wanted.none_of))
