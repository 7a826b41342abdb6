"""The courier: every outcome of a send or an edit ends in the right row."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.delivery.courier import Courier
from digestbot.delivery.retries import Retries
from digestbot.domain.card import lines_of, plain_text
from digestbot.domain.delivery import WITHHELD, Carried, Delivery, DeliveryState, Reservation
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.story import Event, Status, Story
from digestbot.domain.subscription import Doubt, Look, Spoilers
from digestbot.errors import Busy, DeliveryError, Gone, Refused, TryLater, Unknown
from digestbot.ports import Absent, Deleted, Found, Outgoing, Sighting, Subject, Unfinished, Unknowable
from tests.fakes import (
    FakeClock,
    FakeLedger,
    FakeRenderer,
    FakeStories,
    due_ids,
)
from tests.ward import ward

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
PLACE = Place("fake", "tenant", "news")
STORY = Story(id="one", headline="One", published=NOW - timedelta(hours=1), status=Status.PUBLISHED)
REF = MessageRef("news", "m1")
GRACE = timedelta(seconds=30)


class FakeMessenger:
    """Answers as told; keeps what it was given."""

    platform = "fake"
    grace = GRACE

    def __init__(self) -> None:
        self.window = timedelta()
        self.forum = False
        self.fault: Exception | None = None
        self.sighting: Sighting = Absent()
        self.sent: list[Outgoing] = []
        self.edited: list[Outgoing] = []
        self.on_send: Callable[[], None] = lambda: None

    def sorts(self, place: Place, look: Look) -> bool:
        assert place == PLACE
        assert isinstance(look, Look)
        return self.forum

    def repeatable(self, place: Place, age: timedelta) -> bool:
        assert place == PLACE
        return age < self.window

    async def send(self, outgoing: Outgoing) -> MessageRef:
        self.on_send()
        self.sent.append(outgoing)
        if self.fault:
            raise self.fault
        return REF

    async def edit(self, ref: MessageRef, outgoing: Outgoing) -> MessageRef:
        self.edited.append(outgoing)
        if self.fault:
            raise self.fault
        return ref

    async def find(self, _outgoing: Outgoing) -> Sighting:
        return self.sighting


class Desk:
    def __init__(self, *stories: Story) -> None:
        self.clock = FakeClock(NOW)
        self.stories = FakeStories(stories or (STORY,))
        self.renderer = FakeRenderer()
        self.messenger = FakeMessenger()
        self.ledger = FakeLedger()
        self.courier = Courier(
            ledger=self.ledger,
            stories=self.stories,
            renderer=self.renderer,
            messengers={"fake": self.messenger},
            clock=self.clock,
            ward=ward(self.ledger, self.renderer, self.clock),
            started=NOW,
            retries=Retries(jitter=lambda: 1.0),
        )

    async def reserve(self, *stories: str, **changes: object) -> str:
        reservation = Reservation(
            subscription="s1", place=PLACE, occasion="d1", due=self.clock.at, look=Look(), stories=stories
        )
        (id_,) = await self.ledger.reserve([replace(reservation, **changes)])  # type: ignore[arg-type]  # named by each test
        return id_

    async def deliver(self) -> Delivery:
        ids = await due_ids(self.ledger, self.clock.now())
        assert ids, "nothing is due"
        await self.courier.deliver(ids)
        return self.ledger.rows[ids[0]]


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_reserved_story_is_posted_once(desk: Desk) -> None:
    await desk.reserve("one")
    row = await desk.deliver()
    assert (row.state, row.ref, row.posted_at, row.begun_at) == (DeliveryState.POSTED, REF, NOW, None)
    assert row.stories == (Carried("one", STORY.revision),)
    assert await due_ids(desk.ledger, NOW + timedelta(days=9)) == []
    assert len(desk.messenger.sent) == 1


async def test_one_story_is_a_card_and_several_are_a_digest() -> None:
    desk = Desk(STORY, replace(STORY, id="two"))
    await desk.reserve("one")
    await desk.deliver()
    await desk.reserve("one", "two", occasion="d2")
    await desk.deliver()
    assert [template for template, _, _ in desk.renderer.asked] == ["card", "digest"]
    assert desk.messenger.sent[0].card.command == "story one"
    assert desk.messenger.sent[1].card.command == f"digest {desk.messenger.sent[1].delivery}"


@pytest.mark.parametrize(
    ("fault", "state", "wait"),
    [
        (TryLater("busy", timedelta(minutes=5)), DeliveryState.WAITING, timedelta(minutes=5)),
        (TryLater("busy"), DeliveryState.WAITING, timedelta(seconds=2)),
        (Gone("no such channel"), DeliveryState.GONE, timedelta()),
        (Refused("bad card"), DeliveryState.REFUSED, timedelta()),
        (Unknown("connection lost"), DeliveryState.SENDING, GRACE),
        (RuntimeError("a bug"), DeliveryState.SENDING, GRACE),
    ],
)
async def test_each_failure_has_its_state(
    desk: Desk, fault: DeliveryError, state: DeliveryState, wait: timedelta
) -> None:
    await desk.reserve("one")
    desk.messenger.fault = fault
    row = await desk.deliver()
    assert (row.state, row.due) == (state, NOW + wait)
    assert row.error
    assert (row.begun_at is not None) == (state is DeliveryState.SENDING)


async def test_a_failure_for_certain_is_sent_again_without_looking(desk: Desk) -> None:
    await desk.reserve("one")
    desk.messenger.fault = TryLater("busy")
    await desk.deliver()
    desk.messenger.fault = None
    desk.messenger.sighting = Unknowable("may not read the channel")
    desk.clock.at += timedelta(seconds=2)
    row = await desk.deliver()
    assert (row.state, row.attempt, row.error) == (DeliveryState.POSTED, 2, None)


async def doubtful(desk: Desk, **changes: object) -> None:
    """A first attempt whose answer was lost, and the grace over."""
    await desk.reserve("one", **changes)
    desk.messenger.fault = Unknown("connection lost")
    await desk.deliver()
    desk.messenger.fault = None
    desk.messenger.sent.clear()
    desk.clock.at += GRACE


async def test_a_doubt_that_is_found_posted_is_not_sent_again(desk: Desk) -> None:
    await doubtful(desk)
    desk.messenger.sighting = Found(REF)
    row = await desk.deliver()
    assert desk.messenger.sent == []
    assert (row.state, row.ref) == (DeliveryState.CORRECTING, REF)
    row = await desk.deliver()
    assert (row.state, row.stories) == (DeliveryState.POSTED, (Carried("one", STORY.revision),))
    assert len(desk.messenger.edited) == 1


async def test_a_doubt_that_is_certainly_absent_is_sent_again(desk: Desk) -> None:
    await doubtful(desk)
    row = await desk.deliver()
    assert (row.state, len(desk.messenger.sent)) == (DeliveryState.POSTED, 1)


async def test_a_doubt_that_was_posted_and_deleted_is_left_alone(desk: Desk) -> None:
    await doubtful(desk)
    desk.messenger.sighting = Deleted()
    row = await desk.deliver()
    assert (row.state, row.error, desk.messenger.sent) == (DeliveryState.GONE, "posted, then deleted", [])


async def test_a_doubt_that_nobody_can_settle_is_shown_not_guessed(desk: Desk) -> None:
    await doubtful(desk)
    desk.messenger.sighting = Unknowable("may not read the channel")
    row = await desk.deliver()
    assert (row.state, row.error) == (DeliveryState.UNKNOWN, "may not read the channel")
    assert desk.messenger.sent == []
    assert await due_ids(desk.ledger, NOW + timedelta(days=9)) == []


async def test_who_prefers_a_double_to_a_miss_gets_it_sent_again(desk: Desk) -> None:
    await doubtful(desk, doubt=Doubt.RESEND)
    desk.messenger.sighting = Unknowable("may not read the channel")
    row = await desk.deliver()
    assert (row.state, len(desk.messenger.sent)) == (DeliveryState.POSTED, 1)


async def test_inside_the_platforms_window_the_same_key_is_simply_sent_again(desk: Desk) -> None:
    """The answer may be the message of the first attempt, so an edit follows, to be sure of what it shows."""
    desk.messenger.window = timedelta(minutes=2)
    await doubtful(desk)
    desk.messenger.sighting = Unknowable("not asked")
    row = await desk.deliver()
    assert (row.state, len(desk.messenger.sent)) == (DeliveryState.CORRECTING, 1)
    assert desk.messenger.sent[0].first_attempt == NOW


async def test_a_doubt_stays_a_doubt_while_the_platform_cannot_be_asked(desk: Desk) -> None:
    await doubtful(desk)

    async def find(_outgoing: Outgoing) -> Sighting:
        raise TryLater("busy", timedelta(minutes=1))

    desk.messenger.find = find  # type: ignore[method-assign]  # this one look fails
    row = await desk.deliver()
    assert (row.state, row.begun_at, row.due) == (DeliveryState.SENDING, NOW, desk.clock.at + timedelta(minutes=1))
    assert desk.messenger.sent == []


async def test_a_retracted_story_is_not_posted_any_more() -> None:
    desk = Desk(replace(STORY, status=Status.RETRACTED))
    await desk.reserve("one")
    row = await desk.deliver()
    assert (row.state, row.error) == (DeliveryState.SKIPPED, "no story of it is live any more")
    assert desk.messenger.sent == []


async def test_an_embargo_set_again_makes_the_card_wait_for_it() -> None:
    lifted = NOW + timedelta(hours=5)
    desk = Desk(replace(STORY, embargo=lifted))
    await desk.reserve("one")
    row = await desk.deliver()
    assert (row.state, row.due, row.begun_at) == (DeliveryState.WAITING, lifted, None)
    assert desk.messenger.sent == []


async def test_a_digest_drops_what_is_no_longer_live_and_frees_it_for_the_next() -> None:
    desk = Desk(STORY, replace(STORY, id="two", embargo=NOW + timedelta(days=1)))
    await desk.reserve("one", "two")
    row = await desk.deliver()
    assert row.state is DeliveryState.POSTED
    assert await desk.ledger.told("s1") == {"one"}


async def test_an_empty_digest_that_was_asked_for_says_nothing_new(desk: Desk) -> None:
    await desk.reserve()
    row = await desk.deliver()
    assert row.state is DeliveryState.POSTED
    assert desk.renderer.asked[0][0] == "replies/nothing_new"


async def test_a_story_corrected_while_its_card_is_on_the_way_is_edited_afterwards(desk: Desk) -> None:
    better = replace(STORY, headline="One, corrected")
    desk.messenger.on_send = lambda: desk.stories.put(better)
    await desk.reserve("one")
    row = await desk.deliver()
    assert (row.state, row.edited_at) == (DeliveryState.CORRECTING, NOW)
    row = await desk.deliver()
    assert (row.state, row.stories) == (DeliveryState.POSTED, (Carried("one", better.revision),))


async def posted(desk: Desk, *stories: str, **changes: object) -> str:
    id_ = await desk.reserve(*(stories or ("one",)), **changes)
    await desk.deliver()
    return id_


async def test_a_correction_edits_the_message_and_says_when(desk: Desk) -> None:
    id_ = await posted(desk)
    desk.stories.put(replace(STORY, headline="One, corrected"))
    desk.clock.at += timedelta(hours=1)
    await desk.ledger.correct([id_], desk.clock.now())
    row = await desk.deliver()
    assert (row.state, row.posted_at) == (DeliveryState.POSTED, NOW)
    assert "One, corrected" in " ".join(map(plain_text, lines_of(desk.messenger.edited[0].card.blocks[1])))
    assert desk.renderer.asked[-1][2].edited_at == desk.clock.at
    assert len(desk.messenger.sent) == 1


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (TryLater("busy"), DeliveryState.CORRECTING),
        (Unknown("connection lost"), DeliveryState.CORRECTING),
        (Gone("deleted"), DeliveryState.GONE),
        (Refused("too old"), DeliveryState.POSTED),
    ],
)
async def test_an_edit_that_fails_is_tried_again_or_given_up(
    desk: Desk, fault: DeliveryError, state: DeliveryState
) -> None:
    id_ = await posted(desk)
    await desk.ledger.correct([id_], NOW)
    desk.messenger.fault = fault
    row = await desk.deliver()
    assert (row.state, row.ref) == (state, REF)


async def test_a_vanished_file_edits_nothing(desk: Desk) -> None:
    id_ = await posted(desk)
    desk.courier = replace(desk.courier, stories=FakeStories())
    await desk.ledger.correct([id_], NOW)
    row = await desk.deliver()
    assert row.state is DeliveryState.POSTED
    assert desk.messenger.edited == []


async def test_hidden_spoilers_are_shown_when_their_time_is_over(desk: Desk) -> None:
    look = Look(spoilers=Spoilers.HIDE, spoiler_hours=24)
    id_ = await posted(desk, look=look)
    assert desk.renderer.asked[-1][2].hidden == {"one"}
    assert desk.ledger.rows[id_].reveal_at == STORY.live_at + timedelta(hours=24)
    desk.clock.at += timedelta(hours=23)
    await desk.ledger.correct([id_], desk.clock.now(), edited=False)
    row = await desk.deliver()
    assert (desk.renderer.asked[-1][2].hidden, row.reveal_at, row.edited_at) == (frozenset(), None, None)


async def test_what_arrives_too_late_in_its_lane_is_left_to_who_takes_it_next(desk: Desk) -> None:
    await desk.reserve("one")
    (row,) = await desk.ledger.begin(await due_ids(desk.ledger, NOW), NOW, timedelta(seconds=1))
    desk.clock.at += timedelta(seconds=1)
    await desk.courier._in_lane(row)
    assert desk.messenger.sent == []
    after = desk.ledger.rows[row.id]
    assert (after.state, after.begun_at, after.due) == (DeliveryState.PLANNED, None, desk.clock.at)


async def test_a_platform_that_is_not_connected_is_waited_for(desk: Desk) -> None:
    await desk.reserve("one", place=Place("elsewhere", "t", "c"))
    row = await desk.deliver()
    assert (row.state, row.error) == (DeliveryState.WAITING, "elsewhere is not connected")


async def test_what_waits_its_turn_has_not_failed_and_comes_when_the_turn_does(desk: Desk) -> None:
    await desk.reserve("one")
    desk.messenger.fault = Busy("its turn comes", timedelta(seconds=3))
    for number in range(1, 41):
        held = await desk.deliver()
        assert (held.state, held.failures, held.begun_at, held.error) == (DeliveryState.WAITING, 0, None, None)
        assert held.due == NOW + number * timedelta(seconds=3)
        desk.clock.at = held.due
    desk.messenger.fault = None
    assert (await desk.deliver()).state is DeliveryState.POSTED


async def test_a_correction_that_waits_its_turn_is_not_given_up(desk: Desk) -> None:
    id_ = await posted(desk)
    await desk.ledger.correct([id_], desk.clock.now())
    desk.messenger.fault = Busy("its turn comes", timedelta(seconds=3))
    for _ in range(40):
        held = await desk.deliver()
        assert (held.state, held.failures) == (DeliveryState.CORRECTING, 0)
        desk.clock.at = held.due
    desk.messenger.fault = None
    assert (await desk.deliver()).state is DeliveryState.POSTED


async def test_after_the_last_attempt_the_row_says_so(desk: Desk) -> None:
    desk.courier = replace(desk.courier, retries=Retries(jitter=lambda: 0.0, attempts=1))
    await desk.reserve("one")
    desk.messenger.fault = TryLater("busy")
    row = await desk.deliver()
    assert (row.state, row.error) == (DeliveryState.REFUSED, "given up after 1 attempts: busy")


async def test_a_hidden_cards_command_hides_too(desk: Desk) -> None:
    await desk.reserve("one", look=Look(spoilers=Spoilers.HIDE))
    await desk.deliver()
    assert desk.messenger.sent[0].card.command == "story one spoilers:hide"


async def test_a_roll_up_is_of_one_event_and_a_mixture_is_a_digest() -> None:
    gala, prize = Event(id="gala", name="Gala"), Event(id="prize", name="Prize")
    stories = [replace(STORY, id=id_, event=event) for id_, event in (("a", gala), ("b", gala), ("c", prize))]
    desk = Desk(*stories)
    await desk.reserve("a", "b", look=Look(template="event"))
    await desk.deliver()
    await desk.reserve("b", "c", occasion="d2", look=Look(template="event"))
    await desk.deliver()
    assert [template for template, _, _ in desk.renderer.asked] == ["event", "digest"]
    assert desk.messenger.sent[0].card.command == "event gala"


async def test_a_withdrawn_event_is_told_as_its_stories() -> None:
    """With every story retracted there is no list left to show: each says that it was withdrawn."""
    story = replace(STORY, event=Event(id="gala", name="Gala"))
    desk = Desk(story)
    id_ = await posted(desk, look=Look(template="event"))
    desk.stories.put(replace(story, status=Status.RETRACTED))
    await desk.ledger.correct([id_], NOW)
    await desk.deliver()
    assert [template for template, _, _ in desk.renderer.asked] == ["event", "card"]


async def test_a_story_of_a_message_that_goes_back_to_draft_is_not_edited_into_it(desk: Desk) -> None:
    id_ = await posted(desk)
    desk.stories.put(replace(STORY, headline="Rewritten in secret", status=Status.DRAFT))
    await desk.ledger.correct([id_], NOW)
    row = await desk.deliver()
    assert (row.state, row.stories) == (DeliveryState.POSTED, (Carried("one", WITHHELD),))
    assert desk.messenger.edited == []
    assert await due_ids(desk.ledger, NOW + timedelta(days=9)) == []
    back = replace(STORY, headline="Rewritten and published")
    desk.stories.put(back)
    assert await desk.ledger.stale({"one": back.revision}) == [id_]


async def test_a_new_embargo_keeps_a_story_out_of_an_edit_until_it_ends() -> None:
    """After a lost answer nobody knows what the message shows: the edit that follows shows what is live."""
    two = replace(STORY, id="two")
    desk = Desk(STORY, two)
    await desk.reserve("one", "two")
    desk.messenger.fault = Unknown("connection lost")
    await desk.deliver()
    desk.messenger.fault, desk.messenger.sighting = None, Found(REF)
    lifted = NOW + timedelta(days=1)
    desk.stories.put(replace(two, embargo=lifted))
    desk.clock.at += GRACE
    await desk.deliver()
    row = await desk.deliver()
    assert (row.state, row.reveal_at) == (DeliveryState.POSTED, lifted)
    assert row.stories == (Carried("one", STORY.revision), Carried("two", WITHHELD))
    assert [each.id for each in desk.renderer.asked[-1][1]] == ["one"]


async def test_a_story_that_vanished_before_it_was_shown_does_not_make_the_edit_endless() -> None:
    event = Event(id="gala", name="Gala")
    one, two = replace(STORY, event=event), replace(STORY, id="two", event=event)
    desk = Desk(one, two)
    await posted(desk, occasion="event:gala", grows=True, look=Look(template="event"))
    more = Reservation(
        subscription="s1", place=PLACE, occasion="event:gala", due=NOW, look=Look(), stories=("two",), grows=True
    )
    await desk.ledger.reserve([more])
    desk.courier = replace(desk.courier, stories=FakeStories([one]))
    row = await desk.deliver()
    assert (row.state, row.stories) == (DeliveryState.POSTED, (Carried("one", one.revision), Carried("two", WITHHELD)))


async def test_a_refused_correction_does_not_end_the_message_for_the_next_one(desk: Desk) -> None:
    id_ = await posted(desk)
    desk.stories.put(replace(STORY, headline="Too long for the platform"))
    await desk.ledger.correct([id_], NOW)
    desk.messenger.fault = Refused("too long")
    row = await desk.deliver()
    assert (row.state, row.error) == (DeliveryState.POSTED, "the correction was refused: too long")
    retracted = replace(STORY, status=Status.RETRACTED)
    assert await desk.ledger.stale({"one": retracted.revision}) == [id_]


async def test_many_corrections_do_not_use_up_the_patience_with_failures(desk: Desk) -> None:
    id_ = await posted(desk)
    for number in range(40):
        desk.stories.put(replace(STORY, headline=f"Version {number}"))
        await desk.ledger.correct([id_], NOW)
        await desk.deliver()
    await desk.ledger.correct([id_], NOW)
    desk.messenger.fault = TryLater("busy", timedelta(seconds=1))
    row = await desk.deliver()
    assert (row.state, row.due, row.failures) == (DeliveryState.CORRECTING, NOW + timedelta(seconds=2), 1)


async def test_an_edit_that_keeps_failing_is_given_up_and_the_next_revision_tries_again(desk: Desk) -> None:
    id_ = await posted(desk)
    desk.courier = replace(desk.courier, retries=Retries(jitter=lambda: 0.0, attempts=2))
    await desk.ledger.correct([id_], NOW)
    desk.messenger.fault = TryLater("busy")
    await desk.deliver()
    desk.clock.at += timedelta(minutes=1)
    row = await desk.deliver()
    assert (row.state, row.error) == (DeliveryState.POSTED, "the correction was given up after 2 attempts: busy")


async def test_what_waited_too_long_is_skipped_and_not_posted_late(desk: Desk) -> None:
    await desk.reserve("one", patience=timedelta(hours=6))
    desk.clock.at += timedelta(hours=6, seconds=1)
    row = await desk.deliver()
    assert (row.state, row.error) == (DeliveryState.SKIPPED, "too late: it was expected at 2026-05-04 09:00 UTC")
    assert desk.messenger.sent == []


async def test_a_story_back_in_review_is_waited_for_as_long_as_patience_lasts(desk: Desk) -> None:
    await desk.reserve("one")
    desk.stories.put(replace(STORY, status=Status.REVIEW))
    row = await desk.deliver()
    assert (row.state, row.due) == (DeliveryState.WAITING, NOW + timedelta(minutes=1))
    desk.stories.put(STORY)
    desk.clock.at += timedelta(minutes=1)
    row = await desk.deliver()
    assert row.state is DeliveryState.POSTED


async def test_a_card_that_cannot_be_made_is_no_doubt(desk: Desk) -> None:
    await desk.reserve("one")
    broken = FakeRenderer()
    broken.stories = None  # type: ignore[assignment]  # calling it fails, as a deleted template would
    desk.courier = replace(desk.courier, renderer=broken)
    row = await desk.deliver()
    assert (row.state, row.begun_at) == (DeliveryState.WAITING, None)
    assert row.error is not None
    assert row.error.startswith("the card cannot be made: ")


async def test_a_message_whose_story_was_withdrawn_before_the_answer_came_is_still_found(desk: Desk) -> None:
    """The platform's key helps only who sends: with nothing to send the platform is asked."""
    desk.messenger.window = timedelta(minutes=2)
    await doubtful(desk)
    desk.stories.put(replace(STORY, status=Status.RETRACTED))
    desk.messenger.sighting = Found(REF)
    row = await desk.deliver()
    assert (row.state, row.ref) == (DeliveryState.CORRECTING, REF)
    await desk.deliver()
    assert len(desk.messenger.edited) == 1


