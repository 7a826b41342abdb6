"""What is written or planned for a tenant between its departure and its return."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from digestbot.domain.delivery import Carried, DeliveryState, Reservation
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Look, Subscription
from digestbot.storage.database import Database
from digestbot.storage.ledger import SqlLedger
from digestbot.storage.subscriptions import SqlSubscriptions
from digestbot.storage.tenants import SqlTenants

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
BACK = NOW + timedelta(days=1)
HERE = Place("discord", "1", "news")
OTHER = Place("discord", "2", "news")
NAMESAKE = Place("slack", "1", "news")


async def published(_connection: object, _ids: Sequence[str], _due: datetime) -> None:
    """Nobody waits for work here."""


@dataclass
class Store:
    database: Database
    subscriptions: SqlSubscriptions
    ledger: SqlLedger
    tenants: SqlTenants

    async def leave(self) -> None:
        await self.tenants.left("discord", "1", NOW)

    async def come_back(self) -> bool:
        return await self.tenants.returned("discord", "1", BACK)

    async def found(self, now: datetime = NOW) -> list[str]:
        """The subscriptions that a planner would plan for."""
        every = [*await self.subscriptions.instant(["all"], "", 10), *await self.subscriptions.due(now, 10)]
        return [each.id for each in every]

    async def post(self, place: Place, story: str = "a") -> str:
        (id_,) = await self.ledger.reserve([reservation(place, story)])
        (row,) = await self.ledger.begin([id_], NOW, timedelta(minutes=2))
        sent = replace(row, state=DeliveryState.POSTED, begun_at=None, posted_at=NOW, reveal_at=NOW)
        await self.ledger.finish(replace(sent, ref=MessageRef("news", "m1"), stories=(Carried(story, "old"),)))
        return id_


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/s.db", upgrade=True) as database:
        ledger = SqlLedger(database, published)
        yield Store(database, SqlSubscriptions(database), ledger, SqlTenants(database))


def subscription(id_: str = "s1", when: str = "instant", place: Place = HERE) -> Subscription:
    cadence = parse_cadence(when)
    return Subscription(
        id=id_,
        place=place,
        filter=parse_filter("all"),
        cadence=cadence,
        since=NOW - timedelta(days=3),
        next_due=None if cadence.instant else NOW,
    )


def reservation(place: Place = HERE, story: str = "a") -> Reservation:
    id_ = f"s-{place.platform}-{place.tenant}"
    return Reservation(subscription=id_, place=place, occasion=f"story:{story}", due=NOW, look=Look(), stories=(story,))


@pytest.mark.parametrize("when", ["instant", "daily 09:00"])
async def test_what_is_subscribed_while_digestbot_is_away_rests_until_it_is_back(store: Store, when: str) -> None:
    await store.leave()
    await store.subscriptions.add(subscription(when=when))
    assert await store.found() == []
    assert await store.subscriptions.earliest() is None
    assert await store.come_back()
    assert await store.found(BACK + timedelta(days=1)) == ["s1"]


@pytest.mark.parametrize("when", ["instant", "daily 09:00"])
async def test_what_is_edited_while_digestbot_is_away_rests_until_it_is_back(store: Store, when: str) -> None:
    await store.subscriptions.add(subscription(when=when))
    await store.leave()
    await store.subscriptions.replace(replace(subscription(when=when), limit=3))
    assert await store.found() == []
    assert await store.come_back()
    (there,) = await store.subscriptions.of_tenant("discord", "1")
    assert (there.limit, there.since) == (3, BACK)
    assert await store.found(BACK + timedelta(days=1)) == ["s1"]


async def test_others_are_planned_as_before(store: Store) -> None:
    await store.subscriptions.add(subscription("s2", place=OTHER))
    await store.leave()
    await store.subscriptions.add(subscription("s3", place=NAMESAKE))
    await store.subscriptions.replace(replace(subscription("s2", place=OTHER), limit=3))
    assert await store.found() == ["s2", "s3"]
    assert len(await store.ledger.reserve([reservation(OTHER), reservation(NAMESAKE), reservation(HERE)])) == 2


async def test_keys_that_are_there_already_do_not_keep_a_tenant_from_coming_back(store: Store) -> None:
    await store.subscriptions.add(subscription())
    await store.leave()
    async with store.database.transaction() as connection:
        await connection.execute(text("INSERT INTO subscription_key (key, subscription) VALUES ('all', 's1')"))
    assert await store.come_back()
    assert await store.found() == ["s1"]


async def test_a_subscription_that_cannot_be_read_does_not_keep_the_others_from_coming_back(store: Store) -> None:
    await store.subscriptions.add(subscription("s1"))
    await store.subscriptions.add(subscription("s2"))
    async with store.database.transaction() as connection:
        await connection.execute(text("UPDATE subscription SET filter = 'of a later release' WHERE id = 's2'"))
    await store.leave()
    assert await store.come_back()
    assert await store.found() == ["s1"]
    assert await store.tenants.purge(BACK + timedelta(days=99)) == {}


async def test_what_was_read_before_digestbot_left_is_not_reserved_after(store: Store) -> None:
    await store.leave()
    assert await store.ledger.reserve([reservation()]) == []
    assert await store.ledger.earliest() is None


async def test_messages_are_corrected_and_revealed_only_where_digestbot_is(store: Store) -> None:
    ours, theirs = await store.post(HERE), await store.post(OTHER)
    await store.leave()
    assert await store.ledger.stale({"a": "new"}) == [theirs]
    assert await store.ledger.revealing(NOW, 10) == [theirs]
    await store.come_back()
    assert set(await store.ledger.stale({"a": "new"})) == {ours, theirs}
    assert set(await store.ledger.revealing(NOW, 10)) == {ours, theirs}
