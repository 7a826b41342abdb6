"""Moving a home from SQLite to PostgreSQL: all of it, or nothing."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from digestbot.domain.delivery import Carried, DeliveryState, Reservation
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.quarantine import Quarantine
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Look, Subscription, TenantSettings
from digestbot.errors import StartupError
from digestbot.ports import Installation
from digestbot.storage import copying
from digestbot.storage.copying import copy
from digestbot.storage.database import Database
from digestbot.storage.installations import SqlInstallations
from digestbot.storage.ledger import SqlLedger
from digestbot.storage.notebook import SqlNotebook
from digestbot.storage.oauth_states import SqlOAuthStates
from digestbot.storage.quarantines import SqlQuarantines
from digestbot.storage.subscriptions import SqlSubscriptions
from digestbot.storage.tables import metadata
from digestbot.storage.tenants import SqlTenants
from tests.postgres import Postgres

NOW = datetime(2026, 5, 4, 9, 0, 0, 250_001, tzinfo=UTC)
KEY = "bWFkZSBmb3IgdGhlIHRlc3RzIG9mIGRpZ2VzdGJvdCE="
COUNTS = {
    "delivery": 7,
    "delivery_story": 14,
    "departure": 1,
    "installation": 1,
    "note": 1,
    "oauth_state": 1,
    "planned_story": 2,
    "quarantine": 1,
    "subscription": 2,
    "subscription_key": 1,
    "tenant": 1,
}


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[Database]:
    """A home with something in every table."""
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/home.db", upgrade=True, exclusive=True) as database:
        await filled(database)
        yield database


@pytest.fixture
async def target(postgres: Postgres) -> AsyncIterator[Database]:
    async with Database(postgres.make()) as database:
        yield database


async def filled(database: Database) -> None:
    subscriptions, ledger = SqlSubscriptions(database), SqlLedger(database, untold)
    place = Place("slack", "T1", "C1")
    digest = Subscription(
        id="s1",
        place=place,
        filter=parse_filter("topic:chœurs, -event:x"),
        cadence=parse_cadence("daily 09:00"),
        since=NOW,
        next_due=NOW + timedelta(days=1),
        empty=True,
    )
    await subscriptions.add(digest)
    await subscriptions.add(replace(digest, id="s2", cadence=parse_cadence("instant"), next_due=None))
    await subscriptions.set_settings("slack", "T1", TenantSettings(zone="Asia/Tokyo", locale="ja"))
    await SqlTenants(database).left("discord", "1", NOW)
    wanted = [
        Reservation(
            subscription="s1", place=place, occasion=f"d{number}", due=NOW, look=Look(), stories=("one", "zwei")
        )
        for number in range(7)
    ]
    ids = await ledger.reserve(wanted, planned=["one", "zwei"])
    (row,) = await ledger.begin(ids[:1], NOW, timedelta(minutes=2))
    shown, ref = (Carried("one", "r1"), Carried("zwei", "r2")), MessageRef("C1", "1.5")
    await ledger.finish(
        replace(row, state=DeliveryState.POSTED, begun_at=None, posted_at=NOW, stories=shown, ref=ref, error="a\nb")
    )
    await SqlNotebook(database).write("application", "Chœur 🎺")
    await SqlOAuthStates(database).issue("state", NOW)
    closed = Quarantine(place=Place("slack", "T1", "C1"), reason="archived", since=NOW, probe_at=NOW, told=True)
    await SqlQuarantines(database).add(closed)
    await SqlInstallations(database, [KEY]).save(
        Installation(
            enterprise=None,
            team="T1",
            name="Newsroom",
            token="xoxb-1",
            bot_user="U0",
            bot_id="B0",
            scopes=("commands",),
            installed_by="U1",
            installed_at=NOW,
        )
    )


async def untold(_connection: object, _ids: Sequence[str], _due: datetime) -> None:
    """Nobody waits for work here."""


async def held(database: Database) -> Mapping[str, list[Any]]:
    async with database.transaction() as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


async def tables(database: Database) -> list[str]:
    async with database.transaction() as connection:
        found = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return list((await connection.execute(found)).scalars())


async def test_every_row_of_every_table_is_there_as_it_was(source: Database, target: Database) -> None:
    before = await held(source)
    assert {name: len(rows) for name, rows in before.items()} == COUNTS, "a table that comes later needs a row here"
    assert dict(await copy(source, target)) == COUNTS
    assert await held(target) == before
    assert await held(source) == before
    assert await target.drift() == []


async def test_large_tables_are_copied_in_batches_and_told_as_they_go(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "BATCH", 3)
    told: list[tuple[str, int, int]] = []
    await copy(source, target, lambda *step: told.append(step))
    assert [step for step in told if step[0] == "delivery"] == [
        ("delivery", 0, 7),
        ("delivery", 3, 7),
        ("delivery", 6, 7),
        ("delivery", 7, 7),
    ]
    assert await held(target) == await held(source)


async def test_a_target_with_rows_is_refused_and_left_alone(source: Database, target: Database) -> None:
    await target.upgrade()
    await SqlNotebook(target).write("theirs", "stays")
    before = await held(target)
    with pytest.raises(StartupError, match=r"holds rows already \(in note\): copy into an empty database"):
        await copy(source, target)
    assert await held(target) == before


async def test_a_target_with_our_tables_and_no_rows_is_empty(source: Database, target: Database) -> None:
    await target.upgrade()
    assert dict(await copy(source, target)) == COUNTS


async def test_a_copy_that_is_interrupted_leaves_nothing(source: Database, target: Database) -> None:
    def interrupt(table: str, done: int, _rows: int) -> None:
        if (table, done) == ("delivery_story", 14):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await copy(source, target, interrupt)
    assert await tables(target) == []
    assert dict(await copy(source, target)) == COUNTS


async def test_a_row_that_postgres_cannot_hold_is_told_and_nothing_is_copied(
    source: Database, target: Database
) -> None:
    await SqlNotebook(source).write("x" * 101, "the name is too long")
    with pytest.raises(StartupError, match=r"The rows of note cannot be copied: .*too long.* Nothing was copied\."):
        await copy(source, target)
    assert await tables(target) == []


async def test_texts_lose_what_postgres_cannot_hold_in_them(source: Database, target: Database) -> None:
    await SqlNotebook(source).write("with NUL", "a\0b")
    await copy(source, target)
    assert await SqlNotebook(target).read("with NUL") == "ab"


async def test_rows_that_do_not_arrive_are_noticed(source: Database, target: Database) -> None:
    await target.upgrade()
    async with target.transaction() as connection:
        await connection.execute(
            text("CREATE RULE swallow AS ON INSERT TO planned_story WHERE NEW.story = 'zwei' DO INSTEAD NOTHING")
        )
    with pytest.raises(StartupError, match="Of 2 rows of planned_story 1 arrived: nothing was copied"):
        await copy(source, target)
    assert [name for name, rows in (await held(target)).items() if rows] == []


async def test_a_source_of_an_older_release_is_to_be_upgraded_first(tmp_path: Path, target: Database) -> None:
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/old.db", exclusive=True) as old:
        with pytest.raises(StartupError, match="run `digestbot db upgrade` first"):
            await copy(old, target)
    assert await tables(target) == []
