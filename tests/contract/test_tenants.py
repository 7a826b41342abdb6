"""What every store of tenants must keep: leaving stops all, returning floods nobody, forgetting leaves nothing."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from digestbot.domain.delivery import Carried, Delivery, DeliveryState, Reservation, delivery_id
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Look, State, Subscription, TenantSettings
from digestbot.ports import Forgotten, Ledger, Move, Subscriptions, Tenants
from digestbot.storage.database import Database
from digestbot.storage.ledger import SqlLedger
from digestbot.storage.subscriptions import SqlSubscriptions
from digestbot.storage.tables import metadata
from digestbot.storage.tenants import SqlTenants
from tests.fakes import FakeLedger, FakeSubscriptions, FakeTenants, due_ids

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(days=9)
LEASE = timedelta(minutes=2)
HERE = Place("sandbox", "here", "news")
THERE = Place("sandbox", "there", "news")
NAMESAKE = Place("discord", "here", "news")
REASON = "digestbot was removed from this place"


@dataclass
class Store:
    subscriptions: Subscriptions
    ledger: Ledger
    tenants: Tenants


@pytest.fixture
async def store(any_address: str | None) -> AsyncIterator[Store]:
    if any_address is None:
        subscriptions = FakeSubscriptions()
        ledger = FakeLedger(subscriptions=subscriptions)
        yield Store(subscriptions, ledger, FakeTenants(subscriptions, ledger))
        return
    async with Database(any_address, upgrade=True) as database:
        yield Store(SqlSubscriptions(database), SqlLedger(database, _untold), SqlTenants(database))


async def _untold(_connection: object, _ids: Sequence[str], _due: datetime) -> None:
    """Nobody waits for work here."""


def subscription(id_: str, place: Place = HERE, *, when: str = "daily 09:00", **changes: object) -> Subscription:
    cadence = parse_cadence(when)
    due = None if cadence.instant else NOW - timedelta(hours=1)
    plain = Subscription(
        id=id_, place=place, filter=parse_filter("all"), cadence=cadence, since=BEGAN, next_due=due, created_by="u1"
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # each test names fields of its own


def reservation(of: Subscription, occasion: str = "d1") -> Reservation:
    return Reservation(
        subscription=of.id, place=of.place, occasion=occasion, due=NOW, look=Look(), stories=("one", "two")
    )


DAILY = subscription("daily1")
INSTANT = subscription("instant1", when="instant")
PAUSED = subscription("paused1", when="instant", state=State.PAUSED)
ENDED = subscription("ended1", state=State.ENDED, next_due=None)
THEIRS = subscription("theirs1", THERE)
THEIRS_AT_ONCE = subscription("theirs2", THERE, when="instant")
NAMESAKES = subscription("namesake1", NAMESAKE, when="instant")
ALL = (DAILY, INSTANT, PAUSED, ENDED, THEIRS, THEIRS_AT_ONCE, NAMESAKES)


async def filled(store: Store) -> Store:
    """Every kind of subscription in three tenants, with a queued delivery for each daily and instant one."""
    for each in ALL:
        await store.subscriptions.add(each)
    for place in (HERE, THERE, NAMESAKE):
        await store.subscriptions.set_settings(place.platform, place.tenant, TenantSettings(zone="Europe/Paris"))
    await store.ledger.reserve([reservation(each) for each in (DAILY, INSTANT, THEIRS, THEIRS_AT_ONCE, NAMESAKES)])
    return store


async def row(store: Store, of: Subscription, occasion: str = "d1") -> Delivery:
    found = await store.ledger.get(delivery_id(of.id, occasion))
    assert found is not None
    return found


async def found(store: Store, of: Subscription) -> Subscription:
    known = await store.subscriptions.get(of.place.platform, of.place.tenant, of.id)
    assert known is not None
    return known


async def begun(store: Store, of: Subscription) -> Delivery:
    (taken,) = await store.ledger.begin([delivery_id(of.id, "d1")], NOW, LEASE)
    return taken


def posted(taken: Delivery) -> Delivery:
    stories = tuple(Carried(each.story, "r1") for each in taken.stories)
    state, ref = DeliveryState.POSTED, MessageRef(taken.place.channel, "m1")
    return replace(taken, state=state, due=NOW, begun_at=None, posted_at=NOW, ref=ref, stories=stories)


async def planned_for(store: Store, now: datetime) -> list[str]:
    """Ids of all that a planner would find work for, whatever the story."""
    due = await store.subscriptions.due(now, 100)
    instant = await store.subscriptions.instant({"all"}, "", 100)
    return sorted(each.id for each in (*due, *instant))


# --- who is known


async def test_a_tenant_is_known_by_its_subscriptions_and_its_settings(store: Store) -> None:
    assert set(await store.tenants.all("sandbox")) == set()
    await store.subscriptions.add(ENDED)
    await store.subscriptions.set_settings("sandbox", "set", TenantSettings(locale="fi"))
    await store.subscriptions.add(NAMESAKES)
    assert set(await store.tenants.all("sandbox")) == {"here", "set"}
    assert set(await store.tenants.all("discord")) == {"here"}


# --- leaving


async def test_what_is_queued_is_skipped_with_the_reason_when_digestbot_leaves(store: Store) -> None:
    await filled(store)
    await store.tenants.left("sandbox", "here", NOW)
    for of in (DAILY, INSTANT):
        left = await row(store, of)
        assert (left.state, left.error) == (DeliveryState.SKIPPED, REASON)
    assert set(await due_ids(store.ledger, NOW)) == {
        delivery_id(each.id, "d1") for each in (THEIRS, THEIRS_AT_ONCE, NAMESAKES)
    }


async def test_a_row_that_waits_for_another_try_is_skipped_too(store: Store) -> None:
    await filled(store)
    taken = await begun(store, DAILY)
    await store.ledger.finish(
        replace(taken, state=DeliveryState.WAITING, begun_at=None, due=NOW + timedelta(hours=1), error="busy")
    )
    await store.tenants.left("sandbox", "here", NOW)
    assert (await row(store, DAILY)).error == REASON


async def test_what_is_on_its_way_or_in_doubt_can_still_be_settled(store: Store) -> None:
    """Its message may have been posted: to call it skipped would be a guess."""
    await filled(store)
    sending = await begun(store, DAILY)
    doubtful = await begun(store, INSTANT)
    later = NOW + timedelta(hours=1)
    await store.ledger.finish(replace(doubtful, state=DeliveryState.WAITING, begun_at=NOW, due=later))
    await store.tenants.left("sandbox", "here", NOW)
    assert (await row(store, DAILY)).state is DeliveryState.SENDING
    assert (await row(store, INSTANT)).state is DeliveryState.WAITING
    assert await store.ledger.finish(posted(sending))
    assert (await row(store, DAILY)).state is DeliveryState.POSTED


async def test_what_was_posted_stays_as_it_is(store: Store) -> None:
    await filled(store)
    await store.ledger.finish(posted(await begun(store, DAILY)))
    before = await row(store, DAILY)
    await store.tenants.left("sandbox", "here", NOW)
    assert await row(store, DAILY) == before


async def test_a_planner_finds_nothing_of_a_tenant_that_was_left(store: Store) -> None:
    await filled(store)
    assert await planned_for(store, NOW) == ["daily1", "instant1", "namesake1", "theirs1", "theirs2"]
    await store.tenants.left("sandbox", "here", NOW)
    assert await planned_for(store, NOW + timedelta(days=99)) == ["namesake1", "theirs1", "theirs2"]
    assert await store.subscriptions.earliest() == THEIRS.next_due


async def test_a_planner_that_looked_before_reserves_no_digest_after(store: Store) -> None:
    await filled(store)
    await store.tenants.left("sandbox", "here", NOW)
    move = Move(DAILY.id, DAILY.next_due, NOW + timedelta(days=1))
    assert await store.ledger.reserve([reservation(DAILY, "d2")], [move]) == []


async def test_subscriptions_and_settings_outlive_leaving(store: Store) -> None:
    await filled(store)
    await store.tenants.left("sandbox", "here", NOW)
    assert await found(store, DAILY) == replace(DAILY, next_due=None)
    assert await found(store, INSTANT) == INSTANT
    assert (await store.subscriptions.settings("sandbox", "here")).zone == "Europe/Paris"
    assert set(await store.tenants.all("sandbox")) == {"here", "there"}


async def test_the_earliest_time_of_leaving_counts(store: Store) -> None:
    await store.tenants.left("sandbox", "here", NOW)
    await store.tenants.left("sandbox", "here", NOW + timedelta(days=9))
    assert set(await store.tenants.purge(NOW + timedelta(seconds=1))) == {("sandbox", "here")}


async def test_who_left_before_that_time_is_forgotten_and_nobody_else(store: Store) -> None:
    await filled(store)
    for days, platform, tenant in ((2, "sandbox", "there"), (1, "discord", "here"), (3, "sandbox", "here")):
        await store.tenants.left(platform, tenant, NOW + timedelta(days=days))
    assert await store.tenants.purge(NOW) == {}
    assert await store.tenants.purge(NOW + timedelta(days=1)) == {}
    assert await store.tenants.purge(NOW + timedelta(days=3)) == {
        ("discord", "here"): Forgotten(subscriptions=1, deliveries=1, settings=1),
        ("sandbox", "there"): Forgotten(subscriptions=2, deliveries=2, settings=1),
    }
    assert await store.tenants.purge(NOW + timedelta(days=3)) == {}, "once is enough"
    assert await store.tenants.counted("sandbox", "here") == Forgotten(subscriptions=3, deliveries=2, settings=1)
    assert await store.tenants.counted("sandbox", "there") == Forgotten(0, 0, 0)


# --- coming back


async def test_who_had_not_left_does_not_return(store: Store) -> None:
    await filled(store)
    assert not await store.tenants.returned("sandbox", "here", NOW)
    assert [await found(store, each) for each in (DAILY, INSTANT, PAUSED)] == [DAILY, INSTANT, PAUSED]


async def test_coming_back_goes_on_from_then_and_floods_nobody(store: Store) -> None:
    await filled(store)
    await store.tenants.left("sandbox", "here", NOW)
    back = NOW + timedelta(days=5)
    assert await store.tenants.returned("sandbox", "here", back)
    tomorrow = datetime(2026, 5, 10, 9, 0, tzinfo=UTC)
    assert await found(store, DAILY) == replace(DAILY, since=back, next_due=tomorrow)
    assert await found(store, INSTANT) == replace(INSTANT, since=back)
    assert await planned_for(store, back) == ["instant1", "namesake1", "theirs1", "theirs2"]
    assert "daily1" in await planned_for(store, tomorrow)
    assert (await row(store, DAILY)).state is DeliveryState.SKIPPED, "what was skipped stays skipped"


async def test_a_paused_subscription_comes_back_paused_and_an_ended_one_not_at_all(store: Store) -> None:
    await filled(store)
    await store.tenants.left("sandbox", "here", NOW)
    await store.tenants.returned("sandbox", "here", NOW + timedelta(days=5))
    assert await found(store, PAUSED) == PAUSED
    assert await store.subscriptions.get("sandbox", "here", ENDED.id) is None


async def test_coming_back_twice_says_so_and_changes_nothing(store: Store) -> None:
    await filled(store)
    await store.tenants.left("sandbox", "here", NOW)
    assert await store.tenants.returned("sandbox", "here", NOW + timedelta(days=5))
    before = await found(store, DAILY)
    assert not await store.tenants.returned("sandbox", "here", NOW + timedelta(days=6))
    assert await found(store, DAILY) == before
    assert await store.tenants.purge(NOW + timedelta(days=99)) == {}


async def test_a_subscription_younger_than_the_return_keeps_its_beginning(store: Store) -> None:
    young = replace(INSTANT, since=NOW + timedelta(days=7))
    await store.subscriptions.add(young)
    await store.tenants.left("sandbox", "here", NOW)
    await store.tenants.returned("sandbox", "here", NOW + timedelta(days=5))
    assert await found(store, young) == young


async def test_leaving_again_after_coming_back_counts_from_then(store: Store) -> None:
    await store.tenants.left("sandbox", "here", NOW)
    await store.tenants.returned("sandbox", "here", NOW + timedelta(days=1))
    await store.tenants.left("sandbox", "here", NOW + timedelta(days=2))
    assert await store.tenants.purge(NOW + timedelta(days=2)) == {}
    assert set(await store.tenants.purge(NOW + timedelta(days=3))) == {("sandbox", "here")}


# --- forgetting


async def test_counting_deletes_nothing_and_leaves_out_what_ended(store: Store) -> None:
    await filled(store)
    expected = Forgotten(subscriptions=3, deliveries=2, settings=1)
    assert await store.tenants.counted("sandbox", "here") == expected
    assert await store.tenants.counted("sandbox", "here") == expected
    assert await store.tenants.counted("sandbox", "nowhere") == Forgotten(0, 0, 0)


async def test_forgetting_leaves_nothing_of_a_tenant_and_everything_of_the_others(store: Store) -> None:
    await filled(store)
    rows = [await row(store, each) for each in (THEIRS, THEIRS_AT_ONCE, NAMESAKES)]
    assert await store.tenants.forget("sandbox", "here") == Forgotten(subscriptions=3, deliveries=2, settings=1)
    assert await store.tenants.counted("sandbox", "here") == Forgotten(0, 0, 0)
    assert set(await store.tenants.all("sandbox")) == {"there"}
    assert await store.subscriptions.of_tenant("sandbox", "here") == []
    assert await store.subscriptions.settings("sandbox", "here") == TenantSettings()
    assert [await store.ledger.get(delivery_id(each.id, "d1")) for each in (DAILY, INSTANT)] == [None, None]
    assert await store.ledger.told(DAILY.id) == frozenset()
    assert await store.ledger.of_story("one", "sandbox", "here") == []
    others = (THEIRS, THEIRS_AT_ONCE, NAMESAKES)
    assert [await found(store, each) for each in others] == list(others)
    assert [await row(store, each) for each in others] == rows
    assert await store.ledger.told(THEIRS.id) == {"one", "two"}
    assert (await store.subscriptions.settings("sandbox", "there")).zone == "Europe/Paris"
    assert await planned_for(store, NOW) == ["namesake1", "theirs1", "theirs2"]


async def test_an_id_that_ended_is_forgotten_too(store: Store) -> None:
    await filled(store)
    await store.tenants.forget("sandbox", "here")
    await store.subscriptions.add(replace(ENDED, place=THERE, state=State.ACTIVE))
    assert await store.subscriptions.get("sandbox", "there", ENDED.id) is not None


async def test_a_row_that_is_forgotten_on_its_way_cannot_be_finished(store: Store) -> None:
    await filled(store)
    taken, theirs = await begun(store, DAILY), await begun(store, THEIRS)
    await store.tenants.forget("sandbox", "here")
    assert not await store.ledger.finish(posted(taken))
    assert await store.ledger.get(taken.id) is None
    assert await store.ledger.told(DAILY.id) == frozenset()
    assert await store.ledger.finish(posted(theirs))


async def test_a_correction_that_is_forgotten_on_its_way_cannot_be_finished(store: Store) -> None:
    await filled(store)
    await store.ledger.finish(posted(await begun(store, DAILY)))
    await store.ledger.correct([delivery_id(DAILY.id, "d1")], NOW)
    taken = await begun(store, DAILY)
    await store.tenants.forget("sandbox", "here")
    assert not await store.ledger.finish(posted(taken))
    assert await store.ledger.stale({"one": "r2"}) == []


async def test_who_left_and_is_forgotten_has_not_left_any_more(store: Store) -> None:
    await filled(store)
    await store.tenants.left("sandbox", "here", NOW)
    await store.tenants.left("sandbox", "there", NOW)
    await store.tenants.forget("sandbox", "here")
    assert set(await store.tenants.purge(NOW + timedelta(days=1))) == {("sandbox", "there")}
    assert not await store.tenants.returned("sandbox", "here", NOW + timedelta(days=2))


async def test_a_tenant_can_begin_anew_after_it_was_forgotten(store: Store) -> None:
    await filled(store)
    await store.tenants.left("sandbox", "here", NOW)
    await store.tenants.forget("sandbox", "here")
    await store.subscriptions.add(INSTANT)
    assert INSTANT.id in await planned_for(store, NOW)
    assert await store.ledger.reserve([reservation(INSTANT)]) == [delivery_id(INSTANT.id, "d1")]


async def test_forgetting_what_is_not_stored_is_no_fault(store: Store) -> None:
    assert await store.tenants.forget("sandbox", "nowhere") == Forgotten(0, 0, 0)


async def test_of_a_tenant_one_channel_alone_can_be_forgotten(store: Store) -> None:
    own = subscription("own1", replace(HERE, channel="@u1"), when="instant")
    await filled(store)
    await store.subscriptions.add(own)
    await store.ledger.reserve([reservation(own)])
    expected = Forgotten(subscriptions=1, deliveries=1, settings=0)
    assert await store.tenants.counted("sandbox", "here", "@u1") == expected
    assert await store.tenants.forget("sandbox", "here", "@u1") == expected
    assert await store.subscriptions.get("sandbox", "here", own.id) is None
    assert await store.ledger.get(delivery_id(own.id, "d1")) is None
    assert await store.tenants.counted("sandbox", "here") == Forgotten(subscriptions=3, deliveries=2, settings=1)


async def test_no_table_holds_a_row_of_a_forgotten_tenant(address: str) -> None:
    """Also tables that come later: all of them are looked through."""
    async with Database(address, upgrade=True) as database:
        store = Store(SqlSubscriptions(database), SqlLedger(database, _untold), SqlTenants(database))
        await filled(store)
        await store.tenants.left("sandbox", "here", NOW)
        await store.tenants.forget("sandbox", "here")
        async with database.transaction() as connection:
            held = {
                table.name: [str(each) for each in await connection.execute(select(table))]
                for table in metadata.sorted_tables
            }
    ours = ("daily1", "instant1", "paused1", "ended1", delivery_id("daily1", "d1"), delivery_id("instant1", "d1"))
    assert [(name, each) for name, rows in held.items() for each in rows if any(id_ in each for id_ in ours)] == []
    assert len(held["delivery"]) == 3
    assert [each for each in held["tenant"] if "'sandbox', 'here'" in each] == []
    assert held["departure"] == []
