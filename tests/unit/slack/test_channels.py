"""Channels on Slack, as commands name them, and whether digestbot can post there."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.domain.place import Channel, Place
from digestbot.domain.subscription import Look
from digestbot.platforms.slack.channels import SlackChannels
from tests.contract.slack_harness import Connected, connected
from tests.servers.slack.faults import Fault, Kind


class There:
    def __init__(self, ready: Connected) -> None:
        self.ready = ready
        self.team = ready.workspace
        self.channels = SlackChannels(ready.api, ready.targets, ready.clock)

    def place(self, channel: str) -> Place:
        return Place("slack", self.team.id, channel)

    def asked(self, method: str) -> int:
        return len(self.ready.server.record.asked(method))


@pytest.fixture
async def there() -> AsyncIterator[There]:
    async with connected(datetime.now(UTC)) as ready:
        yield There(ready)


async def test_a_channel_is_found_however_it_is_named(there: There) -> None:
    news = there.team.channel("news", member=False)
    expected = Channel(news.id, "news")
    for text in (news.id, f"<#{news.id}>", f"<#{news.id}|news>", "news", "#news", " #News "):
        assert await there.channels.find(there.team.id, text) == expected


async def test_what_is_not_there_is_not_found(there: There) -> None:
    hidden = there.team.channel("hidden", private=True, member=False)
    elsewhere = there.ready.server.workspace("Other").channel("news")
    for text in ("nothing", "", "<#C999999>", hidden.id, "hidden", elsewhere.id, "C1:2"):
        assert await there.channels.find(there.team.id, text) is None


async def test_a_thread_is_named_by_the_link_of_its_message(there: There) -> None:
    news = there.team.channel("news")
    root = there.ready.server.say(news, there.team.user("Bob"), "What happened?")
    link = f"https://team.slack.com/archives/{news.id}/p{root.ts.replace('.', '')}"
    expected = Channel(f"{news.id}:{root.ts}", "news (a thread)")
    for text in (link, f"<{link}>", f"<{link}|here>", f"{link}?thread_ts={root.ts}&cid={news.id}"):
        assert await there.channels.find(there.team.id, text) == expected


async def test_the_list_holds_public_channels_and_private_ones_that_we_are_in(there: There) -> None:
    there.team.channel("news")
    there.team.channel("open", member=False)
    there.team.channel("secret", private=True)
    there.team.channel("hidden", private=True, member=False)
    there.team.channel("old", archived=True)
    assert [channel.name for channel in await there.channels.all(there.team.id)] == ["news", "open", "secret"]


async def test_the_list_is_read_page_by_page_and_kept_for_five_minutes(there: There) -> None:
    for number in range(1200):
        there.team.channel(f"c{number}")
    assert len(await there.channels.all(there.team.id)) == 1200
    assert len(await there.channels.all(there.team.id)) == 1200
    assert there.asked("conversations.list") == 2
    there.ready.clock.at += timedelta(minutes=5)
    await there.channels.all(there.team.id)
    assert there.asked("conversations.list") == 4


async def test_the_list_is_what_was_known_while_slack_does_not_tell(there: There) -> None:
    there.team.channel("news")
    await there.channels.all(there.team.id)
    there.ready.clock.at += timedelta(minutes=5)
    there.ready.server.faults.plan(Fault(Kind.LIMIT, "conversations.list"))
    assert [channel.name for channel in await there.channels.all(there.team.id)] == ["news"]


async def test_whoever_speaks_of_their_own_direct_messages_reaches_no_channel(there: There) -> None:
    news = there.team.channel("news")
    own = await there.channels.direct(there.team.id, "U1")
    assert own == Place("slack", f"@{there.team.id}/U1", f"@{there.team.id}/U1")
    assert await there.channels.direct(own.tenant, "U1") == own
    assert await there.channels.find(own.tenant, news.id) is None
    assert await there.channels.find(own.tenant, "news") is None
    assert await there.channels.find(own.tenant, own.channel) == Channel(own.channel, "direct messages")
    assert await there.channels.all(own.tenant) == [Channel(own.channel, "direct messages")]


async def test_a_public_channel_is_joined_before_anything_is_posted(there: There) -> None:
    news = there.team.channel("news", member=False)
    assert await there.channels.trouble(there.place(news.id), Look()) is None
    assert there.team.bot_user in news.members


async def test_a_private_channel_wants_an_invitation(there: There) -> None:
    hidden = there.team.channel("hidden", private=True, member=False)
    assert await there.channels.trouble(there.place(hidden.id), Look()) == (
        "digestbot does not see this channel: if it is private, type `/invite @digestbot` there first."
    )
    secret = there.team.channel("secret", private=True)
    assert await there.channels.trouble(there.place(secret.id), Look()) is None


async def test_a_shared_channel_is_as_good_as_any(there: There) -> None:
    shared = there.team.channel("partners", shared=True)
    assert await there.channels.trouble(there.place(shared.id), Look()) is None


async def test_an_archived_channel_is_named(there: There) -> None:
    old = there.team.channel("old", archived=True)
    assert await there.channels.trouble(there.place(old.id), Look()) == "#old is archived: take another channel."


async def test_a_scope_that_is_missing_is_said(there: There) -> None:
    news = there.team.channel("news", member=False)
    there.team.scopes.discard("channels:join")
    assert await there.channels.trouble(there.place(news.id), Look()) == (
        "Digestbot lacks a scope: an admin of the workspace has to install digestbot again: channels:join."
    )


async def test_a_limit_of_slacks_is_no_trouble_of_the_channels(there: There) -> None:
    news = there.team.channel("news")
    there.ready.server.faults.plan(Fault(Kind.LIMIT, "conversations.info"))
    assert await there.channels.trouble(there.place(news.id), Look()) is None


async def test_direct_messages_are_opened_to_see_whether_they_can_be(there: There) -> None:
    own = await there.channels.direct(there.team.id, there.team.user("Bob").id)
    assert await there.channels.trouble(own, Look()) is None
    nobody = await there.channels.direct(there.team.id, "U0")
    assert await there.channels.trouble(nobody, Look()) == "The member is no more."
