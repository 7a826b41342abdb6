"""Cards at random, and the pieces that the tests of every layout build theirs from."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from hypothesis import strategies as st

from digestbot.domain.card import (
    Actions,
    Block,
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
    Plain,
    Quote,
    Small,
    Spoiler,
    Text,
    Time,
)

AT: Final = datetime(2026, 5, 24, 9, 30, tzinfo=UTC)
URL: Final = "https://example.org/a_b*c"
FAMILY: Final = "👨‍👩‍👧‍👦"
CLUSTERS: Final = st.sampled_from(["a", "B", "é", "e\u0301", "歌", FAMILY, "🇫🇷", "👍🏽", " ", "*", "_", "|", "."])

_URLS = [URL, "https://x.example/?a&b=" + "é" * 400, "https://x.example/" + "a" * 500, "javascript:x"]
_LINKS = [URL, "https://x.example/", "javascript:x"]


def hard(signs: str) -> st.SearchStrategy[str]:
    """Texts of nothing but a platform's signs and a few letters."""
    return st.text(st.sampled_from(f"{signs} \n1ab歌"), max_size=30)


def texts_of(signs: str, hostile: Sequence[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        hard(signs),
        st.sampled_from(hostile),
        st.lists(CLUSTERS, max_size=30).map("".join),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    )


def words(text: str) -> Line:
    return (Text(text),)


def lines(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Line]:
    looks = st.booleans()
    part = st.one_of(
        st.builds(Text, texts, strong=looks, emphasis=looks, struck=looks),
        st.builds(Link, texts, st.sampled_from(_LINKS)),
        st.builds(Time, st.just(AT), texts, st.sampled_from(["date", "time", "datetime", "relative"])),
    )
    return st.lists(part, min_size=1, max_size=5).map(tuple)


def plains(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Plain]:
    rows = st.lists(lines(texts), min_size=1, max_size=4).map(tuple)
    button = st.one_of(
        st.builds(Button, texts, command=texts),
        st.builds(Button, texts, url=st.sampled_from(_URLS)),
    )
    return st.one_of(
        st.builds(Heading, lines(texts), st.integers(1, 3)),
        st.builds(Paragraph, lines(texts)),
        st.builds(Quote, rows),
        st.builds(Notice, rows),
        st.builds(Small, rows),
        st.builds(List, rows, st.booleans(), st.integers(0, 999)),
        st.just(Divider()),
        st.builds(Image, st.sampled_from([URL, "javascript:x"]), texts),
        st.builds(Actions, st.lists(button, min_size=1, max_size=27).map(tuple)),
    )


def blocks(texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Block, ...]]:
    plain = plains(texts)
    hidden = st.builds(Spoiler, st.lists(plain, min_size=1, max_size=4).map(tuple))
    return st.lists(st.one_of(plain, plain, hidden), max_size=8).map(tuple)


def cards(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Card]:
    return st.builds(
        lambda inside, command, accent: Card(blocks=inside, command=command, accent=accent),
        blocks(texts),
        st.one_of(st.none(), st.just("story ada"), texts),
        st.sampled_from([None, "music", "x"]),
    )
