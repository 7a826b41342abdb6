"""The system's clock."""

from datetime import UTC, datetime, timedelta

from digestbot.ports import Clock
from digestbot.runtime.clock import SystemClock


def test_the_present_is_aware_and_in_utc() -> None:
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


async def test_a_wait_that_is_over_already_returns_at_once() -> None:
    await SystemClock().sleep(timedelta(days=-1))
    await SystemClock().sleep(timedelta(0))
