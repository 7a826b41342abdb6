"""A planner tick with 1,000 subscriptions due, among 1,000 and among 1,000,000, beside bare SQL doing the same."""

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import text

from digestbot.domain.delivery import delivery_id
from digestbot.domain.story import Status, Story
from digestbot.domain.subscription import Look
from digestbot.ports import Publish
from digestbot.runtime.clock import SystemClock
from digestbot.scheduling.planner import Planner
from digestbot.storage.database import Database
from digestbot.storage.ledger import SqlLedger
from digestbot.storage.rows import dump_look
from digestbot.storage.subscriptions import SqlSubscriptions
from tests.fakes import FakeStories

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
DUE = 1_000
ROUNDS = 5
GOAL = 1.5


def micros(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def rows(count: int, due_at: int) -> Iterable[tuple[object, ...]]:
    """The first DUE are due now, the others over the next day."""
    look = dump_look(Look())
    since = micros(NOW - timedelta(days=1))
    for number in range(count):
        next_due = due_at if number < DUE else due_at + 1_000_000 * (60 + number % 86_000)
        place = ("sandbox", f"t{number % 500}", f"c{number}")
        yield (f"s{number:07}", *place, "all", "daily 09:00", "UTC", None, 21_600, look, "hold", 20, 0, "active", since,
               next_due, None)  # fmt: skip


def fill(path: Path, count: int) -> None:
    with sqlite3.connect(path) as connection:
        marks = ",".join("?" * 17)
        connection.executemany(f"INSERT INTO subscription VALUES ({marks})", rows(count, micros(NOW)))  # noqa: S608 - marks only


async def no_publish(_connection: object, _ids: object, _due: object) -> None:
    """Nobody delivers here."""


async def ticks(path: Path, count: int) -> list[float]:
    """Seconds for a tick with DUE due, several days in a row."""
    publish: Publish = no_publish
    async with Database(f"sqlite+aiosqlite:///{path}", upgrade=True) as database:
        fill(path, count)
        ledger = SqlLedger(database, publish)
        stories = FakeStories([story(day) for day in range(ROUNDS)])
        planner = Planner(SqlSubscriptions(database), ledger, stories, SystemClock())
        taken = []
        for day in range(ROUNDS):
            now = NOW + timedelta(days=day)
            start = time.perf_counter()
            reserved = await planner.tick(now)
            taken.append(time.perf_counter() - start)
            assert reserved == DUE, reserved
            await hold_the_others(database, now)
        return taken


def story(day: int) -> Story:
    published = NOW + timedelta(days=day, hours=-1)
    return Story(id=f"story-{day}", headline="A story", published=published, status=Status.PUBLISHED)


async def hold_the_others(database: Database, now: datetime) -> None:
    """Tomorrow the same DUE are due and no more."""
    async with database.transaction() as connection:
        await connection.execute(
            text("UPDATE subscription SET next_due = next_due + 86400000000 WHERE next_due > :a AND next_due < :b"),
            {"a": micros(now), "b": micros(now + timedelta(days=1))},
        )


def floor(path: Path, count: int) -> list[float]:
    """The same reads and writes in bare sqlite3, with nothing decided."""
    fill(path, count)
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=TRUNCATE", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    taken = []
    for day in range(ROUNDS):
        now = micros(NOW + timedelta(days=day))
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        found = connection.execute(
            "SELECT id, tenant, channel, look FROM subscription WHERE next_due <= ? AND state = 'active' LIMIT 5000",
            (now,),
        ).fetchall()
        ids = [delivery_id(row[0], f"day-{day}") for row in found]
        connection.executemany(
            "INSERT INTO delivery (id, subscription, occasion, platform, tenant, channel, state, due, urgent, look,"
            " doubt, attempt, failures, expected, patience)"
            " VALUES (?, ?, ?, 'sandbox', ?, ?, 'planned', ?, 0, ?, 'hold', 0, 0, ?, 21600)",
            [
                (id_, row[0], f"day-{day}", row[1], row[2], now, row[3], now)
                for id_, row in zip(ids, found, strict=True)
            ],
        )
        connection.executemany(
            "INSERT INTO delivery_story VALUES (?, 0, ?, '', ?)",
            [(id_, f"story-{day}", row[0]) for id_, row in zip(ids, found, strict=True)],
        )
        connection.executemany(
            "UPDATE subscription SET next_due = ? WHERE id = ?", [(now + 86_400_000_000, row[0]) for row in found]
        )
        connection.execute("COMMIT")
        taken.append(time.perf_counter() - start)
        assert len(found) == DUE, len(found)
        connection.execute(
            "UPDATE subscription SET next_due = next_due + 86400000000 WHERE next_due > ? AND next_due < ?",
            (now, now + 86_400_000_000),
        )
    connection.close()
    return taken


def schema(path: Path) -> None:
    async def upgrade() -> None:
        async with Database(f"sqlite+aiosqlite:///{path}", upgrade=True):
            pass

    asyncio.run(upgrade())


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        schema(Path(folder) / "floor.db")
        bare = statistics.median(floor(Path(folder) / "floor.db", DUE))
        few = statistics.median(asyncio.run(ticks(Path(folder) / "few.db", DUE)))
        many = statistics.median(asyncio.run(ticks(Path(folder) / "many.db", 1_000_000)))
    print(f"bare SQL, {DUE:,} due            {bare * 1000:8.1f} ms   the floor")
    print(f"tick, {DUE:,} due of {DUE:,}       {few * 1000:8.1f} ms   {few / bare:5.2f} × the floor")
    print(f"tick, {DUE:,} due of 1,000,000   {many * 1000:8.1f} ms   {many / bare:5.2f} × the floor")
    print(f"a million against a thousand    {many / few:8.2f} ×    goal ≤ {GOAL} × at equal due")


if __name__ == "__main__":
    main()
