"""What two processes do to each other on one database: each row is one's, and neither waits in a circle."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from digestbot.domain.delivery import OPEN, Carried, Delivery, DeliveryState, Reservation, delivery_id
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Look, State, Subscription
from digestbot.ports import Installation, Move
from digestbot.storage.database import Database, migrate
from digestbot.storage.installations import SqlInstallations
from digestbot.storage.ledger import SqlLedger
from digestbot.storage.locks import held, locked
from digestbot.storage.notebook import SqlNotebook
from digestbot.storage.retention import SqlRetention
from digestbot.storage.subscriptions import SqlSubscriptions
from digestbot.storage.tables import subscription as subscriptions
from digestbot.storage.tenants import SqlTenants
from tests.postgres import Postgres

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
LEASE = timedelta(minutes=2)
PLACE = Place("sandbox", "sandbox", "news")
KEY = "bWFkZSBmb3IgdGhlIHRlc3RzIG9mIGRpZ2VzdGJvdCE="
ROUNDS = 12
"""How often two things happen at once: a race that is lost at all is lost within these."""


@dataclass
class Process:
    database: Database
    published: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.subscriptions = SqlSubscriptions(self.database)
        self.ledger = SqlLedger(self.database, self._publish)
        self.tenants = SqlTenants(self.database)

    async def _publish(self, _connection: object, ids: Sequence[str], _due: datetime) -> None:
        self.published += ids
        await asyncio.sleep(0)  # the other one gets its turn inside our transaction

    async def row(self, id_: str) -> Delivery:
        row = await self.ledger.get(id_)
        assert row is not None
        return row


Pair = tuple[Process, Process]


@pytest.fixture
async def pair(address: str) -> AsyncIterator[Pair]:
    async with Database(address, upgrade=True) as one, Database(address) as two:
        yield Process(one), Process(two)


def subscription(id_: str = "s1", *, place: Place = PLACE, when: str = "daily 09:00") -> Subscription:
    cadence = parse_cadence(when)
    return Subscription(
        id=id_,
        place=place,
        filter=parse_filter("all"),
        cadence=cadence,
        since=NOW - timedelta(days=3),
        next_due=None if cadence.instant else NOW,
    )


def reservation(occasion: str, *stories: str, of: str = "s1", place: Place = PLACE, grows: bool = False) -> Reservation:
    return Reservation(
        subscription=of,
        place=place,
        occasion=occasion,
        due=NOW,
        planned_at=NOW,
        look=Look(),
        stories=stories or ("one",),
        grows=grows,
    )


def posted(row: Delivery) -> Delivery:
    stories = tuple(Carried(each.story, "r1") for each in row.stories)
    ref = MessageRef("news", f"m-{row.id}")
    return replace(row, state=DeliveryState.POSTED, due=NOW, begun_at=None, posted_at=NOW, ref=ref, stories=stories)


# --- planners


async def test_what_two_planners_reserve_at_once_is_there_once_and_told_once(pair: Pair) -> None:
    one, two = pair
    wanted = [reservation(f"d{number}", "a", "b") for number in range(200)]
    first, second = await asyncio.gather(one.ledger.reserve(wanted), two.ledger.reserve(wanted[::-1]))
    ids = sorted(each.id for each in wanted)
    assert sorted([*first, *second]) == ids
    assert sorted(one.published + two.published) == ids
    assert (await one.row(ids[0])).stories == (Carried("a", ""), Carried("b", ""))


async def test_of_two_planners_that_move_a_due_time_at_once_one_reserves(pair: Pair) -> None:
    one, two = pair
    each_ = [subscription(f"s{number}") for number in range(ROUNDS)]
    for known in each_:
        await one.subscriptions.add(known)
    moves = [Move(known.id, NOW, TOMORROW) for known in each_]
    # different occasions: only the move can tell that they are the same run
    first, second = await asyncio.gather(
        one.ledger.reserve([reservation("as one sees it", of=known.id) for known in each_], moves),
        two.ledger.reserve([reservation("as two sees it", of=known.id) for known in each_], moves[::-1]),
    )
    assert len(first) + len(second) == ROUNDS
    there = [await one.ledger.of_subscription(known.id) for known in each_]
    assert [len(rows) for rows in there] == [1] * ROUNDS
    assert await two.subscriptions.earliest() == TOMORROW


@pytest.mark.parametrize("known", [False, True])
async def test_a_roll_up_that_two_planners_make_grow_at_once_carries_both_stories(pair: Pair, *, known: bool) -> None:
    one, two = pair
    occasions = [f"event:{number}" for number in range(ROUNDS)]
    if known:
        await one.ledger.reserve([reservation(occasion, "first", grows=True) for occasion in occasions])
    await asyncio.gather(
        one.ledger.reserve([reservation(occasion, "a", grows=True) for occasion in occasions]),
        two.ledger.reserve([reservation(occasion, "b", grows=True) for occasion in reversed(occasions)]),
    )
    rows = [await one.row(delivery_id("s1", occasion)) for occasion in occasions]
    expected = {"first", "a", "b"} if known else {"a", "b"}
    assert [{carried.story for carried in row.stories} for row in rows] == [expected] * ROUNDS


async def test_a_roll_up_that_grows_while_its_post_is_written_down_is_edited_afterwards(pair: Pair) -> None:
    one, two = pair
    occasions = [f"event:{number}" for number in range(ROUNDS)]
    ids = await one.ledger.reserve([reservation(occasion, "a", grows=True) for occasion in occasions])
    rows = await one.ledger.begin(ids, NOW, LEASE)
    await asyncio.gather(
        *(one.ledger.finish(posted(row)) for row in rows),
        *(two.ledger.reserve([reservation(occasion, "b", grows=True)]) for occasion in occasions),
    )
    after = [await one.row(id_) for id_ in ids]
    assert [row.state for row in after] == [DeliveryState.CORRECTING] * ROUNDS
    assert [row.stories for row in after] == [(Carried("a", "r1"), Carried("b", ""))] * ROUNDS


async def test_two_planners_may_say_at_once_which_stories_they_have_planned(pair: Pair) -> None:
    one, two = pair
    stories = [f"story-{number}" for number in range(100)]
    await asyncio.gather(one.ledger.reserve([], planned=stories), two.ledger.reserve([], planned=stories[::-1]))
    assert await two.ledger.unplanned(stories) == []


# --- couriers


async def test_of_rows_that_two_couriers_begin_at_once_each_is_ones(pair: Pair) -> None:
    one, two = pair
    ids = list(await one.ledger.reserve([reservation(f"d{number}") for number in range(200)]))
    first, second = await asyncio.gather(one.ledger.begin(ids, NOW, LEASE), two.ledger.begin(ids[::-1], NOW, LEASE))
    assert sorted(row.id for row in (*first, *second)) == sorted(ids)
    assert {row.attempt for row in (*first, *second)} == {1}
    assert {(await one.row(id_)).attempt for id_ in ids} == {1}


async def test_a_courier_that_lost_its_lease_to_another_process_writes_nothing(pair: Pair) -> None:
    one, two = pair
    (id_,) = await one.ledger.reserve([reservation("d1")])
    (zombie,) = await one.ledger.begin([id_], NOW, LEASE)
    assert await two.ledger.begin([id_], NOW + LEASE - timedelta(microseconds=1), LEASE) == []
    (heir,) = await two.ledger.begin([id_], NOW + LEASE, LEASE)
    assert (heir.state, heir.begun_at) == (DeliveryState.SENDING, NOW), "in doubt: to be settled before it is sent"
    late = replace(posted(zombie), ref=MessageRef("news", "zombie"))
    wrote = await asyncio.gather(one.ledger.finish(late), two.ledger.finish(posted(heir)))
    assert list(wrote) == [False, True]
    assert (await one.row(id_)).ref == MessageRef("news", f"m-{id_}")


async def test_a_zombie_that_looks_at_a_row_does_not_hide_it_from_its_heir(pair: Pair) -> None:
    """Who is told of a row once must get it: that another holds it for a moment is no reason to pass over it."""
    one, two = pair
    ids = list(await one.ledger.reserve([reservation(f"d{number}") for number in range(ROUNDS)]))
    zombies = await one.ledger.begin(ids, NOW, LEASE)
    results = await asyncio.gather(
        *(one.ledger.finish(replace(posted(row), attempt=0)) for row in zombies),
        *(two.ledger.begin([id_], NOW + LEASE, LEASE) for id_ in ids),
    )
    assert results[:ROUNDS] == [False] * ROUNDS
    assert [len(rows) for rows in results[ROUNDS:] if isinstance(rows, list)] == [1] * ROUNDS


async def test_a_correction_that_two_processes_ask_for_at_once_is_one_job(pair: Pair) -> None:
    one, two = pair
    ids = list(await one.ledger.reserve([reservation(f"d{number}") for number in range(200)]))
    for row in await one.ledger.begin(ids, NOW, LEASE):
        await one.ledger.finish(posted(row))
    one.published.clear()
    found = await one.ledger.stale({"one": "r2"})
    counts = await asyncio.gather(one.ledger.correct(found, NOW), two.ledger.correct(found[::-1], NOW))
    assert sum(counts) == 200
    assert sorted(one.published + two.published) == sorted(ids)


# --- admins, and coming and going


async def test_nothing_is_planned_for_a_subscription_that_is_paused_at_once(pair: Pair) -> None:
    one, two = pair
    for number in range(ROUNDS):
        known = subscription(f"s{number}", when="instant")
        await one.subscriptions.add(known)
        await asyncio.gather(
            one.ledger.reserve([reservation("story:a", of=known.id)]),
            two.subscriptions.replace(replace(known, state=State.PAUSED)),
        )
        rows = await one.ledger.of_subscription(known.id)
        assert [row for row in rows if row.state in OPEN] == []


async def test_nothing_is_planned_where_digestbot_is_removed_at_once(pair: Pair) -> None:
    one, two = pair
    for number in range(ROUNDS):
        place = Place("discord", f"t{number}", "news")
        known = subscription(f"s{number}", place=place, when="instant")
        await one.subscriptions.add(known)
        await asyncio.gather(
            two.tenants.left("discord", place.tenant, NOW),
            one.ledger.reserve([reservation("story:a", of=known.id, place=place)]),
        )
        rows = await one.ledger.of_subscription(known.id)
        assert [row for row in rows if row.state in OPEN] == []


async def test_who_subscribes_while_digestbot_comes_back_does_not_rest_for_ever(postgres: Postgres) -> None:
    """The subscriptions there are read, then the new one is written, then the departure's end is: it must not be so."""
    address, place = postgres.emptied(), Place("discord", "t", "news")
    first, second = (subscription(id_, place=place, when="instant") for id_ in ("s1", "s2"))
    async with Database(address) as database, Database(address) as other:
        one, two = Process(database), Process(other)
        await one.subscriptions.add(first)
        await one.tenants.left("discord", "t", NOW)
        async with database.transaction() as holder:
            await held(holder, subscriptions, subscriptions.c.id == "s1")
            returned = asyncio.create_task(one.tenants.returned("discord", "t", NOW))
            await postgres.waited(address, 1, returned)
            added = asyncio.create_task(two.subscriptions.add(second))
            await postgres.waited(address, 2, added)
        await asyncio.gather(returned, added)
        assert [each.id for each in await one.subscriptions.instant(["all"], "", 9)] == ["s1", "s2"]


