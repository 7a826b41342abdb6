"""Stories: when they are live, who is in them, and when their content has changed."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.domain.story import (
    Award,
    AwardStatus,
    Category,
    Correction,
    Event,
    Evidence,
    Importance,
    Picture,
    Quote,
    Result,
    Source,
    Status,
    Story,
    Winner,
)

PUBLISHED = datetime(2020, 10, 15, 9, tzinfo=timezone(timedelta(hours=-7)))
HOUR = timedelta(hours=1)

STORY = Story(
    id="bbma-2020",
    headline="Post Malone wins nine",
    published=PUBLISHED,
    embargo=PUBLISHED - HOUR,
    status=Status.PUBLISHED,
    event=Event(id="bbma-2020", name="Billboard Music Awards", starts=date(2020, 10, 14)),
    topics=("music",),
    result=Result.OFFICIAL,
    source=Source(name="A newspaper", url="https://example.org/news"),
    quotes=(Quote(text="This is for Chrissy", speaker="John Legend", when="before the song", key=True),),
    winners=(Winner(name="Post Malone", total=9, awards=(Award(category="Top Artist"),)),),
    performers=("Alicia Keys",),
    image=Picture(url="https://example.org/picture.jpg", alt="A stage"),
    corrections=(Correction(at=PUBLISHED + HOUR, note="A name"),),
    summary="First paragraph.\n\nSecond paragraph.",
)


def event() -> Event:
    assert STORY.event
    return STORY.event


def test_without_an_embargo_a_story_is_live_when_published() -> None:
    assert replace(STORY, embargo=None).live_at == PUBLISHED


@pytest.mark.parametrize("later", [timedelta(), HOUR, 24 * HOUR])
def test_the_later_of_publication_and_embargo_decides(later: timedelta) -> None:
    assert replace(STORY, embargo=PUBLISHED + later).live_at == PUBLISHED + later
    assert replace(STORY, embargo=PUBLISHED - later).live_at == PUBLISHED


@pytest.mark.parametrize("status", Status)
def test_only_a_published_story_is_live_and_not_before_its_time(status: Status) -> None:
    story = replace(STORY, status=status)
    assert story.is_live(PUBLISHED) is (status is Status.PUBLISHED)
    assert not story.is_live(PUBLISHED - timedelta(microseconds=1))
    assert story.retracted is (status is Status.RETRACTED)


def test_the_key_quote_is_the_marked_one_else_the_first() -> None:
    first, second = Quote(text="One"), Quote(text="Two")
    assert replace(STORY, quotes=(first, replace(second, key=True))).key_quote == replace(second, key=True)
    assert replace(STORY, quotes=(first, second)).key_quote == first
    assert replace(STORY, quotes=()).key_quote is None


def test_people_are_named_once_in_order_of_appearance() -> None:
    story = replace(
        STORY,
        quotes=(Quote(text="One", speaker="Khalid"), Quote(text="Two")),
        winners=(Winner(name="Post Malone"), Winner(name="Khalid")),
        performers=("Alicia Keys", "Post Malone"),
    )
    assert story.people == ("Khalid", "Post Malone", "Alicia Keys")


def test_importance_has_an_order() -> None:
    assert sorted(Importance, key=lambda level: level.rank) == ["low", "normal", "high", "urgent"]


# --- revision ----------------------------------------------------------------------------------------------------


def test_a_revision_is_twelve_hex_digits_that_every_release_and_node_derive_alike() -> None:
    small = Story(id="a-story", headline="A headline", published=datetime(2026, 1, 1, tzinfo=UTC))
    assert small.revision == "0d5b16e93eca"


@given(st.lists(st.text(" \t\n", min_size=1, max_size=3), min_size=3, max_size=3), st.sampled_from(["", " ", "\n\n"]))
def test_white_space_does_not_count(gaps: list[str], edge: str) -> None:
    headline = edge + "Post" + gaps[0] + "Malone" + gaps[1] + "wins" + gaps[2] + "nine" + edge
    assert replace(STORY, headline=headline).revision == STORY.revision
    assert replace(STORY, summary=f"First paragraph.{gaps[0]}Second paragraph.{edge}").revision == STORY.revision


def test_how_an_instant_is_written_does_not_count() -> None:
    assert replace(STORY, published=PUBLISHED.astimezone(UTC)).revision == STORY.revision


@pytest.mark.parametrize(
    "change",
    [
        lambda: replace(STORY, id="bbma-2021"),
        lambda: replace(STORY, headline="Post Malone wins ten"),
        lambda: replace(STORY, published=PUBLISHED + HOUR),
        lambda: replace(STORY, embargo=None),
        lambda: replace(STORY, status=Status.RETRACTED),
        lambda: replace(STORY, topics=("music", "awards")),
        lambda: replace(STORY, importance=Importance.HIGH),
        lambda: replace(STORY, result=None),
        lambda: replace(STORY, source=None),
        lambda: replace(STORY, quotes=(replace(STORY.quotes[0], text="This is for Chris"),)),
        lambda: replace(STORY, quotes=(replace(STORY.quotes[0], verbatim=False),)),
        lambda: replace(STORY, quotes=(replace(STORY.quotes[0], evidence=Evidence(source="ab", start=0, end=9)),)),
        lambda: replace(STORY, winners=(Winner(name="Post Malone", total=9),)),
        lambda: replace(STORY, winners=(replace(STORY.winners[0], total=10),)),
        lambda: replace(
            STORY,
            winners=(
                Winner(name="Post Malone", total=9, awards=(Award(category="Top Artist", status=AwardStatus.TIED),)),
            ),
        ),
        lambda: replace(STORY, performers=()),
        lambda: replace(STORY, image=Picture(url="https://example.org/picture.jpg", alt="Another stage")),
        lambda: replace(STORY, corrections=()),
        lambda: replace(STORY, summary=""),
        lambda: replace(STORY, event=replace(event(), venue="Dolby Theatre")),
        lambda: replace(STORY, event=replace(event(), starts=datetime(2020, 10, 14, tzinfo=UTC))),
        lambda: replace(STORY, event=replace(event(), categories=(Category(name="Top Artist"),))),
    ],
)
def test_every_change_of_content_is_a_new_revision(change: Callable[[], Story]) -> None:
    assert change().revision != STORY.revision


def test_moving_words_from_one_field_to_the_next_is_a_change() -> None:
    one = replace(STORY, quotes=(Quote(text="Thanks", speaker="John", when="Legend"),))
    other = replace(STORY, quotes=(Quote(text="Thanks", speaker="John Legend"),))
    assert one.revision != other.revision


@dataclass(frozen=True, kw_only=True)
class StoryOfTheNextRelease(Story):
    mood: str | None = None


def test_a_field_that_a_release_adds_makes_no_old_story_look_corrected() -> None:
    values = {field.name: getattr(STORY, field.name) for field in fields(STORY)}
    assert StoryOfTheNextRelease(**values).revision == STORY.revision
    assert StoryOfTheNextRelease(**values, mood="glad").revision != STORY.revision


def test_equal_stories_have_equal_revisions() -> None:
    assert replace(STORY).revision == STORY.revision
