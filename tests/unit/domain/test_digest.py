"""Choosing: every stage can hold a story and says why; what is over the limit waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.domain.digest import Stage, choose, passes, stages
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.story import Importance, Status, Story
from digestbot.domain.subscription import State, Subscription

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)

STORY = Story(
    id="gala",
    headline="The gala",
    published=datetime(2026, 11, 22, 20, tzinfo=UTC),
    status=Status.PUBLISHED,
    topics=("music",),
)
SUBSCRIPTION = Subscription(
    id="abc234",
    place=Place("sandbox", "home", "news"),
    filter=parse_filter("topic:music"),
    cadence=parse_cadence("daily 09:00"),
    since=datetime(2026, 11, 1, tzinfo=UTC),
)


def test_a_story_that_is_wanted_passes_every_stage() -> None:
    assert stages(STORY, SUBSCRIPTION, (), NOW) == (
        Stage("subscription", passed=True, reason="the subscription is active"),
        Stage("status", passed=True, reason="the story's status is published"),
        Stage("time", passed=True, reason="it went live at 2026-11-22 20:00 UTC"),
        Stage("since", passed=True, reason="it went live after the subscription began (2026-11-01 00:00 UTC)"),
        Stage("include", passed=True, reason="it is among what is subscribed (topic:music)"),
        Stage("exclude", passed=True, reason="nothing leaves it out"),
        Stage("told", passed=True, reason="this subscription has not had it yet"),
    )
    assert passes(STORY, SUBSCRIPTION, (), NOW)


@pytest.mark.parametrize(
    ("story", "subscription", "told", "held"),
    [
        (STORY, replace(SUBSCRIPTION, state=State.PAUSED), (), ("subscription", "it is paused")),
        (replace(STORY, status=Status.REVIEW), SUBSCRIPTION, (), ("status", "the story's status is review")),
        (replace(STORY, status=Status.RETRACTED), SUBSCRIPTION, (), ("status", "the story's status is retracted")),
        (
            replace(STORY, published=NOW + HOUR),
            SUBSCRIPTION,
            (),
            ("time", "its publication time is 2026-11-23 10:00 UTC"),
        ),
        (replace(STORY, embargo=NOW + HOUR), SUBSCRIPTION, (), ("time", "its embargo is 2026-11-23 10:00 UTC")),
        (
            STORY,
            replace(SUBSCRIPTION, since=NOW - HOUR),
            (),
            ("since", "it went live before the subscription began (2026-11-23 08:00 UTC)"),
        ),
        (
            STORY,
            replace(SUBSCRIPTION, filter=parse_filter("topic:film")),
            (),
            ("include", "it is not among what is subscribed (topic:film)"),
        ),
        (
            STORY,
            replace(SUBSCRIPTION, filter=parse_filter("all, -topic:music")),
            (),
            ("exclude", "`-topic:music` leaves it out"),
        ),
        (STORY, SUBSCRIPTION, ("gala",), ("told", "this subscription has already had it")),
    ],
)
def test_a_story_is_held_at_one_stage_which_says_why(
    story: Story, subscription: Subscription, told: tuple[str, ...], held: tuple[str, str]
) -> None:
    failed = [(stage.name, stage.reason) for stage in stages(story, subscription, told, NOW) if not stage.passed]
    assert failed == [held]
    assert choose([story], subscription, told, NOW) == ()


def test_an_embargo_ends_in_its_own_instant() -> None:
    embargoed = replace(STORY, embargo=NOW)
    assert not passes(embargoed, SUBSCRIPTION, (), NOW - timedelta(microseconds=1))
    assert passes(embargoed, SUBSCRIPTION, (), NOW)


def test_a_story_from_the_very_start_of_the_subscription_is_old_news() -> None:
    assert not passes(STORY, replace(SUBSCRIPTION, since=STORY.live_at), (), NOW)
    assert passes(STORY, replace(SUBSCRIPTION, since=STORY.live_at - timedelta(microseconds=1)), (), NOW)


def numbered(number: int, importance: Importance = Importance.NORMAL) -> Story:
    return replace(STORY, id=f"story-{number}", published=NOW - (10 - number) * HOUR, importance=importance)


def test_the_most_important_comes_first_then_the_oldest() -> None:
    stories = [
        numbered(1),
        numbered(2, Importance.LOW),
        numbered(3, Importance.URGENT),
        numbered(4),
        numbered(5, Importance.HIGH),
    ]
    chosen = choose(stories, SUBSCRIPTION, (), NOW)
    assert [story.id for story in chosen] == ["story-3", "story-5", "story-1", "story-4", "story-2"]


def test_over_the_limit_the_oldest_go_first_and_the_rest_wait_their_turn() -> None:
    stories = [numbered(4, Importance.URGENT), numbered(3), numbered(2), numbered(1, Importance.LOW), numbered(5)]
    small = replace(SUBSCRIPTION, limit=3)
    first = choose(stories, small, (), NOW)
    assert [story.id for story in first] == ["story-2", "story-3", "story-1"]
    second = choose(stories, small, [story.id for story in first], NOW)
    assert [story.id for story in second] == ["story-4", "story-5"]
    assert choose(stories, small, [story.id for story in (*first, *second)], NOW) == ()


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from(Importance)), max_size=12, unique_by=lambda pair: pair[0]),
    st.integers(1, 5),
)
def test_digest_after_digest_gives_each_story_once(given_: list[tuple[int, Importance]], limit: int) -> None:
    stories = [numbered(number, importance) for number, importance in given_]
    small, told = replace(SUBSCRIPTION, limit=limit), list[str]()
    while chosen := choose(stories, small, told, NOW):
        assert len(chosen) <= limit
        told += [story.id for story in chosen]
    assert sorted(told) == sorted(story.id for story in stories)