async def test_a_doubt_that_outlasts_every_attempt_is_unknown_and_not_refused(desk: Desk) -> None:
    desk.courier = replace(desk.courier, retries=Retries(jitter=lambda: 0.0, attempts=1))
    await desk.reserve("one")
    desk.messenger.fault = Unknown("connection lost")
    row = await desk.deliver()
    assert (row.state, row.error) == (DeliveryState.UNKNOWN, "given up after 1 attempts: connection lost")


async def test_a_doubt_is_settled_soon_where_the_same_key_may_be_sent_again(desk: Desk) -> None:
    """Elsewhere the grace is waited for, since the message may still land."""
    desk.messenger.window = timedelta(minutes=2)
    await desk.reserve("one")
    desk.messenger.fault = Unknown("connection lost")
    row = await desk.deliver()
    assert (row.state, row.due - desk.clock.now() < GRACE) == (DeliveryState.SENDING, True)


async def test_what_is_left_to_do_about_a_posted_message_is_done_by_an_edit(desk: Desk) -> None:
    """Publishing an announcement may have to wait for an hour: the message stands, and the row says what is left."""
    await desk.reserve("one")
    desk.messenger.fault = Unfinished("published later", REF, timedelta(minutes=50))
    row = await desk.deliver()
    assert (row.state, row.ref, row.error) == (DeliveryState.CORRECTING, REF, "published later")
    assert row.due - desk.clock.now() == timedelta(minutes=50)
    desk.messenger.fault = None
    desk.clock.at = row.due
    row = await desk.deliver()
    assert (row.state, row.error, row.edited_at) == (DeliveryState.POSTED, None, None)
    assert (len(desk.messenger.sent), len(desk.messenger.edited)) == (1, 1)


