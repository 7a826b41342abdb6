"""What every messenger must keep, whatever the platform."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

import pytest

from digestbot.domain.card import Card, Heading, List, Paragraph, Quote, Text, lines_of, plain_text
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Look
from digestbot.errors import DeliveryError, Gone, Refused, TryLater, Unknown
from digestbot.platforms.sandbox.channels import SandboxChannels
from digestbot.platforms.sandbox.faults import Fault, Faults, Kind
from digestbot.platforms.sandbox.messenger import SandboxMessenger
from digestbot.platforms.sandbox.record import Record
from digestbot.ports import Absent, Deleted, Found, Messenger, Outgoing, Unknowable
from tests.contract import discord_harness, slack_harness
from tests.fakes import FakeClock
from tests.servers.discord import faults as discord_faults
from tests.servers.discord.server import Discord
from tests.servers.slack import faults as slack_faults

NOW: Final = datetime(2026, 5, 24, 12, 0, tzinfo=UTC)
LOST: Final = "the answer is lost"
REFUSED: Final = "the card is refused"
LATER: Final = "not now, in seven seconds"
GONE: Final = "the channel is no more"
HOSTILE: Final = (
    "*NSYNC _and_ ~~A$AP~~ `Rocky` ||spoiler||",
    "@everyone @here <@1> <@&2> <#3> <!channel> <!here> <!subteam^S1>",
    "[bank.example](https://evil.example/) <https://evil.example/|bank>",
    "<script>alert(1)</script> &amp; &lt;b&gt; \"quoted\" 'too'",
    "# no heading\n> no quote\n- no list\n-# not small",
    "{{ 7*7 }} {% raw %} :smile: <t:0:R> \\*",
)


@dataclass(frozen=True)
class Sent:
    """A message as the platform holds it; `reads` is what a reader sees, `pings` whom it calls."""

    ref: MessageRef
    reads: str
    pings: tuple[str, ...] = ()
    edits: int = 0
    deleted: bool = False


class Harness(Protocol):
    """A messenger with the platform behind it, which shows what it holds and fails on request."""

    messenger: Messenger
    place: Place
    mention: str
    tells_deletions: bool | None
    """Whether looking back tells what was deleted from what was never posted; None where nothing tells it.

    Elsewhere the key does, for a while.
    """

    async def received(self) -> Sequence[Sent]:
        """Every message ever created, oldest first."""
        ...

    def fail_next(self, fault: str) -> None:
        """The next create or edit meets one of the faults above."""
        ...

    async def delete(self, ref: MessageRef) -> None:
        """As a moderator would."""
        ...


class SandboxHarness:
    place = Place("sandbox", "sandbox", "news")
    mention = "@fans"
    tells_deletions: bool | None = True
    _kinds: Final = {
        LOST: Fault(Kind.LOST),
        REFUSED: Fault(Kind.REFUSE),
        LATER: Fault(Kind.LATER, timedelta(seconds=7)),
        GONE: Fault(Kind.GONE),
    }

    def __init__(self, record: Record) -> None:
        self._record = record
        self._faults = Faults()
        self.messenger: Messenger = SandboxMessenger(record, SandboxChannels(), FakeClock(NOW), self._faults)

    async def received(self) -> Sequence[Sent]:
        return [
            Sent(
                MessageRef(message.channel, message.id),
                "\n".join(plain_text(line) for block in message.card.blocks for line in lines_of(block)),
                (message.mention,) if message.mention else (),
                message.edits,
                message.deleted,
            )
            for message in await self._record.all()
        ]

    def fail_next(self, fault: str) -> None:
        self._faults.plan(self._kinds[fault])

    async def delete(self, ref: MessageRef) -> None:
        await self._record.delete(ref.message)


@asynccontextmanager
async def sandbox(path: Path) -> AsyncIterator[Harness]:
    async with Record(path / "record.db", FakeClock(NOW)) as record:
        yield SandboxHarness(record)


class DiscordHarness:
    """The real client, connected to a server that keeps Discord's rules."""

    tells_deletions: bool | None = False
    _kinds: Final = {
        LOST: discord_faults.Fault(discord_faults.Kind.LOST, body="allowed_mentions"),
        REFUSED: discord_faults.Fault(discord_faults.Kind.REFUSE, status=400, code=50035, body="allowed_mentions"),
        LATER: discord_faults.Fault(discord_faults.Kind.LIMIT, retry_after=7.0, body="allowed_mentions"),
        GONE: discord_faults.Fault(discord_faults.Kind.REFUSE, status=404, code=10003, body="allowed_mentions"),
    }

    def __init__(self, server: Discord, messenger: Messenger) -> None:
        self.messenger = messenger
        self._server = server
        guild = server.guild("The Guild")
        self._channel = guild.channel("news")
        self._role = guild.role("fans", mentionable=True)
        self.place = Place("discord", str(guild.id), str(self._channel.id))
        self.mention = f"<@&{self._role.id}>"

    async def received(self) -> Sequence[Sent]:
        return [
            Sent(
                MessageRef(str(message.channel.id), str(message.id)),
                message.reads,
                tuple(sorted(message.pings)),
                len(message.edits),
                message.deleted,
            )
            for message in self._server.record.of(self._channel)
        ]

    def fail_next(self, fault: str) -> None:
        self._server.faults.plan(self._kinds[fault])

    async def delete(self, ref: MessageRef) -> None:
        (found,) = [message for message in self._server.record.messages if str(message.id) == ref.message]
        self._server.delete_message(found)


