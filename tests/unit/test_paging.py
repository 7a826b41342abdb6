"""Paging: nothing is lost, nothing is over the limit, and pages break where a reader would."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
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
    lines_of,
    plain_text,
)
from digestbot.domain.grapheme import boundaries
from digestbot.domain.paging import paginate

AT = datetime(2026, 5, 24, tzinfo=UTC)
FAMILY = "👨‍👩‍👧‍👦"


@dataclass(frozen=True)
class Letters:
    """Counts characters and blocks, as the platforms do."""

    characters: int
    blocks: int = 1000

    @property
    def limit(self) -> tuple[int, ...]:
        return (self.characters, self.blocks)

    def cost(self, blocks: Sequence[Block]) -> tuple[int, ...]:
        return (sum(len(text) for block in blocks for text in texts(block)), sum(map(size, blocks)))


def texts(block: Block) -> list[str]:
    """Every text of a block in reading order."""
    if isinstance(block, Spoiler):
        return [text for inner in block.blocks for text in texts(inner)]
    if isinstance(block, Actions):
        return [button.label for button in block.buttons]
    if isinstance(block, Image):
        return [block.alt]
    return [plain_text(line) for line in lines_of(block)]


def size(block: Block) -> int:
    if isinstance(block, Spoiler):
        return 1 + sum(map(size, block.blocks))
    return 1 + len(block.buttons) if isinstance(block, Actions) else 1


def words(text: str) -> Line:
    return (Text(text),)


def words_of(*rows: str) -> tuple[Line, ...]:
    return tuple(map(words, rows))


def card(*blocks: Block) -> Card:
    return Card(blocks=blocks)


def laid(pages: Sequence[Card]) -> list[tuple[Block, ...]]:
    return [page.blocks for page in pages]


def test_a_card_that_fits_is_one_page() -> None:
    whole = card(Heading(words("Title")), Paragraph(words("Text")))
    assert paginate(whole, Letters(9)) == [whole]


def test_pages_are_numbered_from_one_and_keep_the_command() -> None:
    long = Card(blocks=(Paragraph(words("one")), Paragraph(words("two"))), command="story x", accent="music")
    pages = paginate(long, Letters(3))
    assert [(page.page, page.pages, page.command, page.accent) for page in pages] == [
        (1, 2, "story x", "music"),
        (2, 2, "story x", "music"),
    ]


def test_a_list_breaks_between_items_and_fills_the_page() -> None:
    pages = paginate(card(Paragraph(words("ab")), List((words("cd"), words("ef"), words("gh")))), Letters(6))
    assert laid(pages) == [
        (Paragraph(words("ab")), List((words("cd"), words("ef")))),
        (List((words("gh"),)),),
    ]


def test_an_ordered_list_goes_on_counting() -> None:
    pages = paginate(card(List(tuple(words(letter) for letter in "abcde"), ordered=True, start=3)), Letters(2))
    assert [block.start for page in pages for block in page.blocks if isinstance(block, List)] == [3, 5, 7]


def test_only_an_item_over_the_limit_is_shortened() -> None:
    pages = paginate(card(List((words("short"), words("a very long item"), words("end")))), Letters(10))
    assert laid(pages) == [
        (List((words("short"),)),),
        (List(((Text("a very"), Text("…")),)),),
        (List((words("end"),)),),
    ]


def test_a_quote_that_fits_on_a_page_of_its_own_is_not_torn() -> None:
    quote = Quote((words("to be or not"), words("— Hamlet")))
    assert laid(paginate(card(Paragraph(words("before")), quote), Letters(20))) == [
        (Paragraph(words("before")),),
        (quote,),
    ]


def test_a_longer_quote_breaks_between_its_lines_then_between_words() -> None:
    quote = Quote((words("one"), words("two three four"), words("five")))
    assert laid(paginate(card(quote), Letters(10))) == [
        (Quote((words("one"),)),),
        (Quote((words("two three"),)),),
        (Quote((words("four"), words("five"))),),
    ]


def test_a_paragraph_breaks_at_a_line_feed_before_a_space() -> None:
    pages = paginate(card(Paragraph(words("aaa bbb\nccc ddd"))), Letters(11))
    assert laid(pages) == [(Paragraph(words("aaa bbb")),), (Paragraph(words("ccc ddd")),)]


def test_text_without_spaces_breaks_between_graphemes() -> None:
    assert laid(paginate(card(Paragraph(words("存在しない歌"))), Letters(4))) == [
        (Paragraph(words("存在しな")),),
        (Paragraph(words("い歌")),),
    ]
    assert laid(paginate(card(Paragraph(words(FAMILY * 3))), Letters(2 * len(FAMILY) + 3))) == [
        (Paragraph(words(FAMILY * 2)),),
        (Paragraph(words(FAMILY)),),
    ]


def test_looks_survive_a_break() -> None:
    line = (Text("one two", strong=True), Text(" three"))
    assert laid(paginate(card(Paragraph(line)), Letters(8))) == [
        (Paragraph((Text("one two", strong=True),)),),
        (Paragraph(words("three")),),
    ]


def test_a_link_is_never_cut() -> None:
    link = Link("label of it", "https://example.org/")
    pages = paginate(card(Paragraph((Text("see "), link, Text(" now")))), Letters(12))
    assert laid(pages) == [(Paragraph(words("see")),), (Paragraph((link,)),), (Paragraph(words("now")),)]


def test_a_link_over_the_limit_keeps_its_address() -> None:
    link = Link("a label that is too long", "https://example.org/")
    assert laid(paginate(card(Paragraph((link, Text("!")))), Letters(9))) == [
        (Paragraph((Link("a label…", "https://example.org/"),)),),
        (Paragraph(words("!")),),
    ]


def test_a_heading_is_never_last_on_a_page() -> None:
    pages = paginate(card(Paragraph(words("abcd")), Heading(words("ef"), 2), Paragraph(words("gh"))), Letters(6))
    assert laid(pages) == [(Paragraph(words("abcd")),), (Heading(words("ef"), 2), Paragraph(words("gh")))]


def test_a_heading_in_a_spoiler_is_never_last_on_a_page() -> None:
    hidden = Spoiler((Paragraph(words("abcd")), Heading(words("ef"), 2), Paragraph(words("gh"))))
    assert laid(paginate(card(hidden), Letters(6))) == [
        (Spoiler((Paragraph(words("abcd")),)),),
        (Spoiler((Heading(words("ef"), 2), Paragraph(words("gh")))),),
    ]


def test_the_first_heading_and_the_closing_buttons_and_footer_are_on_every_page() -> None:
    lead, footer = Heading(words("T")), Small(words_of("f"))
    buttons = Actions((Button("b", command="event x"),))
    pages = paginate(card(lead, List((words("aaaa"), words("bbbb"))), buttons, footer), Letters(8))
    assert laid(pages) == [
        (lead, List((words("aaaa"),)), buttons, footer),
        (lead, List((words("bbbb"),)), buttons, footer),
    ]


def test_what_takes_more_than_half_a_page_is_not_repeated() -> None:
    lead, footer = Heading(words("Title")), Small(words_of("footer"))
    pages = paginate(card(lead, Paragraph(words("a b c d")), footer), Letters(8))
    assert laid(pages) == [(lead, Paragraph(words("a b"))), (Paragraph(words("c d")),), (footer,)]


def test_a_footer_that_does_not_fit_beside_the_last_block_gets_a_page_of_its_own() -> None:
    item, footer = List((words("abcdefgh"),)), Small(words_of("foot"))
    assert laid(paginate(card(item, footer), Letters(10))) == [(item,), (footer,)]


def test_a_divider_at_the_edge_of_a_page_is_dropped() -> None:
    pages = paginate(card(Paragraph(words("abc")), Divider(), Paragraph(words("def"))), Letters(3))
    assert laid(pages) == [(Paragraph(words("abc")),), (Paragraph(words("def")),)]


def test_a_spoiler_stays_a_spoiler_on_each_page() -> None:
    hidden = Spoiler((Paragraph(words("abc")), List((words("de"), words("fg")))))
    assert laid(paginate(card(Heading(words("T")), hidden), Letters(6))) == [
        (Heading(words("T")), Spoiler((Paragraph(words("abc")), List((words("de"),))))),
        (Heading(words("T")), Spoiler((List((words("fg"),)),))),
    ]


def test_blocks_count_too() -> None:
    pages = paginate(card(*(Paragraph(words(letter)) for letter in "abcde")), Letters(100, blocks=2))
    assert [len(page.blocks) for page in pages] == [2, 2, 1]


def test_headings_that_fill_a_page_lose_nothing_of_what_follows() -> None:
    headings = tuple(Heading(words(f"H{number}")) for number in range(3))
    pages = paginate(card(*headings, Paragraph(words("what follows"))), Letters(100, 3))
    assert Paragraph(words("what follows")) in [block for page in pages for block in page.blocks]


def test_limits_that_nothing_can_meet_end_in_an_empty_page() -> None:
    assert laid(paginate(card(Heading(words("T")), Paragraph(words("x")), Divider()), Letters(0, blocks=0))) == [()]


@pytest.mark.parametrize(
    "cluster",
    [
        FAMILY,
        "e\u0301",
        "🇫🇷",
        "👍🏽",
        "각",
        "\u1100\u1161\u11a8",
        "षि",
        "🏴\U000e0067\U000e0062\U000e007f",
        "\r\n",
        "❤\ufe0f",
    ],
)
def test_a_grapheme_is_one(cluster: str) -> None:
    assert list(boundaries(f"a{cluster}b")) == [1, 1 + len(cluster)]


def test_flags_break_in_pairs() -> None:
    assert list(boundaries("🇫🇷🇩🇪🇯🇵")) == [2, 4]


CLUSTERS = st.sampled_from(["a", "b", "é", "e\u0301", "歌", FAMILY, "🇫🇷", " ", " ", "\u00a0"])
LETTERS = st.lists(CLUSTERS, min_size=1, max_size=30).map("".join)
SOLID = st.lists(st.sampled_from(["e\u0301", "歌", FAMILY, "🇫🇷", "👍🏽"]), min_size=1, max_size=40).map("".join)
SHORT = st.text(st.sampled_from("xyz 歌"), min_size=1, max_size=18)


def inlines(text: st.SearchStrategy[str]) -> st.SearchStrategy[Line]:
    part = st.one_of(
        st.builds(Text, text, strong=st.booleans()),
        st.builds(Link, SHORT, st.just("https://example.org/")),
        st.builds(Time, st.just(AT), SHORT),
    )
    return st.lists(part, min_size=1, max_size=4).map(tuple)


def plains(text: st.SearchStrategy[str], item: st.SearchStrategy[Line]) -> st.SearchStrategy[Plain]:
    rows = st.lists(inlines(text), min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Heading, inlines(SHORT), st.integers(2, 3)),
        st.builds(Paragraph, inlines(text)),
        st.builds(Quote, rows),
        st.builds(Notice, rows),
        st.builds(Small, rows),
        st.builds(List, st.lists(item, min_size=1, max_size=8).map(tuple), st.booleans(), st.integers(1, 9)),
        st.just(Divider()),
        st.builds(Image, st.just("https://example.org/p.png"), SHORT),
        st.builds(Actions, st.lists(st.builds(Button, SHORT, command=SHORT), min_size=1, max_size=4).map(tuple)),
    )


def cards(text: st.SearchStrategy[str], item: st.SearchStrategy[Line]) -> st.SearchStrategy[Card]:
    plain = plains(text, item)
    block = st.one_of(plain, plain, st.builds(Spoiler, st.lists(plain, min_size=1, max_size=5).map(tuple)))
    lead = st.sampled_from([(), (Heading(words("0123")),), (Heading(words("0123456789" * 5)),)])
    end = st.sampled_from([Small(words_of("(footer)")), Paragraph(words("(end)"))])
    return st.builds(
        lambda first, rest, last: Card(blocks=(*first, *rest, last)), lead, st.lists(block, max_size=8), end
    )


def own(whole: Card, pages: Sequence[Card]) -> list[Block]:
    """The blocks of all pages without those that are repeated."""
    tail: list[Block] = []
    for block in reversed(whole.blocks):
        if not isinstance(block, Actions | Small):
            break
        tail.insert(0, block)
    found: list[Block] = []
    for page in pages:
        blocks = list(page.blocks)
        if page.page > 1 and blocks[:1] == list(whole.blocks[:1]) and isinstance(blocks[0], Heading):
            blocks = blocks[1:]
        if page.page < page.pages and tail and blocks[-len(tail) :] == tail:
            blocks = blocks[: -len(tail)]
        found += blocks
    return found


def solid(blocks: Sequence[Block]) -> str:
    """All text without white space."""
    return "".join("".join(texts(block)) for block in blocks).translate({ord(sign): None for sign in " \n\u00a0"})


@settings(deadline=None)
@given(cards(LETTERS, inlines(SHORT).map(lambda line: line[:2])), st.integers(100, 400), st.integers(8, 30))
def test_nothing_is_lost_and_nothing_is_over_the_limit(whole: Card, characters: int, blocks: int) -> None:
    measure = Letters(characters, blocks)
    pages = paginate(whole, measure)
    for page in pages:
        assert all(cost <= limit for cost, limit in zip(measure.cost(page.blocks), measure.limit, strict=True))
    assert solid(own(whole, pages)) == solid(whole.blocks)
    assert [page.page for page in pages] == list(range(1, len(pages) + 1))


@settings(deadline=None)
@given(cards(LETTERS, inlines(LETTERS)), st.integers(0, 40), st.integers(0, 6))
@example(Card(blocks=(Small(((Text(" "),),)),)), 0, 0)
def test_whatever_the_limits_pages_keep_them_and_come_to_an_end(whole: Card, characters: int, blocks: int) -> None:
    measure = Letters(characters, blocks)
    for page in paginate(whole, measure):
        assert all(cost <= limit for cost, limit in zip(measure.cost(page.blocks), measure.limit, strict=True))


@settings(deadline=None)
@given(cards(LETTERS, inlines(SHORT).map(lambda line: line[:2])), st.sampled_from([-1, 0, 1]))
def test_one_page_exactly_while_the_card_is_within_the_limit(whole: Card, slack: int) -> None:
    characters, blocks = Letters(0).cost(whole.blocks)
    pages = paginate(whole, Letters(max(characters + slack, 0), blocks))
    assert (len(pages) == 1 and pages[0].blocks == whole.blocks) == (slack >= 0 or characters == 0)


SECTIONS = st.lists(
    st.tuples(st.builds(Heading, SHORT.map(words), st.just(2)), plains(LETTERS, SHORT.map(words))).filter(
        lambda section: not isinstance(section[1], Heading | Divider)
    ),
    min_size=1,
    max_size=6,
).map(lambda sections: tuple(block for section in sections for block in section))


@settings(deadline=None)
@given(SECTIONS, st.booleans(), st.integers(60, 200))
def test_no_page_ends_with_a_heading(sections: tuple[Plain, ...], hidden: bool, characters: int) -> None:  # noqa: FBT001  # drawn
    whole = card(Spoiler(sections)) if hidden else card(*sections)
    for page in paginate(whole, Letters(characters)):
        last = page.blocks[-1]
        assert not isinstance(last.blocks[-1] if isinstance(last, Spoiler) else last, Heading)


@settings(deadline=None)
@given(SOLID, st.integers(12, 30))
def test_no_grapheme_is_cut(text: str, characters: int) -> None:
    starts = {text[:offset] for offset in boundaries(text)}
    read = ""
    for page in paginate(card(Paragraph(words(text))), Letters(characters))[:-1]:
        read += "".join(texts(page.blocks[0]))
        assert read in starts
        assert not unicodedata.combining(text[len(read)])