def test_rows_are_locked_in_one_order() -> None:
    statement = locked(select(subscriptions.c.id).where(subscriptions.c.next_due.is_(None)), subscriptions)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own constructor
    asked = str(statement.compile(dialect=dialect))
    assert asked.endswith("WHERE subscription.next_due IS NULL ORDER BY subscription.id FOR NO KEY UPDATE")


async def test_a_tenant_is_purged_once_by_two_processes(pair: Pair) -> None:
    one, two = pair
    for number in range(ROUNDS):
        await one.subscriptions.add(subscription(f"s{number}", place=Place("discord", f"t{number}", "news")))
        await one.tenants.left("discord", f"t{number}", NOW)
    first, second = await asyncio.gather(one.tenants.purge(TOMORROW), two.tenants.purge(TOMORROW))
    assert sorted([*first, *second]) == sorted(("discord", f"t{number}") for number in range(ROUNDS))


async def test_what_is_pruned_and_corrected_at_once_is_either_gone_or_work_to_do(pair: Pair) -> None:
    one, two = pair
    ids = list(await one.ledger.reserve([reservation(f"d{number}") for number in range(100)]))
    for row in await one.ledger.begin(ids, NOW, LEASE):
        await one.ledger.finish(posted(row))
    retention = SqlRetention(one.database)
    pruned, corrected = await asyncio.gather(retention.prune(TOMORROW, 100), two.ledger.correct(ids, NOW))
    found = [await one.ledger.get(id_) for id_ in ids]
    there = [row for row in found if row]
    assert (pruned + corrected, len(there)) == (100, corrected)
    assert {row.state for row in there} <= {DeliveryState.CORRECTING}
    assert {len(row.stories) for row in there} <= {1}


