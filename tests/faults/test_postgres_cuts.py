"""A connection to PostgreSQL that is cut: after a COMMIT whose answer is lost, and between two transactions."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from digestbot.domain.delivery import Carried, Delivery, DeliveryState, Reservation, delivery_id
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Look, Subscription
from digestbot.ports import Move
from digestbot.storage.database import Database
from digestbot.storage.ledger import SqlLedger
from digestbot.storage.subscriptions import SqlSubscriptions
from tests.postgres import Postgres
from tests.servers.postgres_wire import Wire, wire_to

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
LEASE = timedelta(minutes=2)
PLACE = Place("sandbox", "sandbox", "news")
ID = delivery_id("s1", "d1")
MOVE = Move("s1", NOW, TOMORROW)
CUT = (DBAPIError, OSError)
"""What a cut connection raises, by where it was."""


@dataclass
class Process:
    """Its `wire` can be cut."""

    database: Database
    wire: Wire
    published: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = SqlLedger(self.database, self._publish)
        self.subscriptions = SqlSubscriptions(self.database)

    async def _publish(self, _connection: object, ids: Sequence[str], _due: datetime) -> None:
        self.published += ids

    async def row(self) -> Delivery:
        row = await self.ledger.get(ID)
        assert row is not None
        return row


@pytest.fixture
async def process(postgres: Postgres) -> AsyncIterator[Process]:
    async with wire_to(postgres.emptied()) as wire, Database(wire.url) as database:
        process = Process(database, wire)
        await process.subscriptions.add(
            Subscription(
                id="s1",
                place=PLACE,
                filter=parse_filter("all"),
                cadence=parse_cadence("daily 09:00"),
                since=NOW - timedelta(days=3),
                next_due=NOW,
            )
        )
        yield process


def reservation() -> Reservation:
    return Reservation(subscription="s1", place=PLACE, occasion="d1", due=NOW, look=Look(), stories=("one",))


def posted(row: Delivery) -> Delivery:
    ref, stories = MessageRef("news", "m1"), (Carried("one", "r1"),)
    return replace(row, state=DeliveryState.POSTED, due=NOW, begun_at=None, posted_at=NOW, ref=ref, stories=stories)


async def test_what_was_reserved_although_nobody_heard_of_it_is_there_once(process: Process) -> None:
    process.wire.lose_commit()
    with pytest.raises(CUT):
        await process.ledger.reserve([reservation()], [MOVE])
    assert process.wire.lost == 1
    assert (await process.row()).state is DeliveryState.PLANNED
    assert await process.ledger.reserve([reservation()], [MOVE]) == []
    assert len(await process.ledger.of_subscription("s1")) == 1
    assert await process.subscriptions.earliest() == TOMORROW
    assert [due.id for due in await process.ledger.due(NOW, 10)] == [ID]


async def test_a_row_that_was_begun_although_nobody_heard_of_it_is_in_doubt_after_its_lease(process: Process) -> None:
    await process.ledger.reserve([reservation()])
    process.wire.lose_commit()
    with pytest.raises(CUT):
        await process.ledger.begin([ID], NOW, LEASE)
    assert await process.ledger.begin([ID], NOW, LEASE) == []
    (row,) = await process.ledger.begin([ID], NOW + LEASE, LEASE)
    assert (row.state, row.begun_at, row.attempt) == (DeliveryState.SENDING, NOW, 2)


async def test_what_was_posted_although_nobody_heard_of_it_stays_posted(process: Process) -> None:
    await process.ledger.reserve([reservation()])
    (row,) = await process.ledger.begin([ID], NOW, LEASE)
    process.wire.lose_commit()
    with pytest.raises(CUT):
        await process.ledger.finish(posted(row))
    assert await process.row() == posted(row)
    assert await process.ledger.begin([ID], NOW + LEASE, LEASE) == []


async def test_after_a_restart_of_the_server_the_next_transaction_works(process: Process, postgres: Postgres) -> None:
    await process.ledger.reserve([reservation()])
    assert await postgres.cut(postgres.common) == 1
    assert (await process.row()).state is DeliveryState.PLANNED


async def test_a_transaction_that_is_cut_before_its_end_leaves_nothing(process: Process, postgres: Postgres) -> None:
    async def cut(_connection: object, _ids: Sequence[str], _due: datetime) -> None:
        await postgres.cut(postgres.common)

    with pytest.raises(CUT):
        await SqlLedger(process.database, cut).reserve([reservation()], [MOVE])
    assert await process.ledger.get(ID) is None
    assert await process.subscriptions.earliest() == NOW
    assert await process.ledger.reserve([reservation()], [MOVE]) == [ID]
