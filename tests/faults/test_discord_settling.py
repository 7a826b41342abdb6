"""Doubts on Discord: what became of a message whose answer was lost, by every way that there is to know."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from digestbot.domain.card import Card, Paragraph, Text
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Look
from digestbot.errors import Gone, Unknown
from digestbot.platforms.discord import connection as connection_module
from digestbot.ports import Absent, Found, Outgoing, Subject, Unknowable
from tests.contract.discord_harness import Connected, connected
from tests.servers.discord.faults import Fault, Kind
from tests.servers.discord.permissions import Permission
from tests.servers.discord.world import FORUM, Channel

DELIVERY = "aaaabbbbccccddddeeeeffff"
CARD = Card(blocks=(Paragraph((Text("Ada wins"),)),), command="story ada")
AMBIGUOUS = (Kind.LOST, Kind.LOST_RESET, Kind.LOST_HALF, Kind.LOST_HANG)


@pytest.fixture
async def there(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Whoever does not answer is waited for half a second, not twenty."""
    monkeypatch.setattr(connection_module, "_TIMEOUT", aiohttp.ClientTimeout(total=0.5))
    async with connected() as ready:
        yield ready


def text_channel(there: Connected) -> Channel:
    return there.server.guild("The Guild").channel("news")


def outgoing(channel: Channel, *, ago: timedelta = timedelta(), layout: str | None = None) -> Outgoing:
    assert channel.guild is not None
    return Outgoing(
        delivery=DELIVERY,
        place=Place("discord", str(channel.guild.id), str(channel.id)),
        card=CARD,
        look=Look(layout=layout),
        first_attempt=datetime.now(UTC) - ago,
        subject=Subject("The Gala"),
    )


@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_inside_the_window_the_same_key_is_the_same_message(there: Connected, kind: Kind) -> None:
    """Red with another nonce a try: `test_discord_kill.py` takes that guard out."""
    channel, messenger = text_channel(there), there.platform.messenger
    there.server.faults.plan(Fault(kind, "create_message"))
    with pytest.raises(Unknown):
        await messenger.send(outgoing(channel))
    assert messenger.repeatable(outgoing(channel).place, timedelta(seconds=100))
    ref = await messenger.send(outgoing(channel))
    (message,) = there.server.record.of(channel)
    assert ref == MessageRef(str(channel.id), str(message.id))


@pytest.mark.parametrize("layout", [None, "embed"])
@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_when_the_window_is_over_the_message_is_found_by_its_marker(
    there: Connected, kind: Kind, layout: str | None
) -> None:
    """Among 250 others, one of them a copy of it by another bot."""
    channel, messenger = text_channel(there), there.platform.messenger
    there.server.faults.plan(Fault(kind, "create_message"))
    with pytest.raises(Unknown):
        await messenger.send(outgoing(channel, layout=layout))
    (message,) = there.server.record.of(channel)
    copied = {name: part for name, part in message.body.items() if name in {"embeds", "components", "flags"}}
    there.server.foreign_message(channel, copied)
    for number in range(250):
        there.server.foreign_message(channel, {"content": f"chat {number}"})
    later = outgoing(channel, ago=timedelta(minutes=3), layout=layout)
    assert not messenger.repeatable(later.place, timedelta(minutes=3))
    assert await messenger.find(later) == Found(MessageRef(str(channel.id), str(message.id)))


async def test_a_copy_by_another_bot_is_not_ours(there: Connected) -> None:
    channel, messenger = text_channel(there), there.platform.messenger
    other = there.server.guild("Elsewhere").channel("news")
    await messenger.send(outgoing(other))
    (message,) = there.server.record.of(other)
    copied = {name: part for name, part in message.body.items() if name in {"components", "flags"}}
    there.server.foreign_message(channel, copied)
    assert await messenger.find(outgoing(channel, ago=timedelta(minutes=3))) == Absent()


async def test_what_never_arrived_is_absent(there: Connected) -> None:
    channel, messenger = text_channel(there), there.platform.messenger
    there.server.faults.plan(Fault(Kind.RESET, "create_message"))
    with pytest.raises(Unknown):
        await messenger.send(outgoing(channel))
    assert await messenger.find(outgoing(channel, ago=timedelta(minutes=3))) == Absent()


