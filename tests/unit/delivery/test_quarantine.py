"""Quarantine: a channel that keeps failing is left alone, said, probed and taken back; nothing of it is lost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.delivery.circuit import Circuits
from digestbot.delivery.courier import Courier
from digestbot.delivery.notices import Notices
from digestbot.delivery.quarantine import Ward
from digestbot.delivery.retries import Retries
from digestbot.domain.delivery import Delivery, DeliveryState, Reservation
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Channel, MessageRef, Place
from digestbot.domain.quarantine import NOTICE, Notice, Quarantine, Told, notice_in, probe_wait
from digestbot.domain.schedule import Cadence
from digestbot.domain.story import Status, Story
from digestbot.domain.subscription import Look, State, Subscription
from digestbot.errors import Busy, Closed, DeliveryError, Gone, MessageGone, Refused, TryLater, Unknown
from digestbot.ports import Absent, Outgoing, Sighting
from tests.fakes import (
    FakeChannels,
    FakeClock,
    FakeLedger,
    FakeQuarantines,
    FakeRenderer,
    FakeStories,
    FakeSubscriptions,
    due_ids,
)

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
NEWS = Place("sandbox", "here", "c1")
FILM = Place("sandbox", "here", "c2")
ADA = Place("sandbox", "here", "@u1")
CLOSED = Closed("no permission to post", timedelta(minutes=10))
STORY = Story(id="one", headline="One", published=NOW - timedelta(hours=1), status=Status.PUBLISHED)
SUBSCRIPTION = Subscription(
    id="s1",
    place=NEWS,
    filter=parse_filter("all"),
    cadence=Cadence(),
    since=NOW - timedelta(days=9),
    look=Look(locale="fr", zone="Europe/Paris", mention="@music", style="thread"),
    created_by="u1",
)


class FakeMessenger:
    """Each place answers as told; the others take everything."""

    platform = "sandbox"
    grace = timedelta()

    def __init__(self) -> None:
        self.faults: dict[Place, DeliveryError] = {}
        self.everywhere: DeliveryError | None = None
        self.forum = False
        self.asked: list[Outgoing] = []
        self.posted: list[Outgoing] = []

    def sorts(self, place: Place, look: Look) -> bool:
        _ = look
        return self.forum and place == NEWS

    def repeatable(self, place: Place, age: timedelta) -> bool:
        _ = place, age
        return False

    async def send(self, outgoing: Outgoing) -> MessageRef:
        self._answer(outgoing)
        self.posted.append(outgoing)
        return MessageRef(outgoing.place.channel, f"m{len(self.posted)}")

    async def edit(self, ref: MessageRef, outgoing: Outgoing) -> MessageRef:
        self._answer(outgoing)
        return ref

    async def find(self, outgoing: Outgoing) -> Sighting:
        self._answer(outgoing)
        return Absent()

    def _answer(self, outgoing: Outgoing) -> None:
        self.asked.append(outgoing)
        fault = self.everywhere or self.faults.get(outgoing.place)
        if fault:
            raise fault

    def in_place(self, place: Place) -> int:
        return sum(each.place == place for each in self.posted)


class Desk:
    def __init__(self) -> None:
        self.clock = FakeClock(NOW)
        self.ledger = FakeLedger()
        self.messenger = FakeMessenger()
        self.renderer = FakeRenderer()
        self.quarantines = FakeQuarantines()
        self.subscriptions = FakeSubscriptions(SUBSCRIPTION)
        self.channels = FakeChannels({"here": [Channel("c1", "news"), Channel("c2", "film")]})
        self.number = 0
        self.restart()

    def restart(self) -> None:
        notices = Notices(
            ledger=self.ledger,
            quarantines=self.quarantines,
            subscriptions=self.subscriptions,
            renderer=self.renderer,
            channels={"sandbox": self.channels},
        )
        circuits = Circuits(self.clock, lambda: 0.0)
        self.courier = Courier(
            ledger=self.ledger,
            stories=FakeStories([STORY]),
            renderer=self.renderer,
            messengers={"sandbox": circuits.guard(self.messenger)},
            clock=self.clock,
            retries=Retries(jitter=lambda: 1.0),
            ward=Ward(self.quarantines, self.ledger, notices, self.clock, lambda: 0.0),
            started=NOW,
        )

    async def reserve(self, place: Place = NEWS, patience: timedelta = timedelta(days=1)) -> str:
        self.number += 1
        reservation = Reservation(
            subscription="s1",
            place=place,
            occasion=f"d{self.number}",
            due=self.clock.now(),
            look=Look(),
            stories=("one",),
            patience=patience,
        )
        (id_,) = await self.ledger.reserve([reservation])
        return id_

    async def deliver(self) -> None:
        """All that is due now, one of a channel at a time as the dispatcher takes them."""
        while due := await self.ledger.due(self.clock.now(), 100):
            first = {each.place: each.id for each in reversed(due)}
            await self.courier.deliver(list(first.values()))

    async def again(self) -> None:
        """The same with what waits for another try in news."""
        await self.ledger.hasten(NEWS, self.clock.now())
        await self.deliver()

    async def close(self, fault: DeliveryError = CLOSED, patience: timedelta = timedelta(days=1)) -> Quarantine:
        """Three rows wait in news, which fails three times."""
        self.messenger.faults[NEWS] = fault
        for _ in range(3):
            await self.reserve(patience=patience)
        for _ in range(3):
            await self.again()
        return self.quarantines.rows[NEWS]

    async def open(self) -> None:
        """News works again, and the probe has come."""
        self.messenger.faults.clear()
        self.clock.at = self.quarantines.rows[NEWS].probe_at
        await self.deliver()

    def rows(self, place: Place = NEWS) -> list[Delivery]:
        return [row for row in self.ledger.rows.values() if row.place == place and row.subscription != NOTICE]

    def notices(self) -> Mapping[tuple[Told, Place], Delivery]:
        told = [(notice_in(row), row) for row in self.ledger.rows.values()]
        return {(notice.kind, row.place): row for notice, row in told if notice}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("probes", "minutes"), [(0, 10), (1, 20), (2, 40), (3, 80), (4, 160), (5, 320), (6, 360), (500, 360)]
)
def test_probes_become_rarer_up_to_six_hours(probes: int, minutes: int) -> None:
    assert probe_wait(probes, lambda: 0.0) == timedelta(minutes=minutes)
    assert probe_wait(probes, lambda: 1.0) == timedelta(minutes=minutes * 0.8)


def test_a_quarantine_is_due_when_its_probe_is() -> None:
    quarantine = Quarantine(place=NEWS, reason="r", since=NOW, probe_at=NOW + timedelta(minutes=10))
    assert not quarantine.is_due(NOW + timedelta(minutes=9, seconds=59))
    assert quarantine.is_due(NOW + timedelta(minutes=10))
    again = quarantine.probed(NOW + timedelta(minutes=10), lambda: 0.0)
    assert (again.probe_at, again.probes, again.since) == (NOW + timedelta(minutes=30), 1, NOW)


def test_a_notice_says_all_of_itself_in_its_occasion() -> None:
    notice = Notice(Told.CLOSED, Place("slack", "E1/T1", "C1:17.0001"), NOW + timedelta(microseconds=7), "U1")
    reservation = Reservation(subscription=NOTICE, place=ADA, occasion=notice.occasion, due=NOW, look=Look())
    row = Delivery(
        id=reservation.id,
        subscription=NOTICE,
        place=ADA,
        occasion=notice.occasion,
        state=DeliveryState.PLANNED,
        due=NOW,
        look=Look(),
    )
    assert notice_in(row) == notice
    assert notice_in(replace(row, subscription="s1")) is None


async def test_after_three_failures_in_a_row_nothing_is_asked_any_more(desk: Desk) -> None:
    quarantine = await desk.close()
    assert (quarantine.reason, quarantine.since, quarantine.probes) == ("no permission to post", NOW, 0)
    assert quarantine.probe_at == NOW + timedelta(minutes=10)
    await desk.reserve()
    await desk.deliver()
    assert sum(each.place == NEWS for each in desk.messenger.asked) == 3
    (row,) = [row for row in desk.rows() if row.state is DeliveryState.WAITING]
    assert (row.due, row.failures, row.begun_at) == (quarantine.probe_at, 2, None)
    assert row.error == "the channel is left alone until 2026-05-04 09:10 UTC: no permission to post"


async def test_two_failures_are_no_quarantine_and_a_post_in_between_starts_the_count_anew(desk: Desk) -> None:
    for _ in range(4):
        desk.messenger.faults[NEWS] = CLOSED
        await desk.reserve()
        for _ in range(2):
            await desk.again()
        desk.messenger.faults.clear()
        await desk.again()
    assert desk.quarantines.rows == {}
    assert (len(desk.messenger.asked), desk.messenger.in_place(NEWS)) == (12, 4)


async def test_one_row_that_is_tried_again_and_again_counts_too(desk: Desk) -> None:
    await desk.reserve()
    desk.messenger.faults[NEWS] = CLOSED
    for _ in range(3):
        await desk.deliver()
        desk.clock.at = desk.rows()[0].due
    assert NEWS in desk.quarantines.rows
    assert desk.rows()[0].failures == 2


@pytest.mark.parametrize(
    "fault",
    [
        TryLater("slow mode", timedelta(seconds=5)),
        TryLater("cannot be reached"),
        Busy("its turn comes", timedelta(seconds=5)),
        Unknown("503"),
        Refused("bad card"),
        MessageGone("deleted"),
    ],
)
async def test_what_is_not_the_channels_own_is_no_quarantine(desk: Desk, fault: DeliveryError) -> None:
    desk.messenger.faults[NEWS] = fault
    for _ in range(10):
        await desk.reserve()
        await desk.deliver()
        desk.clock.at = max(row.due for row in desk.rows())
    assert len(desk.messenger.asked) >= 5
    assert desk.quarantines.rows == {}


async def test_places_do_not_answer_for_each_other(desk: Desk) -> None:
    await desk.close()
    await desk.reserve(FILM)
    await desk.deliver()
    assert desk.messenger.in_place(FILM) == 1


async def test_corrections_neither_count_nor_wait(desk: Desk) -> None:
    ids = [await desk.reserve() for _ in range(4)]
    await desk.deliver()
    desk.messenger.faults[NEWS] = CLOSED
    await desk.ledger.correct(ids, desk.clock.now())
    await desk.deliver()
    assert {row.state for row in desk.rows()} == {DeliveryState.CORRECTING}
    assert desk.quarantines.rows == {}


async def test_a_channel_that_is_gone_ends_two_messages_and_the_others_wait(desk: Desk) -> None:
    await desk.close(Gone("the channel is no more"))
    assert sorted(row.state for row in desk.rows()) == ["gone", "gone", "waiting"]
    desk.clock.at = desk.quarantines.rows[NEWS].probe_at
    await desk.deliver()
    assert sorted(row.state for row in desk.rows()) == ["gone", "gone", "waiting"]


async def test_one_row_alone_is_the_probe_and_the_next_one_is_later(desk: Desk) -> None:
    quarantine = await desk.close()
    for _ in range(5):
        await desk.reserve()
    desk.messenger.asked.clear()
    desk.messenger.faults[NEWS] = Closed("the channel is archived", timedelta(minutes=10))
    desk.clock.at = quarantine.probe_at
    await desk.deliver()
    assert len(desk.messenger.asked) == 1
    after = desk.quarantines.rows[NEWS]
    assert (after.probe_at, after.probes) == (quarantine.probe_at + timedelta(minutes=20), 1)
    assert (after.reason, after.since) == ("the channel is archived", NOW)
    (row,) = [row for row in desk.rows() if row.state is DeliveryState.WAITING]
    assert (row.due, row.failures) == (after.probe_at, 2)
    assert sum(row.state is DeliveryState.PLANNED for row in desk.rows()) == 7


async def test_a_probe_that_arrives_brings_everything_that_waits(desk: Desk) -> None:
    await desk.close()
    await desk.reserve(patience=timedelta(minutes=5))
    await desk.open()
    assert desk.quarantines.rows == {}
    states = [row.state for row in desk.rows()]
    assert states == [DeliveryState.POSTED] * 3 + [DeliveryState.SKIPPED]
    assert desk.rows()[-1].error == "too late: it was expected at 2026-05-04 09:00 UTC"
    assert desk.messenger.in_place(NEWS) == 4, "three cards and one word about them"


async def test_a_second_quarantine_takes_three_failures_again(desk: Desk) -> None:
    await desk.close()
    await desk.open()
    desk.messenger.faults[NEWS] = CLOSED
    await desk.reserve()
    await desk.deliver()
    assert desk.quarantines.rows == {}


@pytest.mark.parametrize("fault", [Busy("its turn comes", timedelta(seconds=3)), Unknown("lost"), TryLater("429")])
async def test_a_probe_that_tells_nothing_is_made_up_for(desk: Desk, fault: DeliveryError) -> None:
    quarantine = await desk.close()
    desk.messenger.faults[NEWS] = fault
    desk.clock.at = quarantine.probe_at
    await desk.courier.deliver((await due_ids(desk.ledger, desk.clock.now()))[:1])
    after = desk.quarantines.rows[NEWS]
    assert after.probes == 0
    assert after.probe_at <= desk.clock.at + timedelta(minutes=1)
    desk.messenger.faults.clear()
    desk.clock.at = after.probe_at
    await desk.deliver()
    desk.clock.at += timedelta(minutes=1)
    await desk.deliver()
    assert {row.state for row in desk.rows()} == {DeliveryState.POSTED}


async def test_whoever_subscribed_is_told_once_in_their_language_and_without_a_ping(desk: Desk) -> None:
    await desk.close()
    await desk.reserve()
    await desk.deliver()
    (told,) = [each for each in desk.messenger.posted if each.place == ADA]
    assert told.look == Look(locale="fr", zone="Europe/Paris")
    assert told.card.command is None
    template, values, setting = next(asked for asked in desk.renderer.asked if asked[0] == "replies/closed")
    assert template == "replies/closed"
    assert values == {
        "channel": "news",
        "subscriptions": ["s1"],
        "since": NOW,
        "reason": "no permission to post",
        "next": NOW + timedelta(minutes=10),
    }
    assert (setting.locale, setting.zone) == ("fr", "Europe/Paris")
    desk.restart()
    for _ in range(3):
        desk.clock.at = desk.quarantines.rows[NEWS].probe_at
        await desk.deliver()
    assert desk.messenger.in_place(ADA) == 1


async def test_a_crash_before_anybody_was_told_is_made_up_for(desk: Desk) -> None:
    quarantine = await desk.close()
    desk.ledger.rows = {row.id: row for row in desk.rows()}
    desk.quarantines.rows[NEWS] = replace(quarantine, told=False)
    desk.restart()
    await desk.again()
    assert list(desk.notices()) == [(Told.CLOSED, ADA)]
    assert desk.quarantines.rows[NEWS].told


async def test_closed_direct_messages_of_the_subscriber_cost_nobody_anything(desk: Desk) -> None:
    desk.messenger.faults[ADA] = Gone("this member takes no direct messages")
    await desk.close()
    assert desk.notices()[Told.CLOSED, ADA].state is DeliveryState.GONE
    await desk.open()
    assert {row.state for row in desk.rows()} == {DeliveryState.POSTED}


async def test_paused_subscriptions_tell_nobody_and_neither_do_those_of_a_file(desk: Desk) -> None:
    others = [replace(SUBSCRIPTION, id="s2", created_by=None), replace(SUBSCRIPTION, id="s3", created_by="u3")]
    desk.subscriptions.rows = {"s2": others[0], "s3": replace(others[1], state=State.PAUSED)}
    await desk.close()
    assert desk.notices() == {}


async def test_direct_messages_that_are_closed_are_left_alone_and_told_to_nobody(desk: Desk) -> None:
    desk.subscriptions.rows["s1"] = replace(SUBSCRIPTION, place=ADA)
    desk.messenger.faults[ADA] = Gone("this member takes no direct messages")
    for _ in range(4):
        await desk.reserve(ADA)
        await desk.deliver()
    assert ADA in desk.quarantines.rows
    assert len(desk.messenger.asked) == 3
    assert desk.notices() == {}


async def test_what_is_not_true_any_more_is_not_told(desk: Desk) -> None:
    desk.messenger.faults[ADA] = Busy("its turn comes", timedelta(hours=1))
    await desk.close()
    await desk.open()
    desk.clock.at += timedelta(hours=1)
    await desk.deliver()
    row = desk.notices()[Told.CLOSED, ADA]
    assert (row.state, row.error) == (DeliveryState.SKIPPED, "the channel works again")


async def test_the_channel_is_told_how_much_came_late_and_how_much_never(desk: Desk) -> None:
    await desk.close()
    for minutes in (5, 5, 600):
        await desk.reserve(patience=timedelta(minutes=minutes))
    await desk.open()
    (values,) = [values for template, values, _ in desk.renderer.asked if template == "replies/reopened"]
    assert values == {"late": 4, "skipped": 2}
    word = desk.notices()[Told.REOPENED, NEWS]
    assert (word.state, word.look.mention, word.look.style) == (DeliveryState.POSTED, None, None)


async def test_a_forum_is_spared_the_word_that_would_be_a_post_of_its_own(desk: Desk) -> None:
    desk.messenger.forum = True
    await desk.close()
    await desk.open()
    word = desk.notices()[Told.REOPENED, NEWS]
    assert (word.state, word.error) == (DeliveryState.SKIPPED, "such a place holds messages about stories alone")


async def test_another_process_sees_the_quarantine_and_its_end(desk: Desk) -> None:
    quarantine = Quarantine(place=NEWS, reason="archived", since=NOW, probe_at=NOW + timedelta(hours=5), told=True)
    await desk.quarantines.add(quarantine)
    await desk.reserve()
    await desk.deliver()
    assert desk.messenger.asked == []
    await desk.quarantines.release(NEWS)
    await desk.ledger.hasten(NEWS, NOW)
    await desk.deliver()
    assert desk.messenger.in_place(NEWS) == 1


async def test_what_waits_longer_than_its_patience_is_skipped_although_nothing_is_asked(desk: Desk) -> None:
    await desk.close(patience=timedelta(minutes=5))
    desk.messenger.asked.clear()
    desk.clock.at += timedelta(minutes=10)
    await desk.deliver()
    assert {row.state for row in desk.rows()} == {DeliveryState.SKIPPED}
    assert desk.messenger.asked == []
    await desk.reserve()
    await desk.deliver()
    assert len(desk.messenger.asked) == 1, "what comes next is the probe that was due"


async def test_an_outage_of_hours_quarantines_nobody_costs_no_attempt_and_loses_nothing(desk: Desk) -> None:
    places = [replace(NEWS, channel=f"p{number}") for number in range(20)]
    for place in places:
        await desk.reserve(place)
    desk.messenger.everywhere = Unknown("503")
    while desk.clock.at < NOW + timedelta(hours=3):
        await desk.deliver()
        desk.clock.at = max(desk.clock.at + timedelta(seconds=1), await desk.ledger.earliest() or NOW)
    asked = len(desk.messenger.asked)
    assert asked < 20 + 3 * 60, "some at first, then about one in two minutes"
    rows = [row for row in desk.ledger.rows.values() if row.subscription != NOTICE]
    assert {row.state for row in rows} == {DeliveryState.SENDING, DeliveryState.WAITING}, "in doubt, and never tried"
    assert max(row.failures for row in rows) <= 1
    assert desk.quarantines.rows == {}
    assert {row.error for row in rows if row.error and "does not answer" in row.error} != set()
    desk.messenger.everywhere = None
    desk.clock.at += timedelta(minutes=4)
    await desk.deliver()
    assert {row.state for row in desk.ledger.rows.values()} == {DeliveryState.POSTED}
    assert [desk.messenger.in_place(place) for place in places] == [1] * 20
