"""What every retention must keep: what is over goes after its time, and nothing that went is ever news again."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.domain.delivery import Carried, DeliveryState, Reservation
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Look, State, Subscription
from digestbot.ports import Ledger, Retention, Subscriptions
from digestbot.storage.database import Database
from digestbot.storage.ledger import SqlLedger
from digestbot.storage.retention import SqlRetention
from digestbot.storage.subscriptions import SqlSubscriptions

LONG_AGO = datetime(2025, 1, 1, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=400)
PLACE = Place("sandbox", "here", "news")
LEASE = timedelta(minutes=2)


@dataclass
class Store:
    subscriptions: Subscriptions
    ledger: Ledger
    retention: Retention

    async def delivered(self, occasion: str, at: datetime, state: DeliveryState, **changes: object) -> str:
        """A row that came to that state then."""
        reservation = Reservation(
            subscription="s1", place=PLACE, occasion=occasion, due=at, look=Look(), stories=(f"story-{occasion}",)
        )
        (id_,) = await self.ledger.reserve([reservation])
        (row,) = await self.ledger.begin([id_], at, LEASE)
        carried = tuple(Carried(each.story, "r1") for each in row.stories)
        ended = replace(row, state=state, due=at, stories=carried, ref=MessageRef("news", "m1"), posted_at=at)
        assert await self.ledger.finish(replace(ended, **changes))  # type: ignore[arg-type]  # named by each test
        return id_


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    async with Database(address, upgrade=True) as database:
        store = Store(SqlSubscriptions(database), SqlLedger(database, _untold), SqlRetention(database))
        await store.subscriptions.add(subscription("s1"))
        yield store


async def _untold(_connection: object, _ids: Sequence[str], _due: datetime) -> None:
    """Nobody waits for work here."""


def subscription(id_: str, **changes: object) -> Subscription:
    cadence = parse_cadence("instant")
    plain = Subscription(id=id_, place=PLACE, filter=parse_filter("all"), cadence=cadence, since=LONG_AGO)
    return replace(plain, **changes)  # type: ignore[arg-type]  # named by each test


@pytest.mark.parametrize(
    "state", [DeliveryState.POSTED, DeliveryState.SKIPPED, DeliveryState.GONE, DeliveryState.REFUSED]
)
async def test_what_ended_before_goes_and_what_ended_after_stays(store: Store, state: DeliveryState) -> None:
    old = await store.delivered("old", BEFORE - timedelta(seconds=1), state)
    new = await store.delivered("new", BEFORE, state)
    assert await store.retention.prune(BEFORE, 100) == 1
    assert await store.ledger.get(old) is None
    assert await store.ledger.get(new) is not None


async def test_work_to_do_is_never_pruned_however_old(store: Store) -> None:
    waiting = await store.delivered("waiting", LONG_AGO, DeliveryState.WAITING)
    correcting = await store.delivered("correcting", LONG_AGO, DeliveryState.CORRECTING)
    hidden = await store.delivered("hidden", LONG_AGO, DeliveryState.POSTED, reveal_at=NOW + timedelta(days=9))
    assert await store.retention.prune(BEFORE, 100) == 0
    for id_ in (waiting, correcting, hidden):
        assert await store.ledger.get(id_) is not None


async def test_what_was_corrected_of_late_is_not_old(store: Store) -> None:
    id_ = await store.delivered("old", LONG_AGO, DeliveryState.POSTED)
    await store.ledger.correct([id_], NOW)
    (row,) = await store.ledger.begin([id_], NOW, LEASE)
    await store.ledger.finish(replace(row, state=DeliveryState.POSTED, due=NOW))
    assert await store.retention.prune(BEFORE, 100) == 0


async def test_the_oldest_go_first_and_no_more_than_asked(store: Store) -> None:
    ids = [await store.delivered(f"d{n}", LONG_AGO + timedelta(days=n), DeliveryState.POSTED) for n in range(5)]
    assert await store.retention.prune(BEFORE, 3) == 3
    assert [await store.ledger.get(id_) is None for id_ in ids] == [True, True, True, False, False]
    assert await store.retention.prune(BEFORE, 3) == 2
    assert await store.retention.prune(BEFORE, 3) == 0


async def test_no_story_that_was_told_is_news_again(store: Store) -> None:
    """Whoever looks for what a subscription has not been told would find the old story otherwise."""
    await store.delivered("old", LONG_AGO + timedelta(days=1), DeliveryState.POSTED)
    await store.retention.prune(BEFORE, 100)
    assert await store.ledger.told("s1") == frozenset()
    (known,) = await store.subscriptions.of_tenant("sandbox", "here")
    assert known.since == BEFORE


async def test_a_younger_subscription_keeps_its_beginning(store: Store) -> None:
    await store.subscriptions.add(subscription("s2", since=NOW))
    await store.retention.prune(BEFORE, 100)
    assert [each.since for each in await store.subscriptions.of_tenant("sandbox", "here")] == [BEFORE, NOW]


async def test_an_ended_subscription_goes_with_the_last_of_its_rows(store: Store) -> None:
    await store.delivered("old", LONG_AGO, DeliveryState.POSTED)
    kept = await store.delivered("new", NOW, DeliveryState.POSTED)
    await store.subscriptions.replace(subscription("s1", state=State.ENDED))
    await store.retention.prune(BEFORE, 100)
    assert await store.ledger.get(kept) is not None
    await store.retention.prune(NOW + timedelta(days=1), 100)
    await store.subscriptions.add(subscription("s1"))  # its id is free again
