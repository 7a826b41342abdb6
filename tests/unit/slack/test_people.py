"""People on Slack: who manages a workspace, and which groups may be mentioned."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.commands.verbs import BY_NAME
from digestbot.domain.command import Choice
from digestbot.errors import UserMistake
from digestbot.platforms.slack.groups import Groups
from digestbot.platforms.slack.people import People
from tests.contract.slack_harness import Connected, connected
from tests.servers.slack.faults import Fault, Kind
from tests.servers.slack.world import User


@dataclass
class There:
    ready: Connected
    people: People
    groups: Groups

    async def manages(self, user: User, *, fresh: bool = True) -> bool:
        return (await self.people.member(self.ready.workspace.id, user.id, fresh=fresh)).admin


@pytest.fixture
async def there() -> AsyncIterator[There]:
    async with connected(datetime.now(UTC)) as ready:
        groups = Groups(ready.api, ready.clock)
        yield There(ready, People(ready.api, groups, ready.clock, "news-admins"), groups)


async def test_admins_and_owners_manage_and_others_do_not(there: There) -> None:
    team = there.ready.workspace
    assert await there.manages(team.user("Ada", admin=True))
    assert await there.manages(team.user("Olga", owner=True))
    assert not await there.manages(team.user("Bob"))
    assert not await there.manages(team.user("Gus", guest=True))


async def test_the_members_of_the_configured_group_manage_too(there: There) -> None:
    team = there.ready.workspace
    ada, bob, gus = team.user("Ada"), team.user("Bob"), team.user("Gus", guest=True)
    team.usergroup("news-admins", [ada, gus])
    assert await there.manages(ada)
    assert not await there.manages(bob)
    assert not await there.manages(gus)


async def test_an_admin_of_another_organisation_manages_nothing_here(there: There) -> None:
    stranger = there.ready.workspace.user("Eve", admin=True)
    stranger.team = "T999"
    assert not await there.manages(stranger)


async def test_who_changes_something_is_looked_up_anew_each_time(there: There) -> None:
    ada = there.ready.workspace.user("Ada", admin=True)
    assert await there.manages(ada)
    ada.admin = False
    assert await there.manages(ada, fresh=False)
    assert not await there.manages(ada, fresh=True)
    assert not await there.manages(ada, fresh=False)


async def test_what_is_remembered_is_a_minute_old_at_most(there: There) -> None:
    ada = there.ready.workspace.user("Ada", admin=True)
    assert await there.manages(ada)
    ada.admin = False
    there.ready.clock.at += timedelta(seconds=60)
    assert not await there.manages(ada, fresh=False)


async def test_who_cannot_be_looked_up_is_told_so_where_it_matters_and_manages_nothing_elsewhere(there: There) -> None:
    ada = there.ready.workspace.user("Ada", admin=True)
    there.ready.server.faults.stand(Fault(Kind.STATUS, "users.info"))
    with pytest.raises(UserMistake, match="try again in a minute"):
        await there.manages(ada, fresh=True)
    assert not await there.manages(ada, fresh=False)


async def test_groups_are_offered_by_their_handles(there: There) -> None:
    team = there.ready.workspace
    music, fans = team.usergroup("music-fans"), team.usergroup("fans")
    assert await there.groups.offered(team.id, "fan") == [
        Choice("@fans", f"<!subteam^{fans.id}>"),
        Choice("@music-fans", f"<!subteam^{music.id}>"),
    ]
    assert await there.groups.offered(team.id, "no") == [Choice("none", "none")]
    assert len(there.ready.server.record.asked("usergroups.list")) == 1


@pytest.mark.parametrize("typed", ["fans", "@fans", "@Fans", "<!subteam^{id}>", "<!subteam^{id}|@fans>"])
async def test_a_group_may_be_named_in_any_way(there: There, typed: str) -> None:
    team = there.ready.workspace
    fans = team.usergroup("fans")
    texts = {"what": "all", "mention": typed.replace("{id}", fans.id)}
    resolved = await there.groups.resolved(team.id, BY_NAME["subscribe"], texts)
    assert resolved == {"what": "all", "mention": f"<!subteam^{fans.id}>"}


@pytest.mark.parametrize("typed", ["none", "@here", "everyone", "<!channel>"])
async def test_what_commands_understand_or_refuse_is_left_to_them(there: There, typed: str) -> None:
    texts = {"mention": typed}
    assert await there.groups.resolved(there.ready.workspace.id, BY_NAME["subscribe"], texts) == texts


async def test_a_group_that_is_not_there_is_a_mistake_with_a_hint(there: There) -> None:
    team = there.ready.workspace
    team.usergroup("fans")
    with pytest.raises(UserMistake, match=r"‘@fnas’ here\. Did you mean ‘@fans’\?"):
        await there.groups.resolved(team.id, BY_NAME["subscribe"], {"mention": "@fnas"})
    with pytest.raises(UserMistake, match="There is no user group"):
        await there.groups.resolved(team.id, BY_NAME["subscribe"], {"mention": "<!subteam^S999>"})