@asynccontextmanager
async def discord(_path: Path) -> AsyncIterator[Harness]:
    async with discord_harness.connected() as there:
        yield DiscordHarness(there.server, there.platform.messenger)


class SlackHarness:
    """The real client, against a server that keeps Slack's rules; whoever is too early waits their turn."""

    tells_deletions: bool | None = None
    _kinds: Final = {
        LOST: slack_faults.Fault(slack_faults.Kind.LOST, body="digestbot_delivery"),
        REFUSED: slack_faults.Fault(slack_faults.Kind.ERROR, error="invalid_blocks", body="digestbot_delivery"),
        LATER: slack_faults.Fault(slack_faults.Kind.LIMIT, retry_after="7", body="digestbot_delivery"),
        GONE: slack_faults.Fault(slack_faults.Kind.ERROR, error="channel_not_found", body="digestbot_delivery"),
    }

    def __init__(self, there: slack_harness.Connected) -> None:
        self.messenger: Messenger = slack_harness.Patient(there.messenger, there.clock)
        self._server = there.server
        self._channel = there.workspace.channel("news")
        group = there.workspace.usergroup("fans")
        self.place = Place("slack", there.workspace.id, self._channel.id)
        self.mention = f"<!subteam^{group.id}>"

    async def received(self) -> Sequence[Sent]:
        return [
            Sent(
                MessageRef(message.channel, message.ts),
                message.reads,
                tuple(f"<!subteam^{ping}>" for ping in sorted(message.pings)),
                len(message.edits),
                message.deleted,
            )
            for message in self._server.record.messages
        ]

    def fail_next(self, fault: str) -> None:
        self._server.faults.plan(self._kinds[fault])

    async def delete(self, ref: MessageRef) -> None:
        (found,) = [message for message in self._server.record.messages if message.ts == ref.message]
        found.deleted = True


@asynccontextmanager
async def slack(_path: Path) -> AsyncIterator[Harness]:
    async with slack_harness.connected(datetime.now(UTC)) as there:
        yield SlackHarness(there)


HARNESSES: Final[Sequence[Callable[[Path], AbstractAsyncContextManager[Harness]]]] = (sandbox, discord, slack)


@pytest.fixture(params=HARNESSES, ids=lambda factory: factory.__name__)
async def harness(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Harness]:
    async with request.param(tmp_path) as harness:
        yield harness


def card(*lines: str) -> Card:
    return Card(blocks=tuple(Paragraph((Text(line),)) for line in lines), command="story ada")


def outgoing(harness: Harness, shown: Card, delivery: str = "aaaabbbbccccddddeeeeffff") -> Outgoing:
    return Outgoing(delivery=delivery, place=harness.place, card=shown, look=Look(), first_attempt=NOW)


def mentioning(harness: Harness, shown: Card) -> Outgoing:
    return replace(outgoing(harness, shown), look=Look(mention=harness.mention))


async def test_a_send_is_one_message_and_gives_its_reference(harness: Harness) -> None:
    ref = await harness.messenger.send(outgoing(harness, card("Ada wins")))
    (sent,) = await harness.received()
    assert sent.ref == ref
    assert "Ada wins" in sent.reads


async def test_what_was_sent_is_found(harness: Harness) -> None:
    message = outgoing(harness, card("Ada wins"))
    ref = await harness.messenger.send(message)
    assert await harness.messenger.find(message) == Found(ref)


async def test_a_lost_answer_is_unknown_and_the_message_is_found(harness: Harness) -> None:
    message = outgoing(harness, card("Ada wins"))
    harness.fail_next(LOST)
    with pytest.raises(Unknown):
        await harness.messenger.send(message)
    (sent,) = await harness.received()
    assert await harness.messenger.find(message) == Found(sent.ref)
    assert len(await harness.received()) == 1


async def test_what_was_never_sent_is_absent(harness: Harness) -> None:
    await harness.messenger.send(outgoing(harness, card("Another"), "another"))
    assert await harness.messenger.find(outgoing(harness, card("Ada wins"))) == Absent()


@pytest.mark.parametrize(("fault", "error"), [(REFUSED, Refused), (LATER, TryLater), (GONE, Gone)])
async def test_a_plain_refusal_leaves_nothing_behind(harness: Harness, fault: str, error: type[DeliveryError]) -> None:
    message = outgoing(harness, card("Ada wins"))
    harness.fail_next(fault)
    with pytest.raises(error):
        await harness.messenger.send(message)
    assert list(await harness.received()) == []
    assert await harness.messenger.find(message) == Absent()


async def test_the_platforms_own_wait_is_passed_on(harness: Harness) -> None:
    harness.fail_next(LATER)
    with pytest.raises(TryLater) as caught:
        await harness.messenger.send(outgoing(harness, card("Ada wins")))
    assert caught.value.after == timedelta(seconds=7)


