"""Identifies: a crash loop stops long before Discord resets the token."""

from datetime import UTC, datetime, timedelta

import pytest

from digestbot.platforms.discord.identifies import NOTE, Identifies, pause
from tests.fakes import FakeClock, FakeNotebook

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lately", "wait"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (49, 900)],
)
def test_five_an_hour_are_free_then_each_waits_longer(lately: int, wait: int) -> None:
    times = [NOW - timedelta(minutes=59), *[NOW] * lately][-lately:] if lately else []
    assert pause(times, NOW) == timedelta(seconds=wait)


def test_what_is_an_hour_old_does_not_count_and_fifty_a_day_are_many() -> None:
    assert pause([NOW - timedelta(hours=1)] * 49, NOW) == timedelta()
    assert pause([NOW - timedelta(hours=23)] * 49 + [NOW], NOW) == timedelta(minutes=30)
    assert pause([NOW - timedelta(days=1)] * 50, NOW) == timedelta()


async def test_a_day_of_crashes_stays_far_below_a_thousand() -> None:
    """Each start makes everything anew but the notebook, as a supervisor of processes would."""
    clock, notebook, times = FakeClock(NOW), FakeNotebook(), 0
    while clock.now() < NOW + timedelta(days=1):
        await Identifies(notebook, clock).allow(0)
        times += 1
        clock.at += timedelta(seconds=1)
    assert times == 88


async def test_the_time_is_written_down_before_the_session_is_asked_for() -> None:
    clock, notebook = FakeClock(NOW), FakeNotebook()
    await Identifies(notebook, clock).allow(3)
    assert notebook.notes[NOTE] == '{"3": [1777885200.0]}'


async def test_each_shard_has_a_count_of_its_own() -> None:
    clock, notebook = FakeClock(NOW), FakeNotebook()
    for shard in range(8):
        await Identifies(notebook, clock).allow(shard)
    assert clock.now() == NOW


def test_whoever_is_cut_off_while_waiting_has_the_less_to_wait_the_next_time() -> None:
    """The library gives up a connection that takes a minute, and comes again."""
    times = [NOW] * 8
    assert pause(times, NOW) == timedelta(minutes=4)
    assert pause(times, NOW + timedelta(minutes=3)) == timedelta(minutes=1)
    assert pause(times, NOW + timedelta(minutes=4)) == timedelta()
