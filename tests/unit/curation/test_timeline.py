from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from digestbot.curation.timeline import Timeline
from digestbot.domain.story import Story

START = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = [UTC, timezone(timedelta(hours=-7)), timezone(timedelta(hours=5, minutes=30))]


def story(number: int, hour: int, headline: str = "H") -> Story:
    published = (START + timedelta(hours=hour)).astimezone(ZONES[number % 3])
    return Story(id=f"s{number}", headline=headline, published=published)


def at(hour: float) -> datetime:
    return START + timedelta(hours=hour)


LINE = Timeline().changed([], [story(3, 2), story(1, 1), story(2, 2), story(4, 9)])


def ids(stories: tuple[Story, ...]) -> list[str]:
    return [story.id for story in stories]


def test_stories_stand_in_order_of_time_and_then_of_id() -> None:
    assert ids(LINE.stories) == ["s1", "s2", "s3", "s4"]


def test_until_a_moment_includes_it() -> None:
    assert ids(LINE.until(at(0.9))) == []
    assert ids(LINE.until(at(2))) == ["s1", "s2", "s3"]


def test_between_leaves_out_the_first_moment_and_includes_the_last() -> None:
    assert ids(LINE.between(at(1), at(2))) == ["s2", "s3"]
    assert ids(LINE.between(at(2), at(9))) == ["s4"]
    assert ids(LINE.between(at(9), at(2))) == []


def test_the_next_time_is_later() -> None:
    assert LINE.next_time(at(0)) == at(1)
    assert LINE.next_time(at(2)) == at(9)
    assert LINE.next_time(at(9)) is None


steps = st.lists(st.tuples(st.integers(0, 60), st.integers(-1, 5)), min_size=1, max_size=40)


@given(st.integers(0, 60), st.lists(steps, max_size=4))
def test_any_changes_leave_what_sorting_everything_would(first: int, changes: list[list[tuple[int, int]]]) -> None:
    kept = {number: story(number, number % 7) for number in range(first)}
    line = Timeline().changed([], kept.values())
    for change in changes:
        gone, new = [], []
        for number, hour in dict(change).items():
            if number in kept:
                gone.append(kept.pop(number))
            if hour >= 0:
                kept[number] = story(number, hour, "changed")
                new.append(kept[number])
        line = line.changed(gone, new)
        assert list(line.stories) == sorted(kept.values(), key=lambda story: (story.published, story.id))
        assert list(line.times) == [story.published.timestamp() for story in line.stories]