async def test_after_a_failure_the_next_send_goes_through(harness: Harness) -> None:
    message = outgoing(harness, card("Ada wins"))
    harness.fail_next(LATER)
    with pytest.raises(TryLater):
        await harness.messenger.send(message)
    ref = await harness.messenger.send(message)
    assert [sent.ref for sent in await harness.received()] == [ref]


async def test_an_unknown_channel_is_gone(harness: Harness) -> None:
    place = replace(harness.place, channel="999999999999999999")
    with pytest.raises(Gone):
        await harness.messenger.send(replace(outgoing(harness, card("Ada wins")), place=place))
    assert list(await harness.received()) == []


async def test_an_edit_replaces_what_the_message_shows(harness: Harness) -> None:
    ref = await harness.messenger.send(outgoing(harness, card("Ada wins")))
    assert await harness.messenger.edit(ref, outgoing(harness, card("Ada and Grace win"))) == ref
    (sent,) = await harness.received()
    assert "Ada and Grace win" in sent.reads
    assert "Ada wins" not in sent.reads
    assert sent.edits == 1


async def test_the_same_edit_twice_shows_the_same_and_creates_nothing(harness: Harness) -> None:
    ref = await harness.messenger.send(outgoing(harness, card("Ada wins")))
    await harness.messenger.edit(ref, outgoing(harness, card("Grace wins")))
    (once,) = await harness.received()
    await harness.messenger.edit(ref, outgoing(harness, card("Grace wins")))
    (twice,) = await harness.received()
    assert (twice.ref, twice.reads, twice.pings) == (once.ref, once.reads, once.pings)


async def test_an_edited_message_is_still_found(harness: Harness) -> None:
    message = outgoing(harness, card("Ada wins"))
    ref = await harness.messenger.send(message)
    await harness.messenger.edit(ref, outgoing(harness, card("Grace wins")))
    assert await harness.messenger.find(message) == Found(ref)


async def test_an_edit_of_a_deleted_message_is_gone_and_creates_nothing(harness: Harness) -> None:
    ref = await harness.messenger.send(outgoing(harness, card("Ada wins")))
    await harness.delete(ref)
    with pytest.raises(Gone):
        await harness.messenger.edit(ref, outgoing(harness, card("Grace wins")))
    assert [(sent.ref, sent.deleted) for sent in await harness.received()] == [(ref, True)]


@pytest.mark.parametrize(("fault", "error"), [(LOST, Unknown), (REFUSED, Refused), (LATER, TryLater), (GONE, Gone)])
async def test_a_failed_edit_says_why_and_creates_nothing(
    harness: Harness, fault: str, error: type[DeliveryError]
) -> None:
    ref = await harness.messenger.send(outgoing(harness, card("Ada wins")))
    harness.fail_next(fault)
    with pytest.raises(error):
        await harness.messenger.edit(ref, outgoing(harness, card("Grace wins")))
    assert [sent.ref for sent in await harness.received()] == [ref]


async def test_a_deleted_message_is_not_taken_for_an_unsent_one(harness: Harness) -> None:
    message = outgoing(harness, card("Ada wins"))
    ref = await harness.messenger.send(message)
    await harness.delete(ref)
    if harness.tells_deletions is None:
        assert await harness.messenger.find(message) == Absent()
    elif harness.tells_deletions:
        assert isinstance(await harness.messenger.find(message), Deleted | Unknowable)
    else:
        with pytest.raises(Gone, match="deleted"):
            await harness.messenger.send(message)
    assert len(await harness.received()) == 1


async def test_hostile_text_arrives_as_letters_on_create_and_on_edit(harness: Harness) -> None:
    ref = await harness.messenger.send(outgoing(harness, card(*HOSTILE)))
    (sent,) = await harness.received()
    for line in HOSTILE:
        assert line in sent.reads
    assert sent.pings == ()
    await harness.messenger.edit(ref, outgoing(harness, card("Corrected", *HOSTILE)))
    (edited,) = await harness.received()
    for line in HOSTILE:
        assert line in edited.reads
    assert edited.pings == ()


async def test_hostile_text_is_letters_in_every_kind_of_block(harness: Harness) -> None:
    hostile = HOSTILE[1]
    line = (Text(hostile, strong=True),)
    blocks = (Heading((Text(hostile),)), Quote((line,)), List((line,), ordered=True))
    await harness.messenger.send(outgoing(harness, Card(blocks=blocks)))
    (sent,) = await harness.received()
    assert sent.reads.count(hostile) == 3
    assert sent.pings == ()


async def test_only_the_admins_mention_pings_and_only_when_the_message_is_new(harness: Harness) -> None:
    ref = await harness.messenger.send(mentioning(harness, card("@everyone wins")))
    (sent,) = await harness.received()
    assert sent.pings == (harness.mention,)
    await harness.messenger.edit(ref, mentioning(harness, card("@everyone wins again")))
    (edited,) = await harness.received()
    assert edited.pings == (harness.mention,)
