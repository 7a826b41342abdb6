"""Membership on Slack: farewells and greetings in any order, and data that outlives a mistake."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.domain.filter import Filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import Cadence
from digestbot.domain.subscription import Subscription
from digestbot.errors import TryLater
from digestbot.platforms.slack.membership import Membership
from digestbot.ports import Installation
from tests.contract.slack_harness import Connected, connected, installation
from tests.fakes import FakeInstallations, FakeLedger, FakeSubscriptions, FakeTenants
from tests.servers.slack.faults import Fault, Kind

HOUR = timedelta(hours=1)


@dataclass
class There:
    ready: Connected
    membership: Membership
    tenants: FakeTenants
    installations: FakeInstallations
    caught_up: list[None] = field(default_factory=list)

    @property
    def team(self) -> str:
        return self.ready.workspace.id

    @property
    def now(self) -> datetime:
        return self.ready.clock.now()

    async def departed(self) -> set[str]:
        return set(await self.tenants.departed("slack"))


def subscription(id_: str, place: Place) -> Subscription:
    return Subscription(id=id_, place=place, filter=Filter(), cadence=Cadence(), since=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
async def there() -> AsyncIterator[There]:
    """A workspace with a subscription, a member who follows something, and a workspace that is none of its."""
    async with connected(datetime.now(UTC)) as ready:
        team = ready.workspace.id
        direct = f"@{team}/U1"
        subscriptions = FakeSubscriptions(
            subscription("one", Place("slack", team, "C1")),
            subscription("two", Place("slack", direct, direct)),
            subscription("three", Place("slack", "T999", "C9")),
        )
        tenants = FakeTenants(subscriptions, FakeLedger(subscriptions=subscriptions))
        installations = FakeInstallations()
        await installations.save(installation(ready.workspace, ready.clock.now()))
        caught_up: list[None] = []
        membership = Membership(
            api=ready.api,
            roster=ready.roster,
            installations=installations,
            tenants=tenants,
            clock=ready.clock,
            caught_up=lambda: caught_up.append(None),
        )
        yield There(ready, membership, tenants, installations, caught_up)


def again(there: There, after: timedelta) -> Installation:
    """Installed once more: Slack gives a new token where the old one is dead."""
    there.ready.server.reinstall(there.ready.workspace)
    return replace(installation(there.ready.workspace, there.now + after))


async def test_a_farewell_ends_the_workspace_and_its_members_direct_messages_and_nobody_elses(there: There) -> None:
    there.ready.workspace.token_state = "account_inactive"
    await there.membership.farewell(there.team, there.now + HOUR)
    assert await there.departed() == {there.team, f"@{there.team}/U1"}
    assert await there.installations.all() == []
    with pytest.raises(TryLater):
        there.ready.roster.of(there.team)


async def test_the_same_farewell_twice_is_one(there: There) -> None:
    there.ready.workspace.token_state = "account_inactive"
    for _ in range(2):
        await there.membership.farewell(there.team, there.now + HOUR)
    assert await there.departed() == {there.team, f"@{there.team}/U1"}


async def test_a_late_farewell_does_not_end_a_newer_installation(there: There) -> None:
    there.ready.workspace.token_state = "account_inactive"
    newer = again(there, HOUR)
    await there.installations.save(newer)
    await there.membership.installed(newer)
    await there.membership.farewell(there.team, there.now + HOUR / 2)
    assert await there.departed() == set()
    assert await there.installations.all() == [newer]


async def test_a_farewell_whose_token_still_works_is_none(there: There) -> None:
    await there.membership.farewell(there.team, there.now + HOUR)
    assert await there.departed() == set()
    assert len(await there.installations.all()) == 1


async def test_slacks_word_counts_where_the_token_cannot_be_tried(there: There) -> None:
    there.ready.server.faults.plan(Fault(Kind.STATUS, "auth.test"))
    await there.membership.farewell(there.team, there.now + HOUR)
    assert await there.departed() == {there.team, f"@{there.team}/U1"}


async def test_who_installs_again_goes_on_and_is_caught_up(there: There) -> None:
    there.ready.workspace.token_state = "account_inactive"
    await there.membership.farewell(there.team, there.now + HOUR)
    newer = again(there, 2 * HOUR)
    await there.membership.installed(newer)
    assert await there.departed() == set()
    assert there.caught_up == [None]
    assert there.ready.roster.of(there.team) == newer


async def test_a_first_installation_has_nothing_to_catch_up(there: There) -> None:
    await there.membership.installed(again(there, HOUR))
    assert there.caught_up == []


async def test_one_refusal_ends_nothing_while_the_token_works(there: There) -> None:
    await there.membership.refused(there.team, "account_inactive")
    assert await there.departed() == set()


async def test_a_refusal_that_is_confirmed_ends_it(there: There) -> None:
    there.ready.workspace.token_state = "token_revoked"
    await there.membership.refused(there.team, "token_revoked")
    assert await there.departed() == {there.team, f"@{there.team}/U1"}


async def test_a_refusal_that_cannot_be_confirmed_ends_nothing(there: There) -> None:
    there.ready.workspace.token_state = "token_revoked"
    there.ready.server.faults.plan(Fault(Kind.STATUS, "auth.test"))
    await there.membership.refused(there.team, "token_revoked")
    assert await there.departed() == set()


async def test_a_workspace_known_by_our_settings_rests_and_keeps_what_waits(there: There) -> None:
    alone = Membership(
        api=there.ready.api,
        roster=there.ready.roster,
        installations=None,
        tenants=there.tenants,
        clock=there.ready.clock,
        caught_up=lambda: None,
    )
    there.ready.workspace.token_state = "token_revoked"
    with pytest.raises(TryLater, match="install digestbot again"):
        await there.ready.api.call(there.team, "conversations.info", channel="C1")
    await alone.refused(there.team, "token_revoked")
    assert await there.departed() == set()
    asked = len(there.ready.server.record.calls)
    with pytest.raises(TryLater):
        await there.ready.api.call(there.team, "conversations.info", channel="C1")
    assert len(there.ready.server.record.calls) == asked, "a token that was refused is not tried again at once"
    there.ready.clock.at += timedelta(minutes=10)
    with pytest.raises(TryLater):
        await there.ready.api.call(there.team, "conversations.info", channel="C1")
    assert len(there.ready.server.record.calls) == asked + 1


async def test_what_is_installed_is_in_memory_after_the_start(there: There) -> None:
    there.ready.roster.drop(there.team)
    await there.membership.load()
    assert there.ready.roster.of(there.team).token == there.ready.workspace.bot_token
