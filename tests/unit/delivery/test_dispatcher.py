"""The dispatcher: hands over what is next, one of a channel at a time, and nobody keeps another's place."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from digestbot.delivery.dispatcher import Bell, EmbeddedDispatcher
from digestbot.domain.delivery import Delivery, DeliveryState, Reservation
from digestbot.domain.place import Place
from digestbot.domain.subscription import Look
from tests.fakes import FakeClock, FakeLedger

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


class Work:
    """A ledger with rows, a dispatcher on it, and a handler that ends when it is told."""

    def __init__(self, *, capacity: int = 4, ahead: int = 100) -> None:
        self.clock = FakeClock(NOW)
        self.ledger = FakeLedger()
        self.bell = Bell()
        self.dispatcher = EmbeddedDispatcher(self.ledger, self.bell, self.clock, capacity=capacity, ahead=ahead)
        self.in_hand: dict[str, Callable[[], None]] = {}
        self.order: list[str] = []
        self.names: dict[str, str] = {}

    async def plan(self, channel: str, count: int = 1, *, tenant: str = "here", urgent: bool = False) -> None:
        for number in range(count):
            name = f"{tenant}/{channel}/{number}{'!' if urgent else ''}"
            (id_,) = await self.ledger.reserve(
                [
                    Reservation(
                        subscription="s",
                        place=Place("fake", tenant, channel),
                        occasion=name,
                        due=NOW + timedelta(milliseconds=number),
                        look=Look(),
                        urgent=urgent,
                    )
                ]
            )
            self.names[id_] = name
        self.clock.at = NOW + timedelta(seconds=1)
        await self.bell.publish(None, [], NOW)

    async def handle(self, ids: Sequence[str], done: Callable[[str], None]) -> None:
        rows = await self.ledger.begin(ids, self.clock.now(), timedelta(minutes=2))
        self.order += [self.names[row.id] for row in rows]
        async with asyncio.TaskGroup() as group:
            for row in rows:
                group.create_task(self._work(row, done))

    async def _work(self, row: Delivery, done: Callable[[str], None]) -> None:
        ended = asyncio.Event()
        self.in_hand[self.names[row.id]] = ended.set
        await ended.wait()
        await self.ledger.finish(replace(row, state=DeliveryState.POSTED, due=self.clock.now()))
        del self.in_hand[self.names[row.id]]
        done(row.id)

    async def end(self, *names: str) -> None:
        for name in names:
            self.in_hand[name]()
        await settled()


async def settled() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


@asynccontextmanager
async def running(work: Work) -> AsyncIterator[None]:
    run = asyncio.create_task(work.dispatcher.run(work.handle))
    await settled()
    yield
    run.cancel()
    for end in list(work.in_hand.values()):
        end()
    await asyncio.gather(run, return_exceptions=True)
    await settled()


async def test_of_a_channel_one_is_in_hand_and_the_others_keep_no_place() -> None:
    work = Work(capacity=4)
    await work.plan("slow", 10)
    await work.plan("quick", 3)
    async with running(work):
        assert set(work.in_hand) == {"here/slow/0", "here/quick/0"}
        await work.end("here/quick/0")
        await work.end("here/quick/1")
        await work.end("here/quick/2")
        assert set(work.in_hand) == {"here/slow/0"}
        await work.end("here/slow/0")
        assert set(work.in_hand) == {"here/slow/1"}


async def test_a_channels_rows_come_in_their_order() -> None:
    work = Work()
    await work.plan("news", 20)
    async with running(work):
        for number in range(20):
            await work.end(f"here/news/{number}")
    assert work.order == [f"here/news/{number}" for number in range(20)]


async def test_ones_thousands_do_not_keep_others_waiting() -> None:
    work = Work(capacity=3, ahead=40)
    for number in range(200):
        await work.plan(f"c{number}", tenant="loud")
    await work.plan("news", tenant="quiet")
    await work.plan("news", tenant="small")
    async with running(work):
        assert {name.partition("/")[0] for name in work.in_hand} == {"loud", "quiet", "small"}


async def test_what_is_urgent_overtakes_what_was_read_ahead() -> None:
    work = Work(capacity=1, ahead=100)
    for number in range(20):
        await work.plan(f"c{number:02}")
    async with running(work):
        await work.plan("late", urgent=True)
        work.clock.at += timedelta(seconds=0.3)
        await work.end(*work.in_hand)
        assert set(work.in_hand) == {"here/late/0!"}


async def test_an_idle_ledger_is_asked_when_something_is_due() -> None:
    work = Work()
    async with running(work):
        assert work.in_hand == {}
        await work.plan("news")
        await settled()
        assert set(work.in_hand) == {"here/news/0"}


async def test_closing_waits_for_what_is_in_hand_and_takes_no_more() -> None:
    work = Work(capacity=1)
    await work.plan("news", 3)
    async with running(work):
        closing = asyncio.create_task(work.dispatcher.close())
        await settled()
        assert not closing.done()
        await work.end("here/news/0")
        await closing
        assert work.order == ["here/news/0"]