async def test_what_can_never_be_finished_leaves_the_message_posted(desk: Desk) -> None:
    desk.courier = replace(desk.courier, retries=Retries(jitter=lambda: 0.0, attempts=2))
    await desk.reserve("one")
    desk.messenger.fault = Unfinished("published later", REF, timedelta(minutes=50))
    row = await desk.deliver()
    desk.clock.at = row.due
    row = await desk.deliver()
    desk.clock.at = row.due
    row = await desk.deliver()
    assert (row.state, row.error) == (DeliveryState.POSTED, "given up: published later")


async def test_a_forum_is_told_the_event_and_the_thread_that_it_has_already() -> None:
    event = Event(id="gala", name="The Gala")
    first = replace(STORY, event=event, topics=("music",))
    desk = Desk(first, replace(first, id="two", topics=("film",)))
    desk.messenger.forum = True
    await desk.reserve("one")
    await desk.deliver()
    assert desk.messenger.sent[0].subject == Subject("The Gala", ("music",), None)
    desk.ledger.rows = {id_: replace(row, ref=MessageRef("thread-1", "m1")) for id_, row in desk.ledger.rows.items()}
    await desk.reserve("two", occasion="d2")
    await desk.deliver()
    assert desk.messenger.sent[1].subject == Subject("The Gala", ("film",), "thread-1")


async def test_a_story_without_an_event_is_its_own_subject(desk: Desk) -> None:
    desk.messenger.forum = True
    await desk.reserve("one")
    await desk.deliver()
    subject = desk.messenger.sent[0].subject
    assert subject is not None
    assert (subject.topics, subject.thread) == ((), None)


async def test_what_a_process_before_us_had_sent_may_still_land_where_no_key_helps(desk: Desk) -> None:
    """It is looked for only when the grace is over, and that it is not there yet is no failure."""
    await doubtful(desk)
    started = desk.clock.at
    desk.courier = replace(desk.courier, started=started)
    row = await desk.deliver()
    assert (row.state, row.due, row.begun_at) == (DeliveryState.SENDING, started + GRACE, NOW)
    assert desk.messenger.sent == []
    desk.clock.at = row.due
    row = await desk.deliver()
    assert (row.state, len(desk.messenger.sent)) == (DeliveryState.POSTED, 1)


async def test_where_the_key_helps_it_is_sent_again_at_once(desk: Desk) -> None:
    desk.messenger.window = timedelta(minutes=2)
    await doubtful(desk)
    desk.courier = replace(desk.courier, started=desk.clock.at)
    await desk.deliver()
    assert len(desk.messenger.sent) == 1
