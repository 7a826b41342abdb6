"""The planner: what is due becomes reserved deliveries, each occasion once, with no flood after a stop."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from digestbot.domain.delivery import Carried, Delivery, DeliveryState, delivery_id
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import next_slot, parse_cadence, parse_quiet
from digestbot.domain.story import Event, Importance, Status, Story
from digestbot.domain.subscription import Look, State, Subscription
from digestbot.scheduling.planner import Planner
from tests.fakes import FakeClock, FakeLedger, FakeStories, FakeSubscriptions

START = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)  # a Monday
NINE = START + timedelta(hours=1)
PLACE = Place("sandbox", "sandbox", "news")


def story(id_: str, published: datetime, **changes: object) -> Story:
    plain = Story(id=id_, headline=id_, published=published, status=Status.PUBLISHED)
    return replace(plain, **changes)  # type: ignore[arg-type]  # each test names fields of its own


def subscription(when: str = "daily 09:00", what: str = "all", **changes: object) -> Subscription:
    cadence = parse_cadence(when)
    slot = next_slot(cadence, "UTC", START)
    plain = Subscription(
        id="s1",
        place=PLACE,
        filter=parse_filter(what),
        cadence=cadence,
        since=START,
        next_due=slot.at if slot else None,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # as above


class Desk:
    def __init__(self, *subscriptions: Subscription, stories: tuple[Story, ...] = ()) -> None:
        self.subscriptions = FakeSubscriptions(*subscriptions)
        self.ledger = FakeLedger(subscriptions=self.subscriptions)
        self.stories = FakeStories(stories)
        self.planner = Planner(self.subscriptions, self.ledger, self.stories, FakeClock(START))

    def rows(self) -> list[Delivery]:
        return sorted(self.ledger.rows.values(), key=lambda row: (row.due, row.occasion))

    def told(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(row.occasion, tuple(each.story for each in row.stories)) for row in self.rows()]


async def test_a_digest_carries_what_went_live_since_the_subscription_began() -> None:
    desk = Desk(
        subscription(),
        stories=(
            story("before", START - timedelta(minutes=1)),
            story("within", START + timedelta(minutes=1)),
            story("after", NINE + timedelta(minutes=1)),
        ),
    )
    assert await desk.planner.tick(NINE) == 1
    assert desk.told() == [("2026-05-04T09:00", ("within",))]
    assert await desk.planner.tick(NINE + timedelta(minutes=5)) == 0
    assert await desk.planner.tick(NINE + timedelta(days=1)) == 1
    assert desk.told()[1] == ("2026-05-05T09:00", ("after",))


async def test_nothing_is_due_before_its_time() -> None:
    desk = Desk(subscription(), stories=(story("within", START + timedelta(minutes=1)),))
    assert await desk.planner.tick(NINE - timedelta(seconds=1)) == 0
    assert desk.rows() == []


async def test_a_quiet_day_is_recorded_as_nothing_new() -> None:
    desk = Desk(subscription())
    await desk.planner.tick(NINE)
    (row,) = desk.rows()
    assert (row.state, row.error) == (DeliveryState.SKIPPED, "nothing new")


async def test_an_empty_digest_is_posted_where_it_was_asked_for() -> None:
    desk = Desk(subscription(empty=True))
    await desk.planner.tick(NINE)
    (row,) = desk.rows()
    assert (row.state, row.stories) == (DeliveryState.PLANNED, ())


async def test_days_of_downtime_end_in_one_digest() -> None:
    """Three slots were missed; the newest is an hour old: one run stands for all."""
    stories = tuple(story(f"day-{n}", START + timedelta(days=n, minutes=1)) for n in range(3))
    desk = Desk(subscription(), stories=stories)
    await desk.planner.tick(NINE + timedelta(days=2, hours=1))
    assert desk.told() == [("2026-05-06T09:00", ("day-0", "day-1", "day-2"))]
    assert desk.subscriptions.rows["s1"].next_due == NINE + timedelta(days=3)


async def test_too_late_a_digest_is_skipped_and_its_stories_wait_for_the_next() -> None:
    desk = Desk(subscription(), stories=(story("one", START + timedelta(minutes=1)),))
    await desk.planner.tick(NINE + timedelta(hours=6, seconds=1))
    (row,) = desk.rows()
    assert row.state is DeliveryState.SKIPPED
    assert row.error == "too late: due at 2026-05-04 09:00 UTC, and this subscription catches up for 6 h only"
    await desk.planner.tick(NINE + timedelta(days=1))
    assert desk.told()[1] == ("2026-05-05T09:00", ("one",))


async def test_a_late_file_is_not_lost_although_its_time_has_passed() -> None:
    desk = Desk(subscription(), stories=(story("one", START + timedelta(minutes=1)),))
    await desk.planner.tick(NINE)
    desk.stories.put(story("late", START + timedelta(minutes=2)))
    await desk.planner.tick(NINE + timedelta(days=1))
    assert desk.told()[1] == ("2026-05-05T09:00", ("late",))


async def test_more_than_the_limit_waits_and_the_important_leads() -> None:
    stories = tuple(story(f"s{n}", START + timedelta(minutes=n)) for n in range(1, 4))
    urgent = story("urgent", START + timedelta(minutes=1), importance=Importance.URGENT)
    desk = Desk(subscription(limit=3), stories=(*stories, urgent))
    await desk.planner.tick(NINE)
    await desk.planner.tick(NINE + timedelta(days=1))
    assert [stories for _, stories in desk.told()] == [("urgent", "s1", "s2"), ("s3",)]


async def test_quiet_hours_hold_a_digest_back_and_urgent_ones_pass() -> None:
    quiet = parse_quiet("08:00-10:30")
    desk = Desk(subscription(quiet=quiet), stories=(story("one", START + timedelta(minutes=1)),))
    await desk.planner.tick(NINE)
    assert desk.rows()[0].due == NINE + timedelta(minutes=90)
    urgent = story("one", START + timedelta(minutes=1), importance=Importance.URGENT)
    desk = Desk(subscription(quiet=quiet), stories=(urgent,))
    await desk.planner.tick(NINE)
    assert (desk.rows()[0].due, desk.rows()[0].urgent) == (NINE, True)


async def test_two_planners_reserve_once() -> None:
    desk = Desk(subscription(), stories=(story("one", START + timedelta(minutes=1)),))
    second = Planner(desk.subscriptions, desk.ledger, desk.stories, FakeClock(START))
    due = await desk.subscriptions.due(NINE, 10)
    assert await desk.planner._digests(due, NINE) == 1
    assert await second._digests(due, NINE) == 0


async def test_one_broken_subscription_does_not_hold_up_the_others() -> None:
    broken = subscription(id="s0", zone="Nowhere/Land")
    desk = Desk(broken, subscription(), stories=(story("one", START + timedelta(minutes=1)),))
    await desk.planner.tick(NINE)
    assert desk.told() == [("2026-05-04T09:00", ("one",))]
    assert desk.subscriptions.rows["s0"].next_due == NINE + timedelta(hours=1)


async def test_an_instant_subscription_gets_each_story_once() -> None:
    desk = Desk(subscription("instant"), stories=(story("one", NINE),))
    assert await desk.planner.fan_out(NINE) == 1
    assert await desk.planner.fan_out(NINE) == 0
    again = Planner(desk.subscriptions, desk.ledger, desk.stories, FakeClock(START))
    assert await again.fan_out(NINE + timedelta(minutes=1)) == 0
    assert desk.told() == [("story:one", ("one",))]


async def test_subscribing_floods_nobody() -> None:
    """A hundred stories stand in the archive; only what comes later is posted."""
    archive = tuple(story(f"old-{n}", START - timedelta(hours=n)) for n in range(100))
    desk = Desk(subscription("instant"), stories=archive)
    assert await desk.planner.fan_out(START) == 0
    desk.stories.put(story("new", NINE))
    desk.planner._planned -= {"new"}
    assert await desk.planner.fan_out(NINE) == 1


async def test_an_embargoed_story_goes_out_at_its_minute() -> None:
    desk = Desk(subscription("instant"), stories=(story("one", START, embargo=NINE),))
    assert await desk.planner.fan_out(NINE - timedelta(seconds=1)) == 0
    assert await desk.planner._pause(START) == timedelta(minutes=1)
    assert await desk.planner._pause(NINE - timedelta(seconds=5)) == timedelta(seconds=5)
    assert await desk.planner.fan_out(NINE) == 1


async def test_an_instant_story_is_too_late_after_the_catch_up() -> None:
    desk = Desk(subscription("instant"), stories=(story("one", NINE),))
    await desk.planner.fan_out(NINE + timedelta(hours=7))
    assert desk.rows()[0].state is DeliveryState.SKIPPED


async def test_a_paused_subscription_gets_nothing_and_nothing_is_queued_for_it() -> None:
    desk = Desk(subscription("instant", state=State.PAUSED), stories=(story("one", NINE),))
    assert await desk.planner.fan_out(NINE) == 0
    assert desk.rows() == []


async def test_a_roll_up_is_one_message_an_event_that_grows() -> None:
    event = Event(id="gala", name="Gala")
    rolling = subscription("instant", look=Look(template="event"))
    desk = Desk(rolling, stories=(story("one", NINE, event=event),))
    await desk.planner.fan_out(NINE)
    desk.stories.put(story("two", NINE + timedelta(minutes=1), event=event))
    await desk.planner.fan_out(NINE + timedelta(minutes=1))
    assert desk.told() == [("event:gala:news", ("one", "two"))]


async def test_more_subscribers_than_a_batch_are_all_served() -> None:
    many = [subscription("instant", id=f"s{n:04}", place=replace(PLACE, channel=f"c{n}")) for n in range(1203)]
    desk = Desk(*many, stories=(story("one", NINE),))
    assert await desk.planner.fan_out(NINE) == 1203
    assert desk.ledger.rows[delivery_id("s1202", "story:one")].stories == (Carried("one", ""),)


async def test_without_catch_up_an_ordinary_delay_is_not_too_late() -> None:
    stories = (story("one", START + timedelta(minutes=1)),)
    desk = Desk(subscription(catch_up=timedelta()), stories=stories)
    await desk.planner.tick(NINE + timedelta(seconds=2))
    assert desk.told() == [("2026-05-04T09:00", ("one",))]
    late = Desk(subscription(catch_up=timedelta()), stories=stories)
    await late.planner.tick(NINE + timedelta(minutes=6))
    assert late.rows()[0].state is DeliveryState.SKIPPED


async def test_roll_ups_do_not_flood_after_a_long_stop() -> None:
    rolling = subscription("instant", look=Look(template="event"))
    stories = tuple(story(f"s{n}", NINE, event=Event(id=f"e{n}", name="Gala")) for n in range(30))
    desk = Desk(rolling, stories=stories)
    await desk.planner.fan_out(NINE + timedelta(hours=100))
    assert {row.state for row in desk.rows()} == {DeliveryState.SKIPPED}


async def test_quiet_hours_hold_back_a_digest_that_comes_late_into_them() -> None:
    desk = Desk(subscription(quiet=parse_quiet("10:00-18:00")), stories=(story("one", START + timedelta(minutes=1)),))
    await desk.planner.tick(NINE + timedelta(hours=2))
    assert desk.rows()[0].due == NINE + timedelta(hours=9)


async def test_one_broken_instant_subscription_does_not_hold_up_the_others() -> None:
    broken = subscription("instant", id="s0", zone="Nowhere/Land", quiet=parse_quiet("22:00-07:00"))
    desk = Desk(broken, subscription("instant"), stories=(story("one", NINE),))
    assert await desk.planner.fan_out(NINE) == 1
    assert desk.told() == [("story:one", ("one",))]
