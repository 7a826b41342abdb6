"""What every store of subscriptions must keep."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import QuietHours, parse_cadence
from digestbot.domain.subscription import Doubt, Look, Spoilers, State, Subscription, TenantSettings
from digestbot.ports import Subscriptions
from digestbot.storage.database import Database
from digestbot.storage.subscriptions import SqlSubscriptions
from tests.fakes import FakeSubscriptions

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
PLACE = Place("sandbox", "sandbox", "news")


@pytest.fixture
async def store(any_address: str | None) -> AsyncIterator[Subscriptions]:
    if any_address is None:
        yield FakeSubscriptions()
        return
    async with Database(any_address, upgrade=True) as database:
        yield SqlSubscriptions(database)


def subscription(id_: str = "s1", what: str = "all", when: str = "daily 09:00", **changes: object) -> Subscription:
    cadence = parse_cadence(when)
    plain = Subscription(
        id=id_,
        place=PLACE,
        filter=parse_filter(what),
        cadence=cadence,
        since=NOW,
        next_due=None if cadence.instant else NOW + timedelta(days=1),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # each test names fields of its own


def ids(found: Sequence[Subscription]) -> list[str]:
    return [each.id for each in found]


async def test_every_field_comes_back(store: Subscriptions) -> None:
    full = subscription(
        what="topic:music+importance:high, event:bbma-2020, -topic:gossip",
        when="weekly mon,thu 18:30; 0 9 * * 6",
        zone="Europe/Paris",
        quiet=QuietHours(time(22), time(7)),
        catch_up=timedelta(hours=2),
        doubt=Doubt.RESEND,
        limit=5,
        empty=True,
        created_by="u1",
        look=Look(
            template="compact",
            layout="embed",
            spoilers=Spoilers.HIDE,
            spoiler_hours=24,
            locale="fr",
            zone="Europe/Paris",
            mention="<@&1>",
            style="thread",
            pictures=False,
        ),
    )
    await store.add(full)
    assert await store.get("sandbox", "sandbox", "s1") == full
    changed = replace(full, state=State.PAUSED, next_due=None, limit=6)
    await store.replace(changed)
    assert await store.get("sandbox", "sandbox", "s1") == changed


async def test_other_tenants_do_not_see_it(store: Subscriptions) -> None:
    await store.add(subscription())
    assert await store.get("sandbox", "other", "s1") is None
    assert await store.get("discord", "sandbox", "s1") is None
    assert await store.of_tenant("sandbox", "other") == []
    assert await store.of_channel(replace(PLACE, channel="other")) == []
    assert ids(await store.of_channel(PLACE)) == ["s1"]


async def test_what_has_ended_is_no_more(store: Subscriptions) -> None:
    await store.add(subscription())
    await store.replace(subscription(state=State.ENDED, next_due=None))
    assert await store.get("sandbox", "sandbox", "s1") is None
    assert await store.of_tenant("sandbox", "sandbox") == []


async def test_due_ones_come_earliest_first_and_no_others(store: Subscriptions) -> None:
    await store.add(subscription("late", next_due=NOW))
    await store.add(subscription("early", next_due=NOW - timedelta(hours=1)))
    await store.add(subscription("future", next_due=NOW + timedelta(seconds=1)))
    await store.add(subscription("instant", when="instant"))
    assert ids(await store.due(NOW, 10)) == ["early", "late"]
    assert ids(await store.due(NOW, 1)) == ["early"]
    assert await store.earliest() == NOW - timedelta(hours=1)


async def test_instant_ones_are_found_by_key_and_page(store: Subscriptions) -> None:
    await store.add(subscription("a", when="instant"))
    await store.add(subscription("b", "topic:music, event:x", when="instant"))
    await store.add(subscription("c", "topic:film", when="instant"))
    await store.add(subscription("d", "topic:music"))
    await store.add(subscription("e", "topic:music", when="instant", state=State.PAUSED))
    keys = {"all", "topic:music", "event:x"}
    assert ids(await store.instant(keys, "", 10)) == ["a", "b"]
    assert ids(await store.instant(keys, "", 1)) == ["a"]
    assert ids(await store.instant(keys, "a", 10)) == ["b"]


async def test_an_edit_moves_it_among_the_instant_ones(store: Subscriptions) -> None:
    await store.add(subscription("a", "topic:film", when="instant"))
    await store.replace(subscription("a", "topic:music", when="instant"))
    assert ids(await store.instant({"topic:film"}, "", 10)) == []
    assert ids(await store.instant({"topic:music"}, "", 10)) == ["a"]
    await store.replace(subscription("a", "topic:music", when="daily 09:00"))
    assert ids(await store.instant({"topic:music"}, "", 10)) == []


async def test_settings_are_a_tenants_own(store: Subscriptions) -> None:
    assert await store.settings("sandbox", "sandbox") == TenantSettings()
    await store.set_settings("sandbox", "sandbox", TenantSettings(zone="Asia/Tokyo"))
    await store.set_settings("sandbox", "sandbox", TenantSettings(zone="Asia/Tokyo", locale="ja"))
    assert await store.settings("sandbox", "sandbox") == TenantSettings(zone="Asia/Tokyo", locale="ja")
    assert await store.settings("sandbox", "other") == TenantSettings()