async def test_without_the_right_to_read_history_nothing_is_concluded_from_an_empty_list(there: Connected) -> None:
    """Discord answers 200 and no messages: taken for “never posted” it would be a double."""
    channel, messenger = text_channel(there), there.platform.messenger
    there.server.faults.plan(Fault(Kind.LOST, "create_message"))
    with pytest.raises(Unknown):
        await messenger.send(outgoing(channel))
    there.server.set_permissions(channel, deny=Permission.READ_MESSAGE_HISTORY)
    await there.server.until(lambda: blind(there, channel), "the client never heard of it")
    sighting = await messenger.find(outgoing(channel, ago=timedelta(minutes=3)))
    assert isinstance(sighting, Unknowable)
    assert "Read Message History" in sighting.reason
    assert there.server.record.to("history") == []


def blind(there: Connected, channel: Channel) -> bool:
    known = there.platform.messenger._targets.known(outgoing(channel).place)
    return known is not None and bool(known.blind)


async def test_a_channel_too_busy_to_be_looked_through_is_said_to_be(there: Connected) -> None:
    channel, messenger = text_channel(there), there.platform.messenger
    for number in range(2_100):
        there.server.foreign_message(channel, {"content": f"chat {number}"})
    sighting = await messenger.find(outgoing(channel, ago=timedelta(minutes=3)))
    assert sighting == Unknowable("more than 2,000 messages were posted there since")


async def test_a_message_that_was_deleted_meanwhile_is_not_posted_again(there: Connected) -> None:
    channel, messenger = text_channel(there), there.platform.messenger
    there.server.faults.plan(Fault(Kind.LOST, "create_message"))
    with pytest.raises(Unknown):
        await messenger.send(outgoing(channel))
    there.server.delete_message(there.server.record.of(channel)[0])
    with pytest.raises(Gone, match="posted and then deleted"):
        await messenger.send(outgoing(channel))
    assert len(there.server.record.of(channel)) == 1


@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_a_forum_post_is_never_sent_again_before_it_was_looked_for(there: Connected, kind: Kind) -> None:
    forum = there.server.guild("The Guild").channel("events", FORUM)
    messenger = there.platform.messenger
    there.server.faults.plan(Fault(kind, "create_thread"))
    with pytest.raises(Unknown):
        await messenger.send(outgoing(forum))
    assert len(there.server.record.to("create_thread")) == 1, "the library does not repeat it by itself"
    assert not messenger.repeatable(outgoing(forum).place, timedelta())
    (post,) = there.server.record.threads
    assert await messenger.find(outgoing(forum)) == Found(MessageRef(str(post.id), str(post.id)))
    post.archived = True
    assert await messenger.find(outgoing(forum)) == Found(MessageRef(str(post.id), str(post.id)))


async def test_a_forum_post_that_was_never_opened_is_absent(there: Connected) -> None:
    forum = there.server.guild("The Guild").channel("events", FORUM)
    messenger = there.platform.messenger
    there.server.faults.plan(Fault(Kind.RESET, "create_thread"))
    with pytest.raises(Unknown):
        await messenger.send(outgoing(forum))
    assert await messenger.find(outgoing(forum)) == Absent()


@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_a_lost_direct_message_is_found(there: Connected, kind: Kind) -> None:
    member = there.server.guild("The Guild").member("Bob")
    place = Place("discord", f"@{member.id}", f"@{member.id}")
    messenger, direct = there.platform.messenger, there.server.world.direct_channel(member.user)
    message = replace(outgoing(text_channel(there)), place=place)
    there.server.faults.plan(Fault(kind, "create_message"))
    with pytest.raises(Unknown):
        await messenger.send(message)
    (posted,) = there.server.record.of(direct)
    later = replace(message, first_attempt=message.first_attempt - timedelta(minutes=3))
    assert await messenger.find(later) == Found(MessageRef(str(direct.id), str(posted.id)))


async def test_a_message_on_which_discord_always_fails_is_parked_while_others_pass(there: Connected) -> None:
    """A 500 for one body is not an outage."""
    guild = there.server.guild("The Guild")
    channel, other, messenger = guild.channel("news"), guild.channel("other"), there.platform.messenger
    there.server.faults.stand(Fault(Kind.REFUSE, "create_message", channel=channel.id, status=500))
    for _ in range(2):
        with pytest.raises(Unknown):
            await messenger.send(outgoing(channel))
        await messenger.send(replace(outgoing(other), delivery="another"))
    with pytest.raises(Exception, match="Discord fails on this message while it takes others"):
        await messenger.send(outgoing(channel))


async def test_in_an_outage_nothing_is_parked(there: Connected) -> None:
    channel, messenger = text_channel(there), there.platform.messenger
    there.server.faults.stand(Fault(Kind.REFUSE, "create_message", status=500))
    for _ in range(6):
        with pytest.raises(Unknown):
            await messenger.send(outgoing(channel))
