"""Looking back on Slack: found, absent, or an honest “nobody can tell”."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from digestbot.domain.card import Card, Paragraph, Text
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Look
from digestbot.errors import TryLater, Unknown
from digestbot.platforms.slack.workspaces import direct
from digestbot.ports import Absent, Found, Outgoing, Subject, Unknowable
from tests.contract.slack_harness import Connected, connected
from tests.servers.slack.faults import Fault, Kind
from tests.servers.slack.world import Channel

CARD = Card(blocks=(Paragraph((Text("Ada wins"),)),), command="story ada")
ID = "aaaabbbbccccddddeeeeffff"


@pytest.fixture
async def there() -> AsyncIterator[Connected]:
    async with connected(datetime.now(UTC)) as ready:
        yield ready


def outgoing(there: Connected, channel: Channel, **changes: Any) -> Outgoing:  # noqa: ANN401 - any field's value
    place = Place("slack", there.workspace.id, channel.id)
    plain = Outgoing(delivery=ID, place=place, card=CARD, look=Look(), first_attempt=there.clock.now())
    return replace(plain, **changes)


async def found(there: Connected, message: Outgoing) -> object:
    return await there.messenger.find(message)


async def test_a_message_is_found_behind_hundreds_of_others(there: Connected) -> None:
    channel = there.workspace.channel("news")
    message = outgoing(there, channel)
    ref = await there.messenger.send(message)
    someone = there.workspace.user("Bob")
    for number in range(450):
        there.server.say(channel, someone, f"chatter {number}")
    assert await found(there, message) == Found(ref)
    assert len(there.server.record.asked("conversations.history")) == 3


async def test_behind_thousands_nobody_can_tell(there: Connected) -> None:
    channel = there.workspace.channel("news")
    message = outgoing(there, channel)
    await there.messenger.send(message)
    someone = there.workspace.user("Bob")
    for number in range(2001):
        there.server.say(channel, someone, f"chatter {number}")
    assert await found(there, message) == Unknowable(
        "Slack shows digestbot only 2000 of the messages that were posted there since"
    )


async def test_what_was_said_before_the_first_attempt_is_not_asked_for(there: Connected) -> None:
    channel = there.workspace.channel("news")
    someone = there.workspace.user("Bob")
    for number in range(300):
        there.server.say(channel, someone, f"chatter {number}")
    later = there.clock.now() + timedelta(minutes=6)
    assert await found(there, outgoing(there, channel, first_attempt=later)) == Absent()
    assert len(there.server.record.asked("conversations.history")) == 1


async def test_an_app_that_may_read_little_does_not_take_fifteen_messages_for_all(there: Connected) -> None:
    there.server.limits.restricted = True
    channel = there.workspace.channel("news")
    message = outgoing(there, channel)
    await there.messenger.send(message)
    someone = there.workspace.user("Bob")
    for number in range(16):
        there.server.say(channel, someone, f"chatter {number}")
    assert isinstance(await found(there, message), Unknowable)
    with pytest.raises(TryLater) as caught:  # and once a minute
        await found(there, message)
    assert caught.value.after == timedelta(seconds=60)


async def test_an_app_that_may_read_little_finds_what_is_among_it(there: Connected) -> None:
    there.server.limits.restricted = True
    channel = there.workspace.channel("news")
    message = outgoing(there, channel)
    ref = await there.messenger.send(message)
    assert await found(there, message) == Found(ref)


async def test_out_of_the_channel_nobody_can_tell(there: Connected) -> None:
    channel = there.workspace.channel("news")
    message = outgoing(there, channel)
    await there.messenger.send(message)
    channel.members.discard(there.workspace.bot_user)
    assert await found(there, message) == Unknowable(
        "nobody can tell while digestbot is not in the channel: `/invite` it there"
    )


async def test_without_the_scope_nobody_can_tell(there: Connected) -> None:
    channel = there.workspace.channel("news")
    there.workspace.scopes.discard("channels:history")
    sighting = await found(there, outgoing(there, channel))
    assert isinstance(sighting, Unknowable)
    assert "scope" in sighting.reason


async def test_a_private_channel_that_we_were_taken_out_of_tells_nothing(there: Connected) -> None:
    channel = there.workspace.channel("news", private=True, member=False)
    assert isinstance(await found(there, outgoing(there, channel)), Unknowable)


async def test_another_bots_copy_of_our_marker_is_not_ours(there: Connected) -> None:
    channel = there.workspace.channel("news")
    marker = {"event_type": "digestbot_delivery", "event_payload": {"delivery_id": ID}}
    there.server.say(channel, there.workspace.user("Mimic"), "Ada wins", metadata=marker)
    assert await found(there, outgoing(there, channel)) == Absent()


async def test_while_slack_does_not_answer_it_stays_open(there: Connected) -> None:
    channel = there.workspace.channel("news")
    there.server.faults.plan(Fault(Kind.STATUS, "conversations.history"))
    with pytest.raises(Unknown):
        await found(there, outgoing(there, channel))


async def test_an_answer_in_a_thread_is_found_there(there: Connected) -> None:
    channel = there.workspace.channel("news")
    root = there.server.say(channel, there.workspace.user("Bob"), "What happened?")
    place = Place("slack", there.workspace.id, f"{channel.id}:{root.ts}")
    message = outgoing(there, channel, place=place)
    assert await found(there, message) == Absent()
    ref = await there.messenger.send(message)
    assert ref.channel == f"{channel.id}:{root.ts}"
    assert await found(there, message) == Found(ref)


async def test_what_is_gathered_in_an_events_thread_is_found_at_both_places(there: Connected) -> None:
    channel = there.workspace.channel("news")
    first = outgoing(there, channel, look=Look(style="thread"), subject=Subject("The Gala"))
    root = await there.messenger.send(first)
    assert root == MessageRef(f"{channel.id}:{root.message}", root.message)
    assert await found(there, first) == Found(root)
    there.clock.at += timedelta(seconds=1)
    second = replace(first, delivery="b" * 24, subject=Subject("The Gala", thread=root.channel))
    reply = await there.messenger.send(second)
    assert reply.channel == root.channel
    (_, standing) = there.server.record.messages
    assert standing.thread_ts == root.message
    assert await found(there, second) == Found(reply)


async def test_a_direct_message_needs_no_opening_and_is_found_in_its_conversation(there: Connected) -> None:
    """Slack opens fifty conversations a minute; an event may have more followers than that."""
    bob = there.workspace.user("Bob")
    place = direct(there.workspace.id, bob.id)
    message = Outgoing(delivery=ID, place=place, card=CARD, look=Look(), first_attempt=there.clock.now())
    ref = await there.messenger.send(message)
    assert ref.channel == there.workspace.dm(bob).id
    assert there.server.record.asked("conversations.open") == []
    assert await found(there, message) == Found(ref)
    assert await there.messenger.edit(ref, message) == ref


async def test_a_direct_message_whose_answer_was_lost_is_found(there: Connected) -> None:
    place = direct(there.workspace.id, there.workspace.user("Bob").id)
    message = Outgoing(delivery=ID, place=place, card=CARD, look=Look(), first_attempt=there.clock.now())
    there.server.faults.plan(Fault(Kind.LOST, "chat.postMessage"))
    with pytest.raises(Unknown):
        await there.messenger.send(message)
    (standing,) = there.server.record.messages
    assert await found(there, message) == Found(MessageRef(standing.channel, standing.ts))
