"""The measure: pages are full but never over, at each limit and one to either side, and nothing of a card is lost."""

import json
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
    Heading,
    Image,
    Line,
    List,
    Notice,
    Paragraph,
    Plain,
    Quote,
    Small,
    Text,
    lines_of,
    plain_text,
)
from digestbot.domain.visible import without_invisible
from digestbot.platforms.slack.measure import BlocksMeasure
from digestbot.platforms.slack.pages import bodies
from tests.unit.cards import CLUSTERS, FAMILY, URL, lines, words
from tests.unit.slack.body import faults, kinds, length
from tests.unit.slack.client import shown
from tests.unit.slack.texts import DELIVERY, HOSTILE, MENTION, TEXTS

ONE = Card(blocks=())
ROOM = 12_000 - 160 - len('{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[]}]},')
EACH = len('{"type":"text","text":""}')


def pages(*blocks: Block, command: str | None = None) -> int:
    found = bodies(Card(blocks=blocks, command=command), mention=MENTION, delivery=DELIVERY)
    assert [faults(body) for body in found] == [[]] * len(found)
    return len(found)


def test_the_limits_leave_room_for_a_mention() -> None:
    assert BlocksMeasure(ONE).limit == (49, 11_840)


@pytest.mark.parametrize("grapheme", ["a", "*", "歌", "👍", FAMILY, "e\u0301", "ü", "&", "<", '"', "\\"])
def test_texts_at_the_limit(grapheme: str) -> None:
    each = length(json.dumps(grapheme, ensure_ascii=False)[1:-1].replace("&", "&amp;").replace("<", "&lt;"))
    most = (ROOM - EACH) // each
    assert [pages(Paragraph(words(grapheme * (most + more)))) for more in (-1, 0, 1)] == [1, 1, 2]


@pytest.mark.parametrize("block", [Paragraph(words("a")), Quote((words("a"),)), Small((words("a"),)), Image(URL, "a")])
def test_blocks_at_the_limit(block: Plain) -> None:
    end = Paragraph(words("b"))
    assert [pages(*[block] * count, end) for count in (47, 48, 49)] == [1, 1, 2]
    assert [pages(*[block] * count, end, command="story x") for count in (46, 47, 48)] == [1, 1, 2]


@pytest.mark.parametrize("count", range(1, 700, 20))
def test_buttons_at_the_limit(count: int) -> None:
    row = Actions(tuple(Button("a", command=f"story {number}") for number in range(5)))
    section: tuple[Block, ...] = (row, Paragraph(words("a" * 20)))
    assert pages(Paragraph(words("a" * count)), *section * 24, row) == 2


def test_the_mention_is_the_fiftieth_block() -> None:
    (body,) = bodies(Card(blocks=(Paragraph(words("a")),) * 49), mention=MENTION)
    assert len(kinds(body)) == 50


def test_texts_of_a_page_are_nearly_as_long_as_they_may_be() -> None:
    first, *_ = bodies(Card(blocks=(List(tuple(words("a" * 90) for _ in range(200))),), command="story x"))
    assert len(json.dumps(first["blocks"], ensure_ascii=False, separators=(",", ":"))) > 11_500


@given(block=st.sampled_from([Small, Quote, Notice]), rows=st.lists(lines(TEXTS), max_size=6), more=lines(TEXTS))
def test_costs_never_fall_when_blocks_grow(block: type[Small], rows: list[Line], more: Line) -> None:
    measure = BlocksMeasure(ONE)
    small, large = (measure.cost((block(tuple(each)),)) for each in (rows, [*rows, more]))
    assert all(before <= after for before, after in zip(small, large, strict=True))


@pytest.mark.parametrize("sign", ["a", "&", "<"])
def test_small_print_costs_no_less_where_it_becomes_text(sign: str) -> None:
    measure = BlocksMeasure(ONE)
    costs = [measure.cost((Small((words(sign * count),)),)) for count in range(500, 3100, 20)]
    assert costs == sorted(costs)
    assert measure.cost((Small((words(sign * 500 + "*"),)),)) > measure.cost((Small((words(sign * 500),)),))


def repeated(clusters: Sequence[str], times: int) -> str:
    return "".join(clusters) * times


def rows(*times: int) -> st.SearchStrategy[tuple[Line, ...]]:
    text = st.builds(repeated, st.lists(CLUSTERS, min_size=1, max_size=25), st.sampled_from(times))
    return st.lists(st.one_of(text, st.sampled_from(HOSTILE)).map(words), min_size=1, max_size=6).map(tuple)


ROWS = rows(1, 5, 200)
ITEMS = rows(1, 5)
"""An item of a list that is longer than a page would be shortened."""
BLOCK: st.SearchStrategy[Block] = st.one_of(
    ROWS.map(lambda rows: Paragraph(rows[0])),
    ROWS.map(Quote),
    ROWS.map(Small),
    ITEMS.map(List),
    ITEMS.map(lambda rows: Heading(rows[0], level=2)),
    st.just(Divider()),
)


@given(blocks=st.lists(BLOCK, min_size=1, max_size=6))
def test_every_letter_of_a_card_is_on_some_page_in_order(blocks: list[Block]) -> None:
    card = Card(blocks=(Paragraph(words("(start)")), *blocks, Paragraph((Text("(end)"),))))
    found = bodies(card, delivery=DELIVERY)
    assert [faults(body) for body in found] == [[]] * len(found)
    said = "".join(plain_text(line) for block in card.blocks for line in lines_of(block))
    assert solid("".join(shown(body).text for body in found)) == solid(without_invisible(said))


def solid(text: str) -> str:
    return "".join(text.split())
