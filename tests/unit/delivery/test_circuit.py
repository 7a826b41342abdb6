"""The circuit: an outage is told from failures, costs nobody an attempt, and ends by itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.delivery.circuit import Circuit, Circuits, probe_wait
from digestbot.domain.card import Card
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Look
from digestbot.errors import (
    Away,
    Busy,
    Closed,
    DeliveryError,
    Gone,
    MessageGone,
    Outage,
    Refused,
    TryLater,
    Unknown,
)
from digestbot.ports import Absent, Messenger, Outgoing, Sighting, Unfinished
from tests.fakes import FakeClock

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
REF = MessageRef("c", "m1")


def place(number: int) -> Place:
    return Place("fake", "t", f"c{number}")


def outgoing(number: int = 0) -> Outgoing:
    return Outgoing(delivery="d", place=place(number), card=Card(blocks=()), look=Look(), first_attempt=NOW)


def calm() -> float:
    return 0.0


def failing(circuit: Circuit, *seconds: float, places: Callable[[int], int] = lambda number: number) -> Circuit:
    for number, second in enumerate(seconds):
        circuit = circuit.after_failure(place(places(number)), "503", NOW + timedelta(seconds=second), calm)
    return circuit


def test_five_places_within_a_minute_open_it() -> None:
    assert failing(Circuit(), 0, 1, 2, 3).probe_at is None
    opened = failing(Circuit(), 0, 15, 30, 45, 60)
    assert (opened.since, opened.probe_at) == (NOW + timedelta(seconds=60), NOW + timedelta(seconds=65))


def test_what_is_longer_ago_does_not_count() -> None:
    assert failing(Circuit(), 0, 15, 30, 45, 61).probe_at is None


def test_one_place_that_fails_often_says_nothing_of_the_platform() -> None:
    assert failing(Circuit(), *range(50), places=lambda _: 1).probe_at is None


def test_it_bars_until_the_probe_and_then_until_the_next() -> None:
    opened = failing(Circuit(), 0, 0, 0, 0, 0)
    assert [opened.bars(NOW + timedelta(seconds=second)) for second in (0, 4.9, 5)] == [True, True, False]
    again = opened.probed(NOW + timedelta(seconds=5), calm)
    assert (again.probe_at, again.probes) == (NOW + timedelta(seconds=15), 1)


@pytest.mark.parametrize(("probes", "seconds"), [(0, 5), (1, 10), (2, 20), (3, 40), (4, 80), (5, 120), (500, 120)])
def test_probes_become_rarer_up_to_two_minutes(probes: int, seconds: int) -> None:
    assert probe_wait(probes, calm) == timedelta(seconds=seconds)
    assert probe_wait(probes, lambda: 1.0) == timedelta(seconds=seconds * 0.8)


class FakeMessenger:
    platform = "fake"
    grace = timedelta(seconds=30)

    def __init__(self) -> None:
        self.fault: DeliveryError | None = None
        self.sighting: Sighting = Absent()
        self.asked: list[str] = []

    def sorts(self, place: Place, look: Look) -> bool:
        return look.style == "thread" and place.channel == "c1"

    def repeatable(self, place: Place, age: timedelta) -> bool:
        return place.channel == "c1" and age < timedelta(minutes=2)

    async def send(self, outgoing: Outgoing) -> MessageRef:
        return self._answer(outgoing)

    async def edit(self, ref: MessageRef, outgoing: Outgoing) -> MessageRef:
        assert ref == REF
        return self._answer(outgoing)

    async def find(self, outgoing: Outgoing) -> Sighting:
        self._answer(outgoing)
        return self.sighting

    def _answer(self, outgoing: Outgoing) -> MessageRef:
        self.asked.append(outgoing.place.channel)
        if self.fault:
            raise self.fault
        return REF


class Stage:
    def __init__(self) -> None:
        self.clock = FakeClock(NOW)
        self.inner = FakeMessenger()
        self.circuits = Circuits(self.clock, calm)
        self.messenger: Messenger = self.circuits.guard(self.inner)

    async def fault(self, number: int, fault: DeliveryError) -> DeliveryError:
        """What comes of a send that the platform answers so."""
        self.inner.fault = fault
        with pytest.raises(DeliveryError) as caught:
            await self.messenger.send(outgoing(number))
        return caught.value

    async def open(self) -> None:
        for number in range(5):
            await self.fault(number, Unknown("503"))
        self.inner.asked.clear()
        assert self.circuits.opened == 1


@pytest.fixture
def stage() -> Stage:
    return Stage()


async def test_the_failure_that_opens_it_is_no_failure_of_its_message(stage: Stage) -> None:
    for number in range(4):
        assert type(await stage.fault(number, Unknown("503"))) is Unknown
    fault = await stage.fault(4, Unknown("503"))
    assert isinstance(fault, Outage)
    assert str(fault) == "Fake does not answer (503): tried again at 09:00:05 UTC"
    assert fault.after == timedelta(seconds=5)


async def test_what_certainly_was_not_posted_is_no_doubt(stage: Stage) -> None:
    for number in range(4):
        await stage.fault(number, TryLater("cannot be reached"))
    fault = await stage.fault(4, TryLater("cannot be reached"))
    assert isinstance(fault, Away)


async def test_nothing_is_asked_while_it_is_open_and_one_message_a_step_tries(stage: Stage) -> None:
    await stage.open()
    for second in range(16):
        stage.clock.at = NOW + timedelta(seconds=second)
        for number in range(3):
            await stage.fault(number, Unknown("503"))
    assert stage.inner.asked == ["c0", "c0"], "at 5 s and at 15 s"
    fault = await stage.fault(0, Unknown("503"))
    assert isinstance(fault, Away)


async def test_one_answer_closes_it_for_all(stage: Stage) -> None:
    await stage.open()
    assert stage.circuits.trouble("fake") == "Fake does not answer (503): tried again at 09:00:05 UTC"
    stage.clock.at += timedelta(seconds=5)
    stage.inner.fault = None
    for number in range(3):
        assert await stage.messenger.send(outgoing(number)) == REF
    assert (stage.circuits.opened, stage.circuits.trouble("fake")) == (0, None)
    await stage.fault(0, Unknown("503"))
    assert stage.circuits.opened == 0


@pytest.mark.parametrize("fault", [Refused("bad card"), Unfinished("published later", REF, timedelta(hours=1))])
async def test_an_answer_that_is_not_a_post_closes_it_too(stage: Stage, fault: DeliveryError) -> None:
    await stage.open()
    stage.clock.at += timedelta(seconds=5)
    assert await stage.fault(0, fault) is fault
    assert stage.circuits.opened == 0


@pytest.mark.parametrize(
    "fault",
    [
        Closed("no permission", timedelta(minutes=10)),
        Closed("no permission"),
        Busy("its turn comes", timedelta(seconds=3)),
        TryLater("429", timedelta(seconds=3)),
        Gone("no such channel"),
        MessageGone("deleted"),
    ],
)
async def test_what_is_no_word_about_the_platform_opens_nothing_and_uses_up_no_probe(
    stage: Stage, fault: DeliveryError
) -> None:
    for number in range(20):
        assert await stage.fault(number, fault) is fault
    assert stage.circuits.opened == 0
    await stage.open()
    stage.clock.at += timedelta(seconds=5)
    for number in range(3):
        assert await stage.fault(number, fault) is fault
    assert (stage.inner.asked, stage.circuits.opened) == (["c0", "c1", "c2"], 1)


async def test_a_success_in_between_starts_the_count_anew(stage: Stage) -> None:
    for number in range(4):
        await stage.fault(number, Unknown("503"))
    stage.inner.fault = None
    await stage.messenger.edit(REF, outgoing(9))
    await stage.fault(4, Unknown("503"))
    assert stage.circuits.opened == 0


async def test_looking_back_is_barred_too_but_says_nothing_of_what_is_taken(stage: Stage) -> None:
    """A platform may show what it has while it takes nothing new: the send that follows is the probe."""
    await stage.open()
    stage.inner.fault = None
    with pytest.raises(Away):
        await stage.messenger.find(outgoing())
    stage.clock.at += timedelta(seconds=5)
    assert await stage.messenger.find(outgoing()) == Absent()
    assert stage.circuits.opened == 1
    assert isinstance(await stage.fault(0, Unknown("503")), Outage)
    assert stage.inner.asked == ["c0", "c0"]
    assert isinstance(await stage.fault(0, Unknown("503")), Away)


async def test_a_look_back_that_fails_counts(stage: Stage) -> None:
    stage.inner.fault = Unknown("503")
    for number in range(5):
        with pytest.raises(Unknown):
            await stage.messenger.find(outgoing(number))
    assert stage.circuits.opened == 1


async def test_rows_come_back_over_time_and_not_in_one_moment(stage: Stage) -> None:
    throws = iter(range(100))
    circuits = Circuits(stage.clock, lambda: (next(throws) % 10) / 10)
    messenger = circuits.guard(stage.inner)
    stage.inner.fault = Unknown("503")
    waits = []
    for number in range(25):
        with pytest.raises(DeliveryError) as caught:
            await messenger.send(outgoing(number))
        if isinstance(caught.value, Away):
            waits.append(caught.value.after)
    assert len(waits) == 20
    assert len(set(waits)) == 10


async def test_platforms_do_not_answer_for_each_other(stage: Stage) -> None:
    await stage.open()
    assert stage.circuits.trouble("other") is None


def test_the_guard_answers_what_costs_nothing_as_before(stage: Stage) -> None:
    assert (stage.messenger.platform, stage.messenger.grace) == ("fake", timedelta(seconds=30))
    assert stage.messenger.sorts(place(1), Look(style="thread"))
    assert not stage.messenger.sorts(place(2), Look(style="thread"))
    assert stage.messenger.repeatable(place(1), timedelta())
    assert not stage.messenger.repeatable(place(1), timedelta(minutes=2))
