"""What every ledger must keep, whatever the store."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from digestbot.domain.delivery import Carried, Delivery, DeliveryState, Reservation, delivery_id
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Look, State, Subscription
from digestbot.ports import Ledger, Move, Subscriptions
from digestbot.storage.database import Database
from digestbot.storage.ledger import SqlLedger
from digestbot.storage.subscriptions import SqlSubscriptions
from tests.fakes import FakeLedger, FakeSubscriptions, due_ids

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
PLACE = Place("sandbox", "sandbox", "news")
REF = MessageRef("news", "m1")


@dataclass
class Store:
    subscriptions: Subscriptions
    ledger: Ledger


@pytest.fixture
async def store(any_address: str | None) -> AsyncIterator[Store]:
    if any_address is None:
        subscriptions = FakeSubscriptions()
        yield Store(subscriptions, FakeLedger(subscriptions=subscriptions))
        return
    async with Database(any_address, upgrade=True) as database:
        yield Store(SqlSubscriptions(database), SqlLedger(database, Published()))


class Published(list[str]):
    """Ids in the order in which they were published."""

    async def __call__(self, _connection: object, ids: Sequence[str], _due: datetime) -> None:
        self += ids


def subscription(id_: str = "s1", *, due: datetime | None = NOW, when: str = "daily 09:00") -> Subscription:
    return Subscription(
        id=id_,
        place=PLACE,
        filter=parse_filter("all"),
        cadence=parse_cadence(when),
        since=NOW - timedelta(days=3),
        next_due=due,
    )


def reservation(occasion: str = "d1", *stories: str, **changes: object) -> Reservation:
    plain = Reservation(
        subscription="s1", place=PLACE, occasion=occasion, due=NOW, look=Look(), stories=stories or ("one",)
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # each test names fields of its own


async def begun(store: Store, now: datetime = NOW) -> Delivery:
    (row,) = await store.ledger.begin(await due_ids(store.ledger, now), now, LEASE)
    return row


def posted(row: Delivery, revision: str = "r1") -> Delivery:
    stories = tuple(Carried(each.story, revision) for each in row.stories)
    return replace(row, state=DeliveryState.POSTED, due=NOW, begun_at=None, posted_at=NOW, ref=REF, stories=stories)


async def test_an_occasion_is_reserved_once(store: Store) -> None:
    assert await store.ledger.reserve([reservation()]) == [delivery_id("s1", "d1")]
    assert await store.ledger.reserve([reservation()]) == []


async def test_due_time_and_delivery_move_together(store: Store) -> None:
    await store.subscriptions.add(subscription())
    tomorrow = NOW + timedelta(days=1)
    await store.ledger.reserve([reservation()], [Move("s1", NOW, tomorrow)])
    found = await store.subscriptions.get("sandbox", "sandbox", "s1")
    assert found is not None
    assert found.next_due == tomorrow


async def test_a_planner_that_comes_second_reserves_nothing(store: Store) -> None:
    await store.subscriptions.add(subscription())
    await store.ledger.reserve([reservation("d1")], [Move("s1", NOW, NOW + timedelta(days=1))])
    late = await store.ledger.reserve([reservation("d2")], [Move("s1", NOW, NOW + timedelta(days=1))])
    assert late == []
    assert await store.ledger.get(delivery_id("s1", "d2")) is None


async def test_a_paused_subscription_moves_no_more(store: Store) -> None:
    await store.subscriptions.add(subscription(due=None))
    assert await store.ledger.reserve([reservation()], [Move("s1", NOW, NOW + timedelta(days=1))]) == []


@pytest.mark.parametrize("state", [State.PAUSED, State.ENDED])
async def test_a_planner_that_looked_before_a_subscription_stopped_reserves_nothing(store: Store, state: State) -> None:
    await store.subscriptions.add(replace(subscription(when="instant", due=None), state=state))
    assert await store.ledger.reserve([reservation()]) == []
    assert await store.ledger.get(delivery_id("s1", "d1")) is None


async def test_a_skipped_reservation_is_no_work_and_says_why(store: Store) -> None:
    await store.ledger.reserve([reservation(reason="nothing new", stories=())])
    assert await due_ids(store.ledger, NOW) == []
    row = await store.ledger.get(delivery_id("s1", "d1"))
    assert row is not None
    assert (row.state, row.error) == (DeliveryState.SKIPPED, "nothing new")


async def test_a_row_is_handed_to_one_taker_until_its_lease_ends(store: Store) -> None:
    await store.ledger.reserve([reservation()])
    first = await begun(store)
    assert (first.state, first.begun_at, first.attempt) == (DeliveryState.PLANNED, None, 1)
    assert await store.ledger.begin([first.id], NOW + LEASE / 2, LEASE) == []
    (second,) = await store.ledger.begin([first.id], NOW + LEASE, LEASE)
    assert (second.state, second.begun_at, second.attempt) == (DeliveryState.SENDING, NOW, 2)


async def test_who_lost_the_lease_cannot_finish(store: Store) -> None:
    await store.ledger.reserve([reservation()])
    zombie = await begun(store)
    (heir,) = await store.ledger.begin([zombie.id], NOW + LEASE, LEASE)
    assert await store.ledger.finish(posted(heir)) is True
    assert await store.ledger.finish(replace(posted(zombie), ref=MessageRef("news", "zombie"))) is False
    row = await store.ledger.get(heir.id)
    assert row is not None
    assert row.ref == REF


async def test_a_finished_row_shows_what_was_written(store: Store) -> None:
    await store.ledger.reserve([reservation("d1", "one", "two")])
    row = posted(await begun(store))
    await store.ledger.finish(row)
    assert await store.ledger.get(row.id) == replace(row, dropped=())


async def test_dropped_stories_may_be_told_later(store: Store) -> None:
    await store.ledger.reserve([reservation("d1", "one", "two")])
    row = await begun(store)
    await store.ledger.finish(replace(posted(row), stories=(Carried("one", "r1"),), dropped=("two",)))
    assert await store.ledger.told("s1") == {"one"}


async def test_skipped_stories_may_be_told_later(store: Store) -> None:
    await store.ledger.reserve([reservation("d1", "one", reason="too late")])
    assert await store.ledger.told("s1") == frozenset()
    assert await store.ledger.told_each(["s1", "s2"]) == {}


async def test_waiting_rows_come_back_when_due(store: Store) -> None:
    await store.ledger.reserve([reservation()])
    row = await begun(store)
    later = NOW + timedelta(minutes=5)
    await store.ledger.finish(replace(row, state=DeliveryState.WAITING, due=later, begun_at=None, error="busy"))
    assert await due_ids(store.ledger, later - timedelta(seconds=1)) == []
    assert await store.ledger.earliest() == later
    (again,) = await store.ledger.begin([row.id], later, LEASE)
    assert (again.attempt, again.begun_at) == (2, None)


async def test_urgent_rows_come_first(store: Store) -> None:
    await store.ledger.reserve([reservation("early"), reservation("urgent", due=NOW, urgent=True)])
    assert (await due_ids(store.ledger, NOW))[0] == delivery_id("s1", "urgent")


async def test_the_first_of_each_comes_before_the_second_of_any(store: Store) -> None:
    quiet = Place("sandbox", "quiet", "news")
    loud = [Place("sandbox", "loud", f"c{number}") for number in range(30)]
    rows = [replace(reservation(f"l{n}-{place.channel}"), place=place) for n in range(3) for place in loud]
    await store.ledger.reserve([*rows, replace(reservation("q1", due=NOW), place=quiet)])
    found = await store.ledger.due(NOW, 40)
    assert [due.place.tenant for due in found[:3]] == ["loud", "quiet", "loud"]
    assert len([due for due in found if due.place.tenant == "loud"]) == 10, "a quarter of what is asked for"


async def test_of_a_channel_come_the_earliest_few_in_order(store: Store) -> None:
    times = [NOW - timedelta(minutes=number) for number in range(20)]
    await store.ledger.reserve([reservation(f"d{number}", due=due) for number, due in enumerate(times)])
    found = await store.ledger.due(NOW, 100)
    assert [due.id for due in found] == [delivery_id("s1", f"d{number}") for number in range(19, 11, -1)]


async def test_nothing_passes_what_failed_in_its_channel_but_what_is_urgent(store: Store) -> None:
    elsewhere = replace(PLACE, channel="elsewhere")
    first, second = (reservation(f"d{n}", due=NOW - timedelta(minutes=3 - n)) for n in (1, 2))
    other = replace(reservation("d3"), place=elsewhere)
    await store.ledger.reserve([first, second, other])
    (row,) = await store.ledger.begin([first.id], NOW, LEASE)
    later = NOW + timedelta(minutes=5)
    await store.ledger.finish(replace(row, state=DeliveryState.WAITING, due=later, begun_at=None, failures=1))
    assert await due_ids(store.ledger, NOW) == [other.id]
    urgent = reservation("d4", due=NOW, urgent=True)
    await store.ledger.reserve([urgent])
    assert await due_ids(store.ledger, NOW) == [urgent.id, other.id]
    assert await due_ids(store.ledger, later) == [urgent.id, other.id, first.id, second.id]


async def test_at_the_start_leases_are_let_go(store: Store) -> None:
    await store.ledger.reserve([reservation()])
    await begun(store)
    soon = NOW + timedelta(seconds=1)
    assert await store.ledger.reclaim(soon) == 1
    assert await store.ledger.earliest() == soon
    assert await store.ledger.reclaim(soon) == 0


async def test_only_posted_rows_in_another_revision_are_stale(store: Store) -> None:
    await store.ledger.reserve([reservation("d1", "one"), reservation("d2", "two"), reservation("d3", "one")])
    rows = await store.ledger.begin([delivery_id("s1", "d1"), delivery_id("s1", "d2")], NOW, LEASE)
    for row in rows:
        await store.ledger.finish(posted(row))
    assert await store.ledger.stale({"one": "r1", "two": "r1"}) == []
    assert await store.ledger.stale({"one": "r2", "two": "r1"}) == [delivery_id("s1", "d1")]
    many = {f"story-{n}": "r1" for n in range(300)} | {"one": "r2"}
    assert await store.ledger.stale(many) == [delivery_id("s1", "d1")]


async def test_a_correction_is_one_job_however_often_it_is_asked_for(store: Store) -> None:
    await store.ledger.reserve([reservation()])
    row = posted(await begun(store))
    await store.ledger.finish(row)
    later = NOW + timedelta(hours=1)
    assert await store.ledger.correct([row.id], later) == 1
    assert await store.ledger.correct([row.id], later + timedelta(seconds=1)) == 0
    (edit,) = await store.ledger.begin([row.id], later, LEASE)
    assert (edit.state, edit.edited_at, edit.begun_at, edit.ref) == (DeliveryState.CORRECTING, later, None, REF)


async def test_a_posted_roll_up_that_grows_becomes_an_edit(store: Store) -> None:
    await store.ledger.reserve([reservation("event:e", "one", grows=True)])
    row = posted(await begun(store))
    await store.ledger.finish(row)
    await store.ledger.reserve([reservation("event:e", "two", grows=True)])
    grown = await store.ledger.get(row.id)
    assert grown is not None
    assert grown.state is DeliveryState.CORRECTING
    assert grown.stories == (Carried("one", "r1"), Carried("two", ""))


async def test_a_roll_up_that_grows_while_it_is_sent_is_edited_afterwards(store: Store) -> None:
    await store.ledger.reserve([reservation("event:e", "one", grows=True)])
    row = await begun(store)
    await store.ledger.reserve([reservation("event:e", "two", grows=True)])
    await store.ledger.finish(posted(row))
    grown = await store.ledger.get(row.id)
    assert grown is not None
    assert grown.state is DeliveryState.CORRECTING


async def test_hidden_spoilers_come_up_when_due(store: Store) -> None:
    await store.ledger.reserve([reservation()])
    row = replace(posted(await begun(store)), reveal_at=NOW + timedelta(hours=24))
    await store.ledger.finish(row)
    assert await store.ledger.revealing(NOW + timedelta(hours=23), 10) == []
    assert await store.ledger.revealing(NOW + timedelta(hours=24), 10) == [row.id]


async def test_fan_out_is_remembered_by_story(store: Store) -> None:
    await store.ledger.reserve([], planned=["one"])
    await store.ledger.reserve([], planned=["one"])
    assert await store.ledger.unplanned(["two", "one", "three"]) == ["two", "three"]


async def test_other_tenants_deliveries_are_not_seen(store: Store) -> None:
    await store.ledger.reserve([reservation()])
    assert len(await store.ledger.of_story("one", "sandbox", "sandbox")) == 1
    assert await store.ledger.of_story("one", "sandbox", "other") == []
    assert await store.ledger.counts("sandbox", "sandbox") == {DeliveryState.PLANNED: 1}
    assert await store.ledger.counts("sandbox", "other") == {}


async def test_what_makes_work_is_published_in_its_transaction(address: str) -> None:
    """A dispatcher that is told of rows needs every id: new ones, ones to try again, ones to correct."""
    published = Published()
    async with Database(address, upgrade=True) as database:
        store = Store(SqlSubscriptions(database), SqlLedger(database, published))
        await store.ledger.reserve([reservation(), reservation("quiet", reason="nothing new", stories=())])
        row = await begun(store)
        await store.ledger.finish(replace(row, state=DeliveryState.WAITING, due=NOW, begun_at=None))
        await store.ledger.finish(posted(await begun(store)))
        await store.ledger.correct([row.id], NOW)
        assert published == [row.id] * 3


async def test_a_skipped_roll_up_is_planned_anew_by_a_later_story(store: Store) -> None:
    await store.ledger.reserve([reservation("event:e", "one", grows=True)])
    row = await begun(store)
    await store.ledger.finish(replace(row, state=DeliveryState.SKIPPED, due=NOW, begun_at=None, dropped=("one",)))
    later = NOW + timedelta(hours=1)
    await store.ledger.reserve([reservation("event:e", "two", grows=True, due=later)])
    anew = await store.ledger.get(row.id)
    assert anew is not None
    assert (anew.state, anew.due, anew.expected, anew.error) == (DeliveryState.PLANNED, later, later, None)
    assert anew.stories == (Carried("two", ""),)


async def test_a_story_that_is_too_late_does_not_revive_a_skipped_roll_up(store: Store) -> None:
    await store.ledger.reserve([reservation("event:e", "one", grows=True, reason="too late")])
    await store.ledger.reserve([reservation("event:e", "two", grows=True, reason="too late")])
    assert await due_ids(store.ledger, NOW) == []


async def test_a_roll_up_that_grows_while_it_is_skipped_is_posted_after_all(store: Store) -> None:
    await store.ledger.reserve([reservation("event:e", "one", grows=True)])
    row = await begun(store)
    await store.ledger.reserve([reservation("event:e", "two", grows=True)])
    await store.ledger.finish(replace(row, state=DeliveryState.SKIPPED, due=NOW, begun_at=None, dropped=("one",)))
    assert await due_ids(store.ledger, NOW) == [row.id]


async def test_a_roll_up_not_begun_comes_with_the_most_urgent_of_its_stories(store: Store) -> None:
    morning = NOW + timedelta(hours=9)
    await store.ledger.reserve([reservation("event:e", "one", grows=True, due=morning)])
    await store.ledger.reserve([reservation("event:e", "two", grows=True, urgent=True)])
    row = await store.ledger.get(delivery_id("s1", "event:e"))
    assert row is not None
    assert (row.due, row.urgent) == (NOW, True)


async def test_a_posted_roll_up_grows_at_once_even_in_quiet_hours(store: Store) -> None:
    """An edit disturbs nobody, and a withdrawal must not wait behind it."""
    await store.ledger.reserve([reservation("event:e", "one", grows=True)])
    row = posted(await begun(store))
    await store.ledger.finish(row)
    morning = NOW + timedelta(hours=9)
    await store.ledger.reserve([reservation("event:e", "two", grows=True, due=morning, planned_at=NOW)])
    assert await due_ids(store.ledger, NOW) == [row.id]


async def test_failures_are_counted_in_a_row_and_forgotten_by_a_correction(store: Store) -> None:
    await store.ledger.reserve([reservation()])
    row = await begun(store)
    await store.ledger.finish(replace(row, state=DeliveryState.WAITING, due=NOW, begun_at=None, failures=3))
    again = await begun(store)
    assert again.failures == 3
    await store.ledger.finish(posted(again))
    await store.ledger.correct([row.id], NOW)
    (edit,) = await store.ledger.begin([row.id], NOW, LEASE)
    assert edit.failures == 0


async def test_what_a_paused_subscription_has_queued_is_not_posted(address: str) -> None:
    async with Database(address, upgrade=True) as database:
        store = Store(SqlSubscriptions(database), SqlLedger(database, Published()))
        await store.subscriptions.add(subscription())
        await store.ledger.reserve([reservation("queued"), reservation("begun")])
        await store.ledger.begin([delivery_id("s1", "begun")], NOW, LEASE)
        await store.subscriptions.replace(replace(subscription(due=None), state=State.PAUSED))
        queued = await store.ledger.get(delivery_id("s1", "queued"))
        in_hand = await store.ledger.get(delivery_id("s1", "begun"))
        assert queued is not None
        assert in_hand is not None
        assert (queued.state, queued.error) == (DeliveryState.SKIPPED, "the subscription is paused")
        assert in_hand.state is DeliveryState.SENDING


async def test_a_subscription_that_ended_does_not_come_back(address: str) -> None:
    async with Database(address, upgrade=True) as database:
        subscriptions = SqlSubscriptions(database)
        await subscriptions.add(subscription())
        await subscriptions.replace(replace(subscription(due=None), state=State.ENDED))
        await subscriptions.replace(subscription())
        assert await subscriptions.get("sandbox", "sandbox", "s1") is None


async def test_a_row_that_cannot_be_read_does_not_hold_up_the_others(address: str) -> None:
    async with Database(address, upgrade=True) as database:
        subscriptions = SqlSubscriptions(database)
        await subscriptions.add(subscription("s1"))
        await subscriptions.add(subscription("s2"))
        async with database.transaction() as connection:
            await connection.execute(text("UPDATE subscription SET cadence = 'fortnightly' WHERE id = 's1'"))
        assert [each.id for each in await subscriptions.due(NOW, 10)] == ["s2"]


async def test_the_thread_of_a_story_is_where_the_newest_message_standing_in_that_place_opened_one(
    store: Store,
) -> None:
    await store.ledger.reserve([reservation("d1", "one"), reservation("d2", "two")])
    first, second = await store.ledger.begin(await due_ids(store.ledger, NOW), NOW, LEASE)
    assert await store.ledger.thread(PLACE, ["one", "two"]) is None
    await store.ledger.finish(replace(posted(first), ref=MessageRef("thread-1", "m1")))
    later = replace(posted(second), ref=MessageRef("thread-2", "m2"), posted_at=NOW + timedelta(minutes=1))
    await store.ledger.finish(later)
    assert await store.ledger.thread(PLACE, ["one", "two"]) == "thread-2"
    assert await store.ledger.thread(PLACE, [second.stories[0].story]) == "thread-2"
    assert await store.ledger.thread(PLACE, ["three"]) is None
    assert await store.ledger.thread(replace(PLACE, channel="other"), ["one"]) is None


async def test_a_message_in_the_place_itself_opened_no_thread(store: Store) -> None:
    await store.ledger.reserve([reservation()])
    await store.ledger.finish(posted(await begun(store)))
    assert await store.ledger.thread(PLACE, ["one"]) is None


async def doubtful(store: Store, **changes: object) -> str:
    (id_,) = await store.ledger.reserve([reservation("d1", **changes)])
    (row,) = await store.ledger.begin([id_], NOW, LEASE)
    await store.ledger.finish(replace(row, state=DeliveryState.UNKNOWN, begun_at=NOW, due=NOW, error="nobody knows"))
    return id_


async def test_a_doubt_is_sent_again_once_however_often_it_is_asked_for(store: Store) -> None:
    id_ = await doubtful(store)
    later = NOW + timedelta(hours=9)
    assert await store.ledger.resend(id_, later)
    assert not await store.ledger.resend(id_, later)
    row = await store.ledger.get(id_)
    assert row is not None
    assert (row.state, row.due, row.expected, row.begun_at) == (DeliveryState.PLANNED, later, later, None)
    assert (row.failures, row.error, row.attempt) == (0, None, 2)
    assert await due_ids(store.ledger, later) == [id_]


async def test_who_still_holds_a_doubt_cannot_finish_it_after_it_was_settled(store: Store) -> None:
    id_ = await doubtful(store)
    held = await store.ledger.get(id_)
    assert held is not None
    await store.ledger.resend(id_, NOW)
    assert not await store.ledger.finish(replace(held, state=DeliveryState.POSTED))


async def test_a_doubt_that_is_left_ends_and_its_stories_are_not_told_again(store: Store) -> None:
    id_ = await doubtful(store, stories=("one",))
    assert await store.ledger.leave(id_, NOW, "left as it is")
    assert not await store.ledger.leave(id_, NOW, "again")
    assert not await store.ledger.resend(id_, NOW)
    row = await store.ledger.get(id_)
    assert row is not None
    assert (row.state, row.error) == (DeliveryState.SKIPPED, "left as it is")
    assert await due_ids(store.ledger, NOW + timedelta(days=9)) == []
    assert await store.ledger.told("s1") == {"one"}


async def test_a_roll_up_that_was_left_is_planned_anew_by_the_events_next_story(store: Store) -> None:
    id_ = await doubtful(store, stories=("one",), grows=True)
    await store.ledger.leave(id_, NOW, "left as it is")
    await store.ledger.reserve([reservation("d1", "two", grows=True)])
    row = await store.ledger.get(id_)
    assert row is not None
    assert (row.state, row.begun_at, row.error) == (DeliveryState.PLANNED, None, None)
    assert [carried.story for carried in row.stories] == ["one", "two"]


async def test_only_doubts_are_settled(store: Store) -> None:
    (id_,) = await store.ledger.reserve([reservation("d1")])
    assert not await store.ledger.resend(id_, NOW)
    assert not await store.ledger.leave(id_, NOW, "no")
    assert not await store.ledger.leave("nothing", NOW, "no")


async def test_rows_of_a_tenant_are_found_by_their_state(store: Store) -> None:
    id_ = await doubtful(store)
    found = await store.ledger.in_state("sandbox", "sandbox", DeliveryState.UNKNOWN)
    assert [row.id for row in found] == [id_]
    assert await store.ledger.in_state("sandbox", "sandbox", DeliveryState.POSTED) == []
    assert await store.ledger.in_state("sandbox", "elsewhere", DeliveryState.UNKNOWN) == []


async def test_what_waits_for_a_channel_comes_at_once_and_nothing_else_does(store: Store) -> None:
    other = reservation("d3", place=replace(PLACE, channel="awards"))
    ids = await store.ledger.reserve([reservation("d1"), reservation("d2"), other])
    waiting, sending, elsewhere = await store.ledger.begin(ids, NOW, LEASE)
    probe_at = NOW + timedelta(hours=6)
    for row in (waiting, elsewhere):
        await store.ledger.finish(replace(row, state=DeliveryState.WAITING, due=probe_at, error="closed"))
    assert await store.ledger.hasten(PLACE, NOW) == 1
    assert await due_ids(store.ledger, NOW) == [waiting.id]
    assert await store.ledger.hasten(PLACE, NOW) == 0
    held = await store.ledger.get(sending.id)
    assert held is not None
    assert held.due == NOW + LEASE


async def test_what_became_of_a_channels_rows_since_a_time_is_found(store: Store) -> None:
    other = reservation("d2", place=replace(PLACE, channel="awards"))
    id_, _ = await store.ledger.reserve([reservation("d1"), other])
    assert [row.id for row in await store.ledger.of_place(PLACE, NOW)] == [id_]
    assert await store.ledger.of_place(PLACE, NOW + timedelta(microseconds=1)) == []


async def test_the_next_time_that_something_is_due_is_known_beside_what_is_due_already(store: Store) -> None:
    later = NOW + timedelta(minutes=5)
    await store.ledger.reserve([reservation("d1"), reservation("d2", due=later)])
    assert await store.ledger.earliest() == NOW
    assert await store.ledger.earliest(NOW) == later
    assert await store.ledger.earliest(later) is None
