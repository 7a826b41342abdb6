"""A desk for faults on Slack: the courier, by its own clock, with the real messenger and a workspace of four places."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count

import aiohttp

from digestbot.delivery.courier import Courier
from digestbot.delivery.retries import Retries
from digestbot.domain.delivery import Delivery, Reservation
from digestbot.domain.place import Place
from digestbot.domain.story import Status, Story
from digestbot.domain.subscription import Look
from digestbot.platforms.slack.workspaces import direct
from tests.contract.slack_harness import Connected
from tests.fakes import FakeLedger, FakeRenderer, FakeStories, due_ids
from tests.servers.slack.faults import Fault, Kind
from tests.servers.slack.record import Message
from tests.servers.slack.world import Channel
from tests.ward import ward

POST = "chat.postMessage"
PATIENCE = 0.4  # seconds, in place of twenty, for answers that do not come
UNANSWERED = {Kind.LOST_HANG, Kind.LATE, Kind.HANG}


@dataclass
class Desk:
    """A courier of Slack alone. `channel` is what the server calls the place."""

    there: Connected
    place: Place
    channel: Channel
    courier: Courier
    ledger: FakeLedger
    stories: FakeStories

    async def reserve(self, **changes: object) -> str:
        """One story for the place; its delivery's id."""
        plain = Reservation(
            subscription=f"s{next(_NUMBERS)}",
            place=self.place,
            occasion="one",
            due=self.there.clock.now(),
            look=Look(),
            stories=("one",),
        )
        (id_,) = await self.ledger.reserve([replace(plain, **changes)])  # type: ignore[arg-type]  # named by each test
        return id_

    async def deliver(self) -> None:
        """Whatever is due now."""
        await self.courier.deliver(await due_ids(self.ledger, self.there.clock.now()))

    async def meet(self, fault: Fault) -> None:
        """Deliver, and lose the answer so."""
        self.there.server.faults.plan(fault)
        if fault.kind not in UNANSWERED:
            await self.deliver()
            return
        patient = self.there.api.session
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as hasty:
            self.there.api.open(hasty)
            await self.deliver()
        self.there.api.open(patient)

    async def settle(self) -> None:
        """Go from due time to due time until nothing is open."""
        for _ in range(200):
            await self.deliver()
            now = self.there.clock.now()
            if not await due_ids(self.ledger, now):
                earliest = await self.ledger.earliest(now)
                if earliest is None:
                    return
                self.there.clock.at = earliest
        raise AssertionError(self.ledger.rows)

    def row(self, delivery: str) -> Delivery:
        return self.ledger.rows[delivery]

    def sent(self, delivery: str) -> int:
        """How often it left, by what arrived at Slack."""
        return sum(delivery in str(call.params) for call in self.there.server.record.asked(POST))

    def standing(self, delivery: str) -> list[Message]:
        said = self.there.server.record.visible(self.channel.id)
        return [message for message in said if delivery in str(message.metadata)]

    async def landed(self, delivery: str) -> None:
        await self.there.server.record.changed(lambda: bool(self.standing(delivery)))


_NUMBERS = count()


def public(there: Connected) -> tuple[Channel, str]:
    channel = there.workspace.channel("news")
    return channel, channel.id


def private(there: Connected) -> tuple[Channel, str]:
    channel = there.workspace.channel("secret", private=True)
    return channel, channel.id


def thread(there: Connected) -> tuple[Channel, str]:
    channel = there.workspace.channel("news")
    root = there.server.say(channel, there.workspace.user("Bob"), "What happened?")
    return channel, f"{channel.id}:{root.ts}"


def desk_at(there: Connected, where: Callable[[Connected], tuple[Channel, str]]) -> Desk:
    channel, name = where(there)
    return desk_in(there, channel, Place("slack", there.workspace.id, name))


def at_bobs(there: Connected) -> Desk:
    bob = there.workspace.user("Bob")
    return desk_in(there, there.workspace.dm(bob), direct(there.workspace.id, bob.id))


def desk_in(there: Connected, channel: Channel, place: Place) -> Desk:
    now = there.clock.now()
    story = Story(id="one", headline="Ada wins", published=now - timedelta(hours=1), status=Status.PUBLISHED)
    stories, ledger, renderer = FakeStories([story]), FakeLedger(), FakeRenderer()
    courier = Courier(
        ledger=ledger,
        stories=stories,
        renderer=renderer,
        messengers={"slack": there.messenger},
        clock=there.clock,
        ward=ward(ledger, renderer, there.clock),
        started=now,
        retries=Retries(jitter=lambda: 0.0),
    )
    return Desk(there, place, channel, courier, ledger, stories)


DESKS: Mapping[str, Callable[[Connected], Desk]] = {
    "public channel": lambda there: desk_at(there, public),
    "private channel": lambda there: desk_at(there, private),
    "thread": lambda there: desk_at(there, thread),
    "direct message": at_bobs,
}
