"""The purge: deleted after the time of grace, not before, and not at all if digestbot came back."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Subscription
from digestbot.ports import Forgotten
from digestbot.scheduling.purge import Purge
from tests.fakes import FakeClock, FakeLedger, FakeSubscriptions, FakeTenants

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
GRACE = timedelta(days=30)
KEEP = timedelta(days=400)


def subscription(id_: str, tenant: str) -> Subscription:
    place = Place("fake", tenant, "news")
    return Subscription(id=id_, place=place, filter=parse_filter("all"), cadence=parse_cadence("instant"), since=NOW)


class FakeRetention:
    """Holds so many old deliveries; keeps what it was asked."""

    def __init__(self, old: int = 0) -> None:
        self.old = old
        self.asked: list[tuple[datetime, int]] = []

    async def prune(self, before: datetime, limit: int) -> int:
        self.asked.append((before, limit))
        pruned = min(self.old, limit)
        self.old -= pruned
        return pruned


def purging(tenants: FakeTenants, clock: FakeClock, retention: FakeRetention | None = None) -> Purge:
    return Purge(tenants, retention or FakeRetention(), clock, grace=GRACE, keep=KEEP)


@pytest.fixture
def subscriptions() -> FakeSubscriptions:
    return FakeSubscriptions(subscription("s1", "left"), subscription("s2", "stays"))


async def test_who_left_is_deleted_when_the_grace_is_over(subscriptions: FakeSubscriptions) -> None:
    tenants, clock = FakeTenants(subscriptions, FakeLedger()), FakeClock(NOW)
    purge = purging(tenants, clock)
    await tenants.left("fake", "left", NOW)
    clock.at = NOW + GRACE
    assert await purge.once() == 0
    assert set(subscriptions.rows) == {"s1", "s2"}
    clock.at += timedelta(seconds=1)
    assert await purge.once() == 1
    assert set(subscriptions.rows) == {"s2"}


async def test_who_came_back_stays(subscriptions: FakeSubscriptions) -> None:
    tenants, clock = FakeTenants(subscriptions, FakeLedger()), FakeClock(NOW)
    await tenants.left("fake", "left", NOW)
    await tenants.returned("fake", "left", NOW + timedelta(days=29))
    clock.at = NOW + timedelta(days=99)
    assert await purging(tenants, clock).once() == 0


async def test_it_looks_every_hour_and_survives_a_fault(subscriptions: FakeSubscriptions) -> None:
    clock = FakeClock(NOW)

    class Failing(FakeTenants):
        async def purge(self, before: datetime) -> Mapping[tuple[str, str], Forgotten]:
            asked.append(before)
            raise ConnectionError("the store is away")

    asked: list[datetime] = []
    run = asyncio.create_task(purging(Failing(subscriptions, FakeLedger()), clock).run())
    while len(asked) < 3:  # noqa: ASYNC110 - the fake clock sleeps by giving way
        await asyncio.sleep(0)
    run.cancel()
    assert [at + GRACE for at in asked] == [NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=2)]


async def test_what_is_over_for_long_is_pruned_in_pieces(subscriptions: FakeSubscriptions) -> None:
    retention = FakeRetention(2_500)
    await purging(FakeTenants(subscriptions, FakeLedger()), FakeClock(NOW), retention).once()
    assert retention.old == 0
    assert retention.asked == [(NOW - KEEP, 1_000)] * 4
