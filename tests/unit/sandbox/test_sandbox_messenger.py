"""What is the sandbox's own among messengers: doubles, late arrivals, direct messages, a broken record."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from digestbot.domain.place import MessageRef, Place
from digestbot.errors import Gone, Unknown
from digestbot.platforms.sandbox.channels import SandboxChannels
from digestbot.platforms.sandbox.faults import Fault, Kind
from digestbot.platforms.sandbox.messenger import SandboxMessenger
from digestbot.platforms.sandbox.record import Record
from digestbot.ports import Absent, Found, Outgoing, Unknowable
from tests.unit.sandbox.stage import ManualClock, Stage, outgoing, story

LATE = Fault(Kind.LATE, timedelta(seconds=30))


async def test_two_sends_of_one_delivery_are_two_messages(stage: Stage) -> None:
    first = await stage.post(story(), "d1")
    second = await stage.post(story(), "d1")
    assert (first, second) == (MessageRef("news", "1"), MessageRef("news", "2"))
    assert await stage.messenger.find(outgoing(story(), "d1")) == Found(first)


async def test_a_late_message_is_absent_first_and_found_in_the_end(stage: Stage) -> None:
    stage.faults.plan(LATE)
    with pytest.raises(Unknown):
        await stage.post(story(), "d1")
    assert await stage.messenger.find(outgoing(story(), "d1")) == Absent()
    news = stage.record.news
    stage.clock.move(timedelta(seconds=30))
    await news.wait()
    assert await stage.messenger.find(outgoing(story(), "d1")) == Found(MessageRef("news", "1"))


async def test_a_late_message_for_a_channel_that_is_no_more_is_dropped_quietly(stage: Stage) -> None:
    stage.faults.plan(LATE)
    with pytest.raises(Unknown):
        await stage.post(story(), "d1", channel="closed")
    stage.clock.move(timedelta(seconds=30))
    await asyncio.sleep(0)
    assert list(await stage.record.all()) == []


async def test_closing_drops_what_was_to_come_late(stage: Stage) -> None:
    stage.faults.plan(LATE)
    with pytest.raises(Unknown):
        await stage.post(story(), "d1")
    await stage.messenger.close()
    stage.clock.move(timedelta(seconds=30))
    assert await stage.messenger.find(outgoing(story(), "d1")) == Absent()


async def test_a_dropped_message_is_absent(stage: Stage) -> None:
    stage.faults.plan(Fault(Kind.DROPPED))
    with pytest.raises(Unknown):
        await stage.post(story(), "d1")
    assert await stage.messenger.find(outgoing(story(), "d1")) == Absent()


async def test_a_lost_answer_to_an_edit_means_that_it_was_made(stage: Stage) -> None:
    ref = await stage.post(story("First"))
    stage.faults.plan(Fault(Kind.LOST))
    with pytest.raises(Unknown):
        await stage.messenger.edit(ref, outgoing(story("Second")))
    message = await stage.record.get(ref.message)
    assert message is not None
    assert message.card == story("Second")


async def test_another_tenant_is_not_here(stage: Stage) -> None:
    place = Place("sandbox", "elsewhere", "news")
    foreign = Outgoing(
        delivery="d1", place=place, card=story(), look=outgoing(story()).look, first_attempt=stage.clock.now()
    )
    with pytest.raises(Gone):
        await stage.messenger.send(foreign)


async def test_a_message_is_edited_only_in_its_own_channel(stage: Stage) -> None:
    ref = await stage.post(story(), channel="news")
    with pytest.raises(Gone):
        await stage.messenger.edit(MessageRef("film", ref.message), outgoing(story("Second")))


@pytest.mark.parametrize("channel", ["member-1", "@member-1"])
async def test_a_members_direct_messages_are_one_channel_by_either_name(stage: Stage, channel: str) -> None:
    ref = await stage.post(story(), "d1", channel=channel)
    assert ref == MessageRef("@member-1", "1")
    assert await stage.messenger.find(outgoing(story(), "d1", channel)) == Found(ref)


async def test_a_broken_record_is_an_unknown_outcome(tmp_path: Path) -> None:
    clock = ManualClock()
    async with Record(tmp_path / "record.db", clock) as record:
        messenger = SandboxMessenger(record, SandboxChannels(), clock)
    with pytest.raises(Unknown, match="record failed"):
        await messenger.send(outgoing(story()))
    with pytest.raises(Unknown, match="record failed"):
        await messenger.edit(MessageRef("news", "1"), outgoing(story()))
    assert await messenger.find(outgoing(story())) == Unknowable(
        "The sandbox's record cannot be read: The sandbox's record is closed."
    )
