"""What every store of installations must keep, and of the one in SQL: that nobody who reads it learns a token."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select
from structlog.testing import capture_logs

from digestbot.errors import StartupError
from digestbot.ports import Installation, Installations, OAuthStates
from digestbot.storage.database import Database
from digestbot.storage.installations import SqlInstallations
from digestbot.storage.oauth_states import SqlOAuthStates
from digestbot.storage.tables import installation as table
from digestbot.storage.tables import oauth_state
from tests.fakes import FakeInstallations, FakeOAuthStates

NOW = datetime(2026, 5, 4, 10, 0, 0, 250_000, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
KEY = "bWFkZSBmb3IgdGhlIHRlc3RzIG9mIGRpZ2VzdGJvdCE="
OLD = "dGhpcyBvbmUgd2FzIHVzZWQgdGhlIHllYXIgYmVmb3I="
TOKEN = "xoxb-111-222-canary8f31"
NEWSROOM = Installation(
    enterprise="E1",
    team="T1",
    name="Chœur “des” Exemples",
    token=TOKEN,
    bot_user="U0BOT",
    bot_id="B0BOT",
    scopes=("commands", "chat:write"),
    installed_by="U1",
    installed_at=NOW,
)
WHOLE = replace(NEWSROOM, team=None, name="All of it", token="xoxb-whole", installed_at=NOW + timedelta(seconds=1))
ALONE = replace(NEWSROOM, enterprise=None, team="T2", token="xoxb-alone", scopes=(), installed_at=NOW)


@pytest.fixture
async def installations(any_address: str | None) -> AsyncIterator[Installations]:
    if any_address is None:
        yield FakeInstallations()
        return
    async with Database(any_address, upgrade=True) as database:
        yield SqlInstallations(database, [KEY])


@pytest.fixture
async def states(any_address: str | None) -> AsyncIterator[OAuthStates]:
    if any_address is None:
        yield FakeOAuthStates()
        return
    async with Database(any_address, upgrade=True) as database:
        yield SqlOAuthStates(database)


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    async with Database(address, upgrade=True) as database:
        yield database


@pytest.fixture
async def on_disk(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/store/i.db", upgrade=True) as database:
        yield database


def written(folder: Path) -> bytes:
    """Everything that lies on the disk, journals too."""
    return b"".join(file.read_bytes() for file in sorted((folder / "store").iterdir()))


async def sealed(database: Database) -> dict[str, str]:
    async with database.transaction() as connection:
        rows = (await connection.execute(select(table.c.key, table.c.token))).all()
    return {row.key: row.token for row in rows}


# --- installations


async def test_where_nobody_installed_there_is_nothing(installations: Installations) -> None:
    assert list(await installations.all()) == []
    assert await installations.find("T1") is None


async def test_an_installation_comes_back_as_it_was_saved(installations: Installations) -> None:
    for each in (WHOLE, NEWSROOM, ALONE):
        await installations.save(each)
    assert await installations.find("T1") == NEWSROOM
    assert await installations.find("E1") == WHOLE
    assert await installations.find("T2") == ALONE
    assert list(await installations.all()) == [NEWSROOM, ALONE, WHOLE]


async def test_a_new_one_takes_the_place_of_the_old_of_its_key_alone(installations: Installations) -> None:
    again = Installation(
        enterprise=None,
        team="T1",
        name="Renamed",
        token="xoxb-second",
        bot_user="U0NEW",
        bot_id="B0NEW",
        scopes=("commands",),
        installed_by="U2",
        installed_at=LATER,
    )
    for each in (NEWSROOM, ALONE, again):
        await installations.save(each)
    assert list(await installations.all()) == [ALONE, again]


async def test_what_is_removed_is_gone_and_the_others_stay(installations: Installations) -> None:
    for each in (NEWSROOM, WHOLE, ALONE):
        await installations.save(each)
    assert await installations.remove("T1", LATER)
    assert await installations.find("T1") is None
    assert list(await installations.all()) == [ALONE, WHOLE]
    assert not await installations.remove("T1", LATER)


async def test_a_late_farewell_does_not_end_a_newer_installation(installations: Installations) -> None:
    farewell = NOW + timedelta(minutes=5)
    await installations.save(NEWSROOM)
    await installations.save(replace(NEWSROOM, installed_at=LATER))
    assert not await installations.remove("T1", farewell)
    assert not await installations.remove("T1", LATER)
    assert await installations.find("T1") is not None
    assert await installations.remove("T1", LATER + timedelta(microseconds=1))


# --- tokens, where they lie


async def test_an_installation_survives_a_restart(address: str) -> None:
    async with Database(address, upgrade=True) as database:
        await SqlInstallations(database, [KEY]).save(NEWSROOM)
    async with Database(address) as database:
        assert await SqlInstallations(database, [KEY]).find("T1") == NEWSROOM


async def test_the_token_stands_nowhere_in_the_files(tmp_path: Path, on_disk: Database) -> None:
    await SqlInstallations(on_disk, [KEY]).save(NEWSROOM)
    await SqlInstallations(on_disk, [KEY]).save(replace(NEWSROOM, name="Renamed"))
    await on_disk.close()
    assert b"Renamed" in written(tmp_path)
    assert TOKEN.encode() not in written(tmp_path)


async def test_no_row_holds_a_token_or_a_state_that_can_be_read(database: Database) -> None:
    await SqlInstallations(database, [KEY]).save(NEWSROOM)
    await SqlOAuthStates(database).issue("canary-state-8f31", LATER)
    async with database.transaction() as connection:
        rows = [str(row) for each in (table, oauth_state) for row in await connection.execute(select(each))]
    assert len(rows) == 2
    assert [row for row in rows if TOKEN in row or "canary-state-8f31" in row] == []


@pytest.mark.parametrize("text", [repr(NEWSROOM), str(NEWSROOM), f"{[NEWSROOM]}"])
def test_no_word_about_an_installation_shows_its_token(text: str) -> None:
    assert "T1" in text
    assert TOKEN not in text


async def test_a_token_that_no_key_opens_is_told_and_left_out_and_stays(database: Database) -> None:
    await SqlInstallations(database, [OLD]).save(NEWSROOM)
    await SqlInstallations(database, [KEY]).save(ALONE)
    before = await sealed(database)
    wrong = SqlInstallations(database, [KEY])
    with capture_logs() as log:
        assert list(await wrong.all()) == [ALONE]
        assert await wrong.find("T1") is None
        assert await wrong.rotate() == 0
    advice = (
        "put the key that it was sealed with back at the end of DIGESTBOT_SLACK__ENCRYPTION_KEYS, "
        "or let the workspace install digestbot again"
    )
    told = {"event": "installations.unreadable", "log_level": "error", "next": advice}
    assert log == [{**told, "installation": "T1", "workspace": "Chœur “des” Exemples"}] * 2
    assert await sealed(database) == before
    assert await SqlInstallations(database, [KEY, OLD]).find("T1") == NEWSROOM


@pytest.mark.parametrize("damage", ["", "gAAAAA", "é", TOKEN])
async def test_a_token_that_was_damaged_is_one_that_no_key_opens(database: Database, damage: str) -> None:
    store = SqlInstallations(database, [KEY])
    await store.save(NEWSROOM)
    await store.save(ALONE)
    async with database.transaction() as connection:
        await connection.execute(table.update().where(table.c.key == "T1").values(token=damage))
    assert list(await store.all()) == [ALONE]
    assert await store.rotate() == 0
    assert (await sealed(database))["T1"] == damage


async def test_after_a_rotation_the_older_key_may_be_thrown_away(database: Database) -> None:
    await SqlInstallations(database, [OLD]).save(NEWSROOM)
    both = SqlInstallations(database, [KEY, OLD])
    await both.save(ALONE)
    before = await sealed(database)
    with capture_logs() as log:
        assert await both.rotate() == 1
        assert await both.rotate() == 0
    assert log == [{"event": "installations.renewed", "count": 1, "log_level": "info"}]
    after = await sealed(database)
    assert (after["T1"] == before["T1"], after["T2"] == before["T2"]) == (False, True)
    assert list(await SqlInstallations(database, [KEY]).all()) == [NEWSROOM, ALONE]


async def test_what_is_saved_with_two_keys_is_sealed_with_the_first(database: Database) -> None:
    await SqlInstallations(database, [KEY, OLD]).save(NEWSROOM)
    assert Fernet(KEY).decrypt((await sealed(database))["T1"]).decode() == TOKEN


async def test_a_malformed_key_stops_the_start(database: Database) -> None:
    with pytest.raises(StartupError, match="Key 2 of DIGESTBOT_SLACK__ENCRYPTION_KEYS is no key"):
        SqlInstallations(database, [KEY, "short"])


# --- states


async def test_a_state_is_good_once(states: OAuthStates) -> None:
    await states.issue("one", LATER)
    await states.issue("two", LATER)
    assert await states.consume("one", NOW)
    assert not await states.consume("one", NOW)
    assert await states.consume("two", NOW)


async def test_a_state_that_nobody_issued_is_none(states: OAuthStates) -> None:
    await states.issue("one", LATER)
    assert [await states.consume(state, NOW) for state in ("", "on", "One", "é", "\ud800")] == [False] * 5


async def test_a_state_that_is_over_is_none(states: OAuthStates) -> None:
    await states.issue("one", LATER)
    await states.issue("two", LATER)
    assert not await states.consume("one", LATER)
    assert await states.consume("two", LATER - timedelta(microseconds=1))


async def test_the_first_time_holds_for_a_state_that_is_issued_twice(states: OAuthStates) -> None:
    await states.issue("one", LATER)
    await states.issue("one", LATER + timedelta(minutes=9))
    assert not await states.consume("one", LATER)


async def test_of_many_who_consume_a_state_at_once_one_wins(states: OAuthStates) -> None:
    await states.issue("one", LATER)
    won = await asyncio.gather(*(states.consume("one", NOW) for _ in range(50)))
    assert sorted(won) == [False] * 49 + [True]


async def test_so_it_is_over_many_connections(address: str) -> None:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(Database(address, upgrade=True))
        more = [await stack.enter_async_context(Database(address)) for _ in range(3)]
        stores = [SqlOAuthStates(database) for database in (first, *more)]
        for number in range(10):
            await stores[number % 4].issue(f"s{number}", LATER)
        asked = [f"s{number}" for number in range(10)]
        won = await asyncio.gather(*(store.consume(state, NOW) for state in asked for store in stores))
    assert [sum(won[start : start + 4]) for start in range(0, 40, 4)] == [1] * 10


async def test_issuing_forgets_what_is_over_and_nothing_else(database: Database) -> None:
    store = SqlOAuthStates(database)
    await store.issue("over", NOW)
    await store.issue("good", NOW + timedelta(microseconds=1))
    await store.issue("new", NOW + timedelta(hours=1))
    async with database.transaction() as connection:
        assert (await connection.execute(select(func.count()).select_from(oauth_state))).scalar() == 2
    assert await store.consume("good", NOW)
    assert await store.consume("new", NOW)


async def test_the_state_stands_nowhere_in_the_files(tmp_path: Path, on_disk: Database) -> None:
    await SqlOAuthStates(on_disk).issue("canary-state-8f31", LATER)
    await on_disk.close()
    assert b"oauth_state" in written(tmp_path)
    assert b"canary-state-8f31" not in written(tmp_path)
