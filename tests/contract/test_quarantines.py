"""What every store of quarantines must keep."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digestbot.domain.place import Place
from digestbot.domain.quarantine import Quarantine
from digestbot.ports import Quarantines
from digestbot.storage.database import Database
from digestbot.storage.quarantines import SqlQuarantines
from digestbot.storage.tenants import SqlTenants
from tests.fakes import FakeQuarantines

NOW = datetime(2026, 5, 4, 9, 0, 0, 123456, tzinfo=UTC)
NEWS = Place("slack", "T1", "C1:1700000000.000100")
CLOSED = Quarantine(
    place=NEWS, reason="the channel is “archived”", since=NOW, probe_at=NOW + timedelta(minutes=10), probes=3
)


@pytest.fixture
async def quarantines(any_address: str | None) -> AsyncIterator[Quarantines]:
    if any_address is None:
        yield FakeQuarantines()
        return
    async with Database(any_address, upgrade=True) as database:
        yield SqlQuarantines(database)


async def test_a_channel_is_in_quarantine_once_it_was_added(quarantines: Quarantines) -> None:
    assert await quarantines.get(NEWS) is None
    assert await quarantines.add(CLOSED)
    assert await quarantines.get(NEWS) == CLOSED
    assert await quarantines.get(replace(NEWS, channel="C2")) is None


async def test_a_reason_with_letters_that_a_store_cannot_hold_loses_them_and_no_more(quarantines: Quarantines) -> None:
    await quarantines.add(replace(CLOSED, reason="closed\0 for now"))
    found = await quarantines.get(NEWS)
    assert found is not None
    assert found.reason.replace("\0", "") == "closed for now"


async def test_who_comes_second_changes_nothing(quarantines: Quarantines) -> None:
    await quarantines.add(CLOSED)
    assert not await quarantines.add(replace(CLOSED, reason="another", since=NOW + timedelta(seconds=1)))
    assert await quarantines.get(NEWS) == CLOSED


async def test_of_two_who_would_probe_one_does(quarantines: Quarantines) -> None:
    await quarantines.add(CLOSED)
    first = CLOSED.probed(NOW, lambda: 0.0)
    second = replace(first, reason="another", probe_at=NOW + timedelta(hours=5))
    assert await quarantines.change(first, CLOSED.probe_at)
    assert not await quarantines.change(second, CLOSED.probe_at)
    assert await quarantines.get(NEWS) == first


async def test_what_was_released_is_not_changed_back_into_quarantine(quarantines: Quarantines) -> None:
    await quarantines.add(CLOSED)
    assert await quarantines.release(NEWS)
    assert not await quarantines.release(NEWS)
    assert not await quarantines.change(replace(CLOSED, told=True), CLOSED.probe_at)
    assert await quarantines.get(NEWS) is None


async def test_a_tenant_has_its_own_the_longest_first(quarantines: Quarantines) -> None:
    newer = replace(CLOSED, place=replace(NEWS, channel="C0"), since=NOW + timedelta(days=1), told=True)
    elsewhere = replace(CLOSED, place=replace(NEWS, tenant="T2"))
    same_name = replace(CLOSED, place=replace(NEWS, platform="discord"))
    for each in (newer, elsewhere, same_name, CLOSED):
        await quarantines.add(each)
    assert await quarantines.of_tenant("slack", "T1") == [CLOSED, newer]
    assert await quarantines.places() == {each.place for each in (newer, elsewhere, same_name, CLOSED)}


async def test_forgetting_a_place_forgets_its_quarantines(tmp_path: Path) -> None:
    other = replace(CLOSED, place=replace(NEWS, channel="C2"))
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/q.db", upgrade=True) as database:
        quarantines, tenants = SqlQuarantines(database), SqlTenants(database)
        await quarantines.add(CLOSED)
        await quarantines.add(other)
        await tenants.forget("slack", "T1", NEWS.channel)
        assert await quarantines.places() == {other.place}
        await tenants.forget("slack", "T1")
        assert await quarantines.places() == set()


async def test_a_quarantine_survives_a_restart(tmp_path: Path) -> None:
    address = f"sqlite+aiosqlite:///{tmp_path}/q.db"
    async with Database(address, upgrade=True) as database:
        await SqlQuarantines(database).add(CLOSED)
    async with Database(address) as database:
        assert await SqlQuarantines(database).get(NEWS) == CLOSED
