"""Measures: pages are full but never over, at each limit and one to either side, and nothing of a card is lost."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.domain.card import (
    Actions,
    Block,
    Button,
    Card,
    Divider,
    Image,
    Line,
    List,
    Paragraph,
    Plain,
    Quote,
    Small,
    Spoiler,
    Text,
    lines_of,
    plain_text,
)
from digestbot.domain.visible import without_invisible
from digestbot.platforms.discord.measure import ComponentsMeasure, EmbedMeasure
from digestbot.platforms.discord.pages import Layout, bodies
from tests.unit.cards import CLUSTERS, FAMILY, URL, words
from tests.unit.discord.body import displays, embed, faults, letters, parts
from tests.unit.discord.shipped import LAYOUTS, MARKER, MENTION
from tests.unit.discord.texts import HOSTILE

ONE = Card(blocks=())


def pages(*blocks: Block, layout: Layout = "components", command: str | None = None) -> int:
    found = bodies(Card(blocks=blocks, command=command), layout, mention=MENTION, marker=MARKER)
    assert [faults(body) for body in found] == [[]] * len(found)
    return len(found)


def test_the_limits_leave_room_for_a_mention_and_for_doubt() -> None:
    assert ComponentsMeasure(ONE).limit == (39, 3876, 9879, 64)
    assert EmbedMeasure(ONE).limit == (3993, 5850, 25)


@pytest.mark.parametrize(
    ("grapheme", "most"),
    [("a", 3876), ("*", 1938), ("歌", 3289), ("👍", 1938), (FAMILY, 352), ("e\u0301", 1938), ("ü", 3876)],
)
def test_texts_at_the_limit(grapheme: str, most: int) -> None:
    assert [pages(Paragraph(words(grapheme * (most + more)))) for more in (-1, 0, 1)] == [1, 1, 2]


@pytest.mark.parametrize(("grapheme", "most"), [("a", 3993), ("_", 1996), ("歌", 3993), ("👍", 1996), (FAMILY, 363)])
def test_descriptions_at_the_limit(grapheme: str, most: int) -> None:
    blocks = [Paragraph(words(grapheme * (most + more))) for more in (-1, 0, 1)]
    assert [pages(block, layout="embed") for block in blocks] == [1, 1, 2]


def test_components_at_the_limit() -> None:
    section = (Paragraph(words("a")), Divider())
    assert [pages(*section * count) for count in (18, 19, 20)] == [1, 1, 2]


def test_buttons_at_the_limit() -> None:
    def row(count: int) -> Actions:
        return Actions(tuple(Button(str(number), command=f"story {number}") for number in range(count)))

    assert [pages(row(count)) for count in (30, 31, 32)] == [1, 1, 2]
    assert [pages(row(count), layout="embed") for count in (24, 25, 26)] == [1, 1, 2]
    assert [pages(row(count), layout="embed", command="story x") for count in (23, 24, 25)] == [1, 1, 2]


def test_pictures_at_the_limit() -> None:
    assert [pages(*[Image(URL, "Ada")] * count) for count in (63, 64, 65)] == [1, 1, 2]


@pytest.mark.parametrize(("alt", "shown"), [("a" * 1024, "a" * 1024), ("a" * 1025, "a" * 1023 + "…")])
def test_descriptions_of_pictures_at_the_limit(alt: str, shown: str) -> None:
    (body,) = bodies(Card(blocks=(Image(URL, alt),)), "components")
    assert parts(body)[1]["items"][0]["description"] == shown
    (body,) = bodies(Card(blocks=(Image(URL, alt),)), "embed")
    assert embed(body)["image"]["description"] == shown


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_spoiler_over_a_page_goes_on_as_a_spoiler(layout: Layout) -> None:
    hidden = Spoiler((List(tuple(words("a" * 100) for _ in range(60))),))
    found = bodies(Card(blocks=(hidden,)), layout)
    assert len(found) == 2
    for body in found:
        assert all(part.get("spoiler") for part in body["components"])
        assert all(row.startswith("||") for row in body.get("embeds", [{}])[0].get("description", "||").split("\n"))


def test_texts_of_a_page_are_nearly_as_long_as_they_may_be() -> None:
    rows = tuple(words("a" * 90) for _ in range(100))
    first, *_ = bodies(Card(blocks=(List(rows),), command="story x"), "components")
    assert sum(map(len, displays(first))) > 3750


def repeated(clusters: Sequence[str], times: int) -> str:
    return "".join(clusters) * times


def rows(*times: int) -> st.SearchStrategy[tuple[Line, ...]]:
    text = st.builds(repeated, st.lists(CLUSTERS, min_size=1, max_size=25), st.sampled_from(times))
    return st.lists(st.one_of(text, st.sampled_from(HOSTILE)).map(words), min_size=1, max_size=6).map(tuple)


ROWS = rows(1, 5, 60)
ITEMS = rows(1, 5)
"""An item of a list that is longer than a page would be shortened."""
SAID: st.SearchStrategy[Plain] = st.one_of(ROWS.map(lambda rows: Paragraph(rows[0])), ROWS.map(Quote), ROWS.map(Small))
HIDDEN = st.lists(SAID, min_size=1, max_size=4).map(lambda inside: Spoiler(tuple(inside)))
BLOCK: st.SearchStrategy[Block] = st.one_of(SAID, ITEMS.map(List), st.just(Divider()), HIDDEN)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(blocks=st.lists(BLOCK, min_size=1, max_size=6))
def test_every_letter_of_a_card_is_on_some_page_in_order(layout: Layout, blocks: list[Block]) -> None:
    card = Card(blocks=(Paragraph(words("(start)")), *blocks, Paragraph((Text("(end)"),))))
    found = bodies(card, layout, mention=None, marker=MARKER)
    assert [faults(body) for body in found] == [[]] * len(found)
    said = "".join(plain_text(line) for block in card.blocks for line in lines_of(block))
    assert solid(letters(found)) == solid(without_invisible(said))


def solid(text: str) -> str:
    """Without white space, and the signs that stand for dividers and list items where Discord has none."""
    return "".join(sign for sign in text if not (sign.isspace() or sign in "─•"))
