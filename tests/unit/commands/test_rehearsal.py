from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from digestbot.commands.rehearsal import MOST_POSTS, Post, is_night, rehearse
from digestbot.domain.filter import parse_filter
from digestbot.domain.schedule import parse_cadence, parse_quiet
from digestbot.domain.story import Importance, Status, Story
from digestbot.domain.subscription import Look, State
from tests.unit.commands.world import DAILY, INSTANT, NIGHTLY, NOW, SPEECH, WINNERS, World, at

START = at("2026-05-20T00:00")
STORIES = (WINNERS, SPEECH, NIGHTLY)
ALL = replace(INSTANT, filter=parse_filter("all"))


def test_instant_posts_come_when_each_story_goes_live() -> None:
    assert rehearse(ALL, STORIES, START, NOW) == (
        Post(at("2026-05-24T01:15"), (WINNERS,)),
        Post(at("2026-05-25T09:00"), (SPEECH,)),
        Post(at("2026-05-31T02:40"), (NIGHTLY,)),
    )


def test_quiet_hours_move_posts_to_their_end_but_not_urgent_ones() -> None:
    quiet = replace(ALL, quiet=parse_quiet("22:00-07:00"))
    assert rehearse(quiet, STORIES, START, NOW) == (
        Post(at("2026-05-24T07:00"), (WINNERS,)),
        Post(at("2026-05-25T09:00"), (SPEECH,)),
        Post(at("2026-05-31T02:40"), (NIGHTLY,)),
    )


def test_a_digest_carries_what_came_since_the_last_one_and_is_not_posted_empty() -> None:
    weekly = replace(DAILY, cadence=parse_cadence("weekly mon 09:00"), zone="UTC")
    assert rehearse(weekly, STORIES, START, NOW) == (
        Post(at("2026-05-25T09:00"), (WINNERS, SPEECH)),
        Post(at("2026-06-01T09:00"), (NIGHTLY,)),
    )


def test_empty_digests_are_counted_if_they_are_wanted() -> None:
    weekly = replace(DAILY, cadence=parse_cadence("weekly mon 09:00"), zone="UTC", empty=True)
    posts = rehearse(weekly, (), START, NOW)
    assert posts == (Post(at("2026-05-25T09:00"), ()), Post(at("2026-06-01T09:00"), ()))


def test_what_is_over_the_limit_waits_for_the_next_digest() -> None:
    daily = replace(DAILY, limit=1, zone="UTC")
    early = replace(SPEECH, published=at("2026-05-24T02:00"))
    assert rehearse(daily, (WINNERS, early), START, NOW) == (
        Post(at("2026-05-24T09:00"), (WINNERS,)),
        Post(at("2026-05-25T09:00"), (early,)),
    )


def test_a_roll_up_is_one_post_an_event_that_grows() -> None:
    rolling = replace(ALL, look=Look(template="event"))
    assert rehearse(rolling, STORIES, START, NOW) == (
        Post(at("2026-05-24T01:15"), (WINNERS,), grown=(SPEECH,)),
        Post(at("2026-05-31T02:40"), (NIGHTLY,)),
    )


def test_since_and_pause_do_not_count() -> None:
    late = replace(ALL, since=NOW, state=State.PAUSED)
    assert len(rehearse(late, STORIES, START, NOW)) == 3


def test_the_filter_counts() -> None:
    assert rehearse(INSTANT, STORIES, START, NOW) == (Post(at("2026-05-25T09:00"), (SPEECH,)),)


def test_a_due_time_that_has_not_come_yet_is_not_a_post() -> None:
    tomorrow = replace(DAILY, zone="UTC")
    assert rehearse(tomorrow, (NIGHTLY,), START, at("2026-05-31T08:59")) == ()


def test_a_cadence_of_many_posts_is_capped() -> None:
    busy = replace(DAILY, cadence=parse_cadence("*/30 * * * *"), empty=True)
    assert len(rehearse(busy, (), START, NOW)) == MOST_POSTS == 200


def test_the_night_is_from_ten_to_seven_by_the_local_clock() -> None:
    assert [is_night(datetime(2026, 6, 1, hour, tzinfo=UTC), "UTC") for hour in (21, 22, 6, 7)] == [
        *(False, True, True, False)
    ]
    assert is_night(datetime(2026, 6, 1, 20, tzinfo=UTC), "Europe/Paris")


@given(
    st.lists(st.tuples(st.integers(0, 30 * 24 * 60), st.sampled_from(Importance)), max_size=30),
    st.sampled_from(["instant", "daily 09:00", "weekly mon,thu 18:30; daily 06:00", "*/15 * * * *"]),
    st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe"]),
    st.integers(1, 5),
)
def test_no_story_is_posted_twice_or_before_it_is_out(
    made: list[tuple[int, Importance]], cadence: str, zone: str, limit: int
) -> None:
    start = at("2026-03-10T00:00")
    stories = sorted(
        (
            Story(
                id=f"s{number}",
                headline="x",
                published=start + timedelta(minutes=minutes),
                status=Status.PUBLISHED,
                importance=importance,
            )
            for number, (minutes, importance) in enumerate(made)
        ),
        key=lambda story: (story.live_at, story.id),
    )
    tried = replace(DAILY, cadence=parse_cadence(cadence), zone=zone, limit=limit)
    posts = rehearse(tried, stories, start - timedelta(minutes=1), start + timedelta(days=40))
    posted = [story for post in posts for story in post.stories]
    assert len(posted) == len(set(posted)) == len(stories)
    assert all(post.at >= story.live_at for post in posts for story in post.stories)
    assert cadence == "instant" or all(len(post.stories) <= limit for post in posts)


async def test_backtest_says_how_many_posts_when_and_with_what(world: World) -> None:
    assert await world.told("backtest days:14") == (
        "3 posts in 14 days, 0 at night\n"
        "Subscription daily2: all stories, every day at 09:00 (Europe/Paris). Night is from 22:00 to 07:00.\n"
        "Sun 2026-05-24 09:00: The Umbrella Accountants wins three prizes\n"
        "Tue 2026-05-26 09:00: A speech dedicated to a trombone\n"
        "Sun 2026-05-31 09:00: Votes are found in a hat"
    )


async def test_backtest_tries_a_filter_and_times_that_are_not_subscribed(world: World) -> None:
    assert await world.told("backtest what:event:gala-2026 days:14 template:event quiet:23:00-01:00") == (
        "1 post in 14 days, 1 at night\n"
        "stories of the event ‘gala-2026’, each as soon as it is out (UTC, quiet 23:00-01:00)."
        " Night is from 22:00 to 07:00.\n"
        "1 more story would have been added to these posts by editing them.\n"
        "Sun 2026-05-24 01:15 (night): The Umbrella Accountants wins three prizes;"
        " later A speech dedicated to a trombone"
    )


async def test_backtest_looks_back_a_week_unless_told_otherwise(world: World) -> None:
    assert (await world.told("backtest music3")).splitlines()[0] == "0 posts in 7 days, 0 at night"
    assert "Nothing would have been posted: no story of these days matches." in await world.told("backtest music3")
    assert await world.told("backtest days:32") == "`days` is a whole number from 1 to 31, not ‘32’."


async def test_backtest_changes_nothing_and_can_be_paged(world: World) -> None:
    reply = await world.ask('backtest daily2 when:"daily 05:00" page:2')
    assert (reply.card.command, reply.page) == ('backtest daily2 when:"daily 05:00"', 2)
    assert world.subscriptions.rows["daily2"] == DAILY
