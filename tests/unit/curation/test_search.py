import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.curation import search
from digestbot.curation.search import Search, queries
from digestbot.domain.story import Award, Event, Quote, Status, Story, Winner
from digestbot.errors import StartupError

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def story(id_: str, headline: str, summary: str = "", **more: object) -> Story:
    said = {"published": NOW - timedelta(days=1), "status": Status.PUBLISHED, **more}
    return Story(id=id_, headline=headline, summary=summary, **said)  # type: ignore[arg-type]  # a test's short cut


STORIES = [
    story("trombone", "The Borrowed Trombone wins", "A film about an umbrella."),
    story("umbrella", "Umbrella Accountants sweep", "Trombone players applaud. Zoë sang."),
    story(
        "people",
        "An evening",
        event=Event(id="gala", name="Grand Gala", venue="Palais Garnier", city="Paris"),
        quotes=(Quote(text="Never break", speaker="Beyoncé Knowles"),),
        winners=(Winner(name="Motörhead", awards=(Award(category="Best R&B Song", work="Ace of Spades"),)),),
        topics=("music",),
    ),
    story("kana", "架空花子が主演女優賞を受賞", "東京で授賞式がおこなわれた。"),
    story("korean", "가상의밴드 최우수상"),
    story("operators", 'AND OR NOT NEAR( "quoted" * ^ headline: {x} + -minus'),
    story("hidden", "Sup\u200ber\u00adstar \uff37\uff49\uff44\uff45"),
]


@pytest.fixture
async def opened() -> AsyncIterator[Search]:
    async with Search() as opened:
        opened.update([], STORIES)
        yield opened


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("umbrella", ["umbrella", "trombone"]),
        ("UMBRELLA trombone", ["umbrella", "trombone"]),
        ("umbrella film", ["trombone", "umbrella"]),
        ("film nothing-of-the-kind", ["trombone"]),
        ("tromb", ["trombone", "umbrella"]),
        ("tromb wins", ["trombone"]),
        ("beyonce", ["people"]),
        ("BEYONCÉ", ["people"]),
        ("zoe", ["umbrella"]),
        ("motorhead", ["people"]),
        ("grand gala", ["people"]),
        ("garnier", ["people"]),
        ("paris music", ["people"]),
        ("ace of spades", ["people"]),
        ("R&B", ["people"]),
        ("“never break”", ["people"]),
        ("花子", ["kana"]),
        ("授賞式", ["kana"]),
        ("밴드", ["korean"]),
        ("superstar", ["hidden"]),
        ("wide", ["hidden"]),
        ("xylophone", []),
        ("", []),
        ("  & ! … 🎉 ", []),
        ("film\x00umbrella \ud800", ["trombone", "umbrella"]),
    ],
)
async def test_words_find_stories_the_best_first(opened: Search, words: str, found: list[str]) -> None:
    assert await opened.find(words, NOW, 50) == found


@pytest.mark.parametrize(
    "words",
    ["NOT", "near(", '"quoted"', "headline:", "{x}", "-minus", "and or", "^headline", "quoted*", 'NEAR("quoted", 2)'],
)
async def test_operators_are_words_like_others(opened: Search, words: str) -> None:
    assert (await opened.find(words, NOW, 50))[0] == "operators"


async def test_a_limit_is_kept(opened: Search) -> None:
    assert await opened.find("umbrella trombone", NOW, 1) == ["umbrella"]


async def test_a_word_in_the_headline_counts_more(opened: Search) -> None:
    opened.update([], [story("z-body", "Something", "zither zither zither"), story("a-headline", "A zither")])
    assert await opened.find("zither", NOW, 50) == ["a-headline", "z-body"]


async def test_what_is_not_live_is_not_found_until_it_is(opened: Search) -> None:
    minute = NOW + timedelta(minutes=1)
    opened.update([], [story("held", "Kettledrum", embargo=minute)])
    assert await opened.find("kettledrum", NOW, 50) == []
    assert await opened.find("kettledrum", minute, 50) == ["held"]


async def test_changed_and_gone_stories_are_found_by_their_new_words_only(opened: Search) -> None:
    changed = story("trombone", "The Returned Piano wins")
    opened.update([STORIES[0], STORIES[1]], [changed])
    assert await opened.find("borrowed trombone umbrella", NOW, 50) == []
    assert await opened.find("piano", NOW, 50) == ["trombone"]
    opened.update([changed], [STORIES[0]])
    assert await opened.find("umbrella", NOW, 50) == ["trombone"]
    assert await opened.find("piano", NOW, 50) == []


async def test_a_great_library_completes_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PREFIX_UNTIL", 2)
    async with Search() as opened:
        opened.update([], STORIES)
        assert await opened.find("tromb", NOW, 50) == []
        assert await opened.find("trombone", NOW, 50) == ["trombone", "umbrella"]
        opened.update(STORIES[1:], [])
        assert await opened.find("tromb", NOW, 50) == ["trombone"], "it is not great any more"


async def test_nothing_of_a_story_taken_out_stays_in_the_index(opened: Search) -> None:
    def left() -> int:
        (count,) = opened._database.execute("SELECT count(*) FROM texts WHERE texts MATCH 'umbrella'").fetchone()
        return int(count)

    assert opened._thread.submit(left).result() == 2
    opened.update(STORIES, [])
    assert opened._thread.submit(left).result() == 0


async def test_of_many_matches_the_newest_are_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "RANKED", 2)
    days = [story(f"d{day}", "Drum", published=NOW - timedelta(days=day)) for day in (5, 2, 9, 1)]
    async with Search() as opened:
        opened.update([], days)
        assert await opened.find("drum", NOW, 50) == ["d1", "d2"]


async def test_without_fts5_the_bot_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_TABLES", "CREATE VIRTUAL TABLE texts USING fts6 (words);")
    with pytest.raises(StartupError, match=r"^Search needs FTS5, .* \(no such module: fts6\): run digestbot with"):
        async with Search():
            pass


def test_every_word_is_quoted_and_the_last_may_go_on() -> None:
    assert queries('say "hi" now', prefix=True) == ('"say" AND " hi " AND "now"*', '"say" OR " hi " OR "now"*')
    assert queries("one", prefix=False) == ('"one"',)
    assert queries("-- 🎉", prefix=True) == ()


def test_words_beyond_the_two_hundredth_character_do_not_count() -> None:
    assert len(queries("ab " * 500, prefix=False)[0]) < 1000


@given(st.text() | st.text(alphabet='"*^:(){}+-ANDORNOTNEAR ,;\x00é花', max_size=60))
def test_nothing_that_is_typed_breaks_the_search(words: str) -> None:
    async def find() -> None:
        async with Search() as opened:
            opened.update([], STORIES)
            assert set(await opened.find(words, NOW, 50)) <= {story.id for story in STORIES}

    asyncio.run(find())


@given(st.text(), st.text())
def test_whatever_a_story_says_can_be_put_in_and_taken_out(headline: str, summary: str) -> None:
    odd = story("odd", headline, summary)

    async def find() -> None:
        async with Search() as opened:
            opened.update([], [odd, *STORIES])
            opened.update([odd], [])
            assert "odd" not in await opened.find(f"{headline} {summary}", NOW, 50)

    asyncio.run(find())
