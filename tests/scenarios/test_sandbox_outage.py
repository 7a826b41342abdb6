"""Hours without the platform, on a clock that is told: the real ledger and the sandbox, which never de-duplicates."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digestbot.delivery.circuit import Circuits
from digestbot.delivery.courier import Courier
from digestbot.delivery.notices import Notices
from digestbot.delivery.quarantine import Ward
from digestbot.delivery.retries import Retries
from digestbot.domain.delivery import OPEN, Delivery, DeliveryState, Reservation
from digestbot.domain.place import Place
from digestbot.domain.story import Status, Story
from digestbot.domain.subscription import Look
from digestbot.platforms.sandbox.channels import SandboxChannels
from digestbot.platforms.sandbox.faults import Fault, Faults, Kind
from digestbot.platforms.sandbox.messenger import SandboxMessenger
from digestbot.platforms.sandbox.record import Record
from digestbot.storage.database import Database
from digestbot.storage.ledger import SqlLedger
from digestbot.storage.quarantines import SqlQuarantines
from digestbot.storage.subscriptions import SqlSubscriptions
from tests.fakes import FakeClock, FakeRenderer, FakeStories

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
STORY = Story(id="one", headline="One", published=NOW - timedelta(hours=1), status=Status.PUBLISHED)
NAMES = [f"c{number}" for number in range(12)]


class Switch(Faults):
    """The same fault for everybody, until it is taken away."""

    fault: Fault | None = None
    met: int = 0

    def take(self) -> Fault | None:
        self.met += self.fault is not None
        return self.fault


@dataclass
class Stage:
    clock: FakeClock
    ledger: SqlLedger
    quarantines: SqlQuarantines
    courier: Courier
    record: Record
    faults: Switch

    async def reserve(self, occasion: str, *channels: str) -> None:
        each = [
            Reservation(
                subscription=f"s-{channel}",
                place=Place("sandbox", "sandbox", channel),
                occasion=occasion,
                due=self.clock.now(),
                look=Look(),
                stories=("one",),
            )
            for channel in channels
        ]
        await self.ledger.reserve(each)

    async def until(self, end: datetime) -> None:
        """Deliver what comes due, one of a channel at a time as the dispatcher takes them."""
        while self.clock.at <= end:
            due = await self.ledger.due(self.clock.now(), 100)
            if due:
                first = {each.place: each.id for each in reversed(due)}
                await self.courier.deliver(list(first.values()))
            else:
                later = [row.due for row in await self.rows() if row.state in OPEN and row.due > self.clock.now()]
                self.clock.at = min([*later, end + timedelta(seconds=1)])
        self.clock.at = end

    async def rows(self) -> list[Delivery]:
        return [row for name in NAMES for row in await self.ledger.of_subscription(f"s-{name}")]

    async def posted(self) -> dict[str, int]:
        return {name: len(await self.record.latest(name, 100)) for name in NAMES}


async def publish(_connection: object, _ids: object, _due: object) -> None:
    """Nobody waits: the stage looks for itself."""


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    clock, faults, channels, renderer = FakeClock(NOW), Switch(), SandboxChannels(NAMES), FakeRenderer()
    async with (
        Database(f"sqlite+aiosqlite:///{folder}/d.db", upgrade=True) as database,
        Record(folder / "sandbox.db", clock) as record,
    ):
        ledger, quarantines = SqlLedger(database, publish), SqlQuarantines(database)
        notices = Notices(
            ledger=ledger,
            quarantines=quarantines,
            subscriptions=SqlSubscriptions(database),
            renderer=renderer,
            channels={"sandbox": channels},
        )
        messenger = SandboxMessenger(record, channels, clock, faults)
        courier = Courier(
            ledger=ledger,
            stories=FakeStories([STORY]),
            renderer=renderer,
            messengers={"sandbox": Circuits(clock, lambda: 0.5).guard(messenger)},
            clock=clock,
            retries=Retries(jitter=lambda: 0.5),
            ward=Ward(quarantines, ledger, notices, clock, lambda: 0.5),
            started=NOW,
        )
        yield Stage(clock, ledger, quarantines, courier, record, faults)


async def test_after_forty_minutes_without_the_platform_everything_is_posted_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as there:
        there.faults.fault = Fault(Kind.DROPPED)
        await there.reserve("d1", *NAMES)
        await there.until(NOW + timedelta(minutes=20))
        await there.reserve("d2", *NAMES)
        await there.until(NOW + timedelta(minutes=40))
        rows = await there.rows()
        assert max(row.failures for row in rows) <= 1
        assert await there.quarantines.places() == set()
        assert set((await there.posted()).values()) == {0}
        assert there.faults.met <= 12 + 5 + 2 * 25, "some at first, a few quickly, then one in two minutes"

        there.faults.fault = None
        await there.until(NOW + timedelta(minutes=46))
        assert {row.state for row in await there.rows()} == {DeliveryState.POSTED}
        assert await there.posted() == dict.fromkeys(NAMES, 2)


async def test_a_channel_that_is_closed_for_a_day_is_tried_now_and_then_and_loses_nothing_in_time(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path) as there:
        there.faults.fault = Fault(Kind.CLOSED, timedelta(minutes=10))
        for number in range(4):
            await there.reserve(f"d{number}", "c1")
        await there.until(NOW + timedelta(hours=20))
        assert there.faults.met == 3 + 7, "after 29, 47, 83, 155, 299, 587 and 911 minutes"
        quarantine = await there.quarantines.get(Place("sandbox", "sandbox", "c1"))
        assert quarantine is not None
        assert quarantine.reason == "The sandbox was told to close this channel"

        there.faults.fault = None
        await there.until(NOW + timedelta(hours=24))
        assert await there.quarantines.places() == set()
        assert (await there.posted())["c1"] == 4
        assert {row.state for row in await there.rows()} == {DeliveryState.POSTED}
