"""The budget: limits are kept, whoever comes too early is told when, and then passes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.errors import Busy
from digestbot.platforms.slack.budget import Budget
from tests.fakes import FakeClock

NOW = datetime(2026, 5, 24, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def wait(budget: Budget, channel: str, delivery: str) -> timedelta:
    with pytest.raises(Busy) as caught:
        budget.post("T1", channel, delivery)
    assert caught.value.after is not None
    return caught.value.after


def test_a_channel_gets_one_message_a_second() -> None:
    clock = FakeClock(NOW)
    budget = Budget(clock)
    budget.post("T1", "C1", "a")
    assert wait(budget, "C1", "b") == SECOND
    assert wait(budget, "C1", "c") == 2 * SECOND
    budget.post("T1", "C2", "d")


def test_a_turn_is_kept_for_who_was_promised_it() -> None:
    clock = FakeClock(NOW)
    budget = Budget(clock)
    budget.post("T1", "C1", "a")
    wait(budget, "C1", "b")
    wait(budget, "C1", "c")
    clock.at += SECOND
    assert wait(budget, "C1", "d") == 2 * SECOND
    budget.post("T1", "C1", "b")
    assert wait(budget, "C1", "c") == SECOND


def test_a_workspace_has_a_limit_over_all_its_channels_and_another_has_its_own() -> None:
    budget = Budget(FakeClock(NOW))
    for number in range(26):
        budget.post("T1", f"C{number}", f"d{number}")
    assert wait(budget, "C26", "d26") == timedelta(seconds=0.2)
    budget.post("T2", "C26", "d26")


def test_members_direct_messages_count_for_their_workspace() -> None:
    budget = Budget(FakeClock(NOW))
    for number in range(26):
        budget.post(f"@T1/U{number}", f"@T1/U{number}", f"d{number}")
    assert wait(budget, "C1", "other") == timedelta(seconds=0.2)


def test_edits_have_a_lane_of_their_own() -> None:
    clock = FakeClock(NOW)
    budget = Budget(clock)
    for number in range(5):
        budget.edit("T1", f"d{number}")
    with pytest.raises(Busy) as caught:
        budget.edit("T1", "d5")
    assert caught.value.after == timedelta(seconds=1)
    budget.post("T1", "C1", "d5")


def test_slacks_own_wait_moves_everybody_on_and_who_met_it_stays_the_first() -> None:
    clock = FakeClock(NOW)
    budget = Budget(clock)
    budget.post("T1", "C1", "a")
    for number, who in enumerate("bcd", start=1):
        assert wait(budget, "C1", who) == number * SECOND
    budget.limited_post("T1", "C1", "a", 10 * SECOND)
    for number, who in enumerate("abcde"):
        assert wait(budget, "C1", who) == (10 + number) * SECOND
    budget.post("T1", "C2", "f")
    clock.at += 10 * SECOND
    budget.post("T1", "C1", "a")


def test_who_comes_late_is_not_followed_at_once_and_the_order_stays() -> None:
    """A busy machine lets turns go by: three that are overdue would be three at once."""
    clock = FakeClock(NOW)
    budget = Budget(clock)
    budget.post("T1", "C1", "a")
    for number, who in enumerate("bcde", start=1):
        assert wait(budget, "C1", who) == number * SECOND
    clock.at += 3.5 * SECOND
    budget.post("T1", "C1", "b")
    for number, who in enumerate("cd", start=1):
        assert wait(budget, "C1", who) == number * SECOND
    clock.at += SECOND
    budget.post("T1", "C1", "c")
    clock.at += SECOND
    budget.post("T1", "C1", "d")


def test_after_slacks_own_wait_no_edit_comes_early() -> None:
    clock = FakeClock(NOW)
    budget = Budget(clock)
    budget.edit("T1", "a")
    budget.limited_edit("T1", "a", 10 * SECOND)
    for number, who in enumerate("bc", start=1):
        with pytest.raises(Busy) as caught:
            budget.edit("T1", who)
        assert caught.value.after == timedelta(seconds=10 + 1.2 * number)
    clock.at += 10 * SECOND
    budget.edit("T1", "a")


def test_who_never_comes_is_forgotten() -> None:
    clock = FakeClock(NOW)
    budget = Budget(clock)
    for number in range(100):
        budget._channel("T1", "C1").turn(f"d{number}", NOW)
    clock.at += timedelta(hours=1)
    budget.post("T1", "C1", "later")
    assert budget._channel("T1", "C1").promised == {}


@given(st.lists(st.lists(st.floats(0, 5), min_size=1, max_size=5), max_size=20))
def test_no_channel_ever_gets_two_messages_within_a_second_however_late_they_come(rounds: list[list[float]]) -> None:
    clock = FakeClock(NOW)
    budget = Budget(clock)
    sent: list[datetime] = []
    waiting: dict[str, datetime] = {}
    for number, pauses in enumerate(rounds):
        waiting[f"d{number}"] = clock.at
        for pause in pauses:
            clock.at += timedelta(seconds=pause)
            for who in [who for who, at in waiting.items() if at <= clock.at]:
                try:
                    budget.post("T1", "C1", who)
                except Busy as fault:
                    waiting[who] = clock.at + (fault.after or timedelta())
                else:
                    sent.append(clock.at)
                    del waiting[who]
    assert all(later - earlier >= SECOND for earlier, later in pairwise(sent))


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 2)), max_size=60))
def test_no_channel_ever_gets_two_messages_within_a_second(calls: list[tuple[int, float]]) -> None:
    clock = FakeClock(NOW)
    budget = Budget(clock)
    sent: dict[str, list[datetime]] = {}
    for number, (channel, pause) in enumerate(calls):
        clock.at += timedelta(seconds=pause)
        try:
            budget.post("T1", f"C{channel}", f"d{number}")
        except Busy as fault:
            clock.at += fault.after or timedelta()
            budget.post("T1", f"C{channel}", f"d{number}")
        sent.setdefault(f"C{channel}", []).append(clock.at)
    for times in sent.values():
        assert all(later - earlier >= SECOND for earlier, later in pairwise(times))
