"""Cards come back from JSON as they went."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.domain.card import (
    Actions,
    Button,
    Card,
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
    Text,
    Time,
)
from digestbot.platforms.sandbox.codec import from_json, to_json

words = st.text(max_size=20)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
inlines = (
    st.builds(Text, words, st.booleans(), st.booleans(), st.booleans())
    | st.builds(Link, words, words)
    | st.builds(Time, st.datetimes(timezones=zones), words, st.sampled_from(["date", "time", "datetime", "relative"]))
)
lines = st.lists(inlines, max_size=3).map(tuple)
many = st.lists(lines, max_size=3).map(tuple)
buttons = st.builds(Button, words, st.none() | words, st.none() | words)
plain = (
    st.builds(Heading, lines, st.integers(1, 3))
    | st.builds(Paragraph, lines)
    | st.builds(Quote, many)
    | st.builds(List, many, st.booleans(), st.integers(1, 99))
    | st.just(Divider())
    | st.builds(Image, words, words)
    | st.builds(Notice, many)
    | st.builds(Small, many)
    | st.builds(Actions, st.lists(buttons, max_size=3).map(tuple))
)
blocks = plain | st.builds(Spoiler, st.lists(plain, max_size=3).map(tuple))
cards = st.builds(
    Card,
    blocks=st.lists(blocks, max_size=4).map(tuple),
    command=st.none() | words,
    accent=st.none() | words,
    locale=words,
    page=st.integers(1, 9),
    pages=st.integers(1, 9),
)


@given(cards)
def test_a_card_comes_back_as_it_went(card: Card) -> None:
    assert from_json(to_json(card)) == card


@given(cards)
def test_a_card_is_one_line_of_ascii(card: Card) -> None:
    written = to_json(card)
    assert written.isascii()
    assert "\n" not in written


def test_the_format_is_what_other_programs_read() -> None:
    card = Card(
        blocks=(Paragraph((Text("Hi"), Time(datetime(2026, 5, 24, tzinfo=UTC), "then", "date"))),), command="help"
    )
    assert to_json(card) == (
        '{"is":"card","blocks":[{"is":"paragraph","content":['
        '{"is":"text","text":"Hi","strong":false,"emphasis":false,"struck":false},'
        '{"is":"time","at":"2026-05-24T00:00:00+00:00","text":"then","style":"date"}]}],'
        '"command":"help","accent":null,"locale":"en","page":1,"pages":1}'
    )


@pytest.mark.parametrize(
    "written",
    ["", "[]", "3", '{"is":"divider"}', '{"is":"rocket"}', '{"is":"card"}', '{"is":"card","blocks":[],"x":1}'],
)
def test_anything_else_is_not_a_card(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own error is one of them
        from_json(written)