async def test_whatever_happens_to_one_tenants_rows_at_once_nobody_waits_in_a_circle(pair: Pair) -> None:
    one, two = pair
    place = Place("discord", "t", "news")
    known = [subscription(f"s{number}", place=place) for number in range(5)]
    for round_ in range(ROUNDS // 3):
        for each in known:
            await one.subscriptions.add(each)
        wanted = [
            reservation(f"event:{number}", "a", of=each.id, place=place, grows=True)
            for each in known
            for number in range(20)
        ]
        ids = list(await one.ledger.reserve(wanted))
        rows = await one.ledger.begin(ids[::2], NOW, LEASE)
        more = [replace(each, stories=("b",)) for each in reversed(wanted)]
        moves = [Move(each.id, NOW, TOMORROW) for each in reversed(known)]
        await asyncio.gather(
            *(one.ledger.finish(posted(row)) for row in reversed(rows)),
            one.tenants.left("discord", "t", NOW),
            two.ledger.reserve(more, moves),
            two.ledger.begin(ids[::-1], NOW, LEASE),
            *(two.subscriptions.replace(replace(each, limit=3)) for each in reversed(known)),
            SqlRetention(two.database).prune(TOMORROW, 1000),
            two.tenants.forget("discord", "t") if round_ % 2 else one.ledger.correct(ids[::-1], NOW),
        )
        await one.tenants.forget("discord", "t")
        assert [row for each in known for row in await two.ledger.of_subscription(each.id, 500)] == []


async def test_a_late_farewell_and_a_new_installation_at_once_leave_the_new_one(pair: Pair) -> None:
    one, two = (SqlInstallations(each.database, [KEY]) for each in pair)
    old = Installation(
        enterprise=None,
        team="T1",
        name="Newsroom",
        token="xoxb-old",
        bot_user="U0BOT",
        bot_id="B0BOT",
        scopes=(),
        installed_by="U1",
        installed_at=NOW,
    )
    new = replace(old, token="xoxb-new", installed_at=TOMORROW)
    for _ in range(ROUNDS):
        await one.save(old)
        await asyncio.gather(one.remove("T1", TOMORROW), two.save(new))
        assert await one.find("T1") == new


async def test_of_two_texts_that_are_written_at_once_one_stays(pair: Pair) -> None:
    one, two = (SqlNotebook(each.database) for each in pair)
    for number in range(ROUNDS):
        await asyncio.gather(one.write(f"note {number}", "one"), two.write(f"note {number}", "two"))
        assert await one.read(f"note {number}") in {"one", "two"}


async def test_of_processes_that_start_at_once_on_an_empty_database_one_upgrades_it(postgres: Postgres) -> None:
    address = postgres.make()
    async with Database(address) as one, Database(address) as two:
        async with one.whole() as connection:
            await connection.run_sync(migrate)
            second = asyncio.create_task(two.upgrade())
            await postgres.waited(address, 1, second)
        assert await second == "0004"
        assert await two.drift() == []
