from dataclasses import replace
from datetime import UTC, date, datetime

from digestbot.commands.news import News
from digestbot.domain.story import Event
from digestbot.domain.subscription import TenantSettings
from tests.fakes import FakeStories
from tests.unit.commands.world import MEMBER, NOW, World


def with_events(world: World, *events: Event) -> World:
    world.desk = replace(world.desk, stories=FakeStories((), events))
    world.news = News(world.desk)
    return world


async def test_an_event_is_one_list_of_winners_over_its_stories(world: World) -> None:
    lines = (await world.told("event gala-2026", MEMBER)).splitlines()
    assert lines[0] == "Example Gala 2026"
    assert "Chœur des Exemples: Best Choir" in lines
    assert "A speech dedicated to a trombone" in lines
    assert lines[-1] == "2 stories, newest May 25, 2026, 9:00 AM UTC"


async def test_an_event_is_found_by_its_name_too(world: World) -> None:
    assert (await world.told("event example gala 2026")).startswith("Example Gala 2026\n")


async def test_an_event_without_stories_says_what_is_known_of_it(world: World) -> None:
    assert await world.told("event festival-2099") == (
        "Example Festival 2099\n"
        "May 13, 2099, 5:00 PM UTC\n"
        "Palace of Examples\n"
        "There are no stories about this event yet.\n"
        "Example Festival 2099 (example.org)"
    )


async def test_an_unknown_event_gets_a_hint(world: World) -> None:
    assert await world.told("event gala-2062") == "There is no event ‘gala-2062’. Did you mean ‘gala-2026’?"
    assert await world.told("event xyzzy") == (
        "There is no event ‘xyzzy’. `/news search` finds stories by their words."
    )


async def test_upcoming_lists_what_is_still_to_come_soonest_first(world: World) -> None:
    assert await world.told("upcoming", MEMBER) == (
        "Coming up\n"
        "Example Fair 2098, Oct 8 – 12, 2098\n"
        "Example Festival 2099, May 13, 2099, 5:00 PM UTC, Palace of Examples\n"
        "[Example Fair 2098: event fair-2098] [Example Festival 2099: event festival-2099]"
    )


async def test_an_event_of_today_is_upcoming_by_the_place_s_clock(world: World) -> None:
    today = Event(id="today", name="Today", starts=date(2026, 6, 1))
    tonight = Event(id="tonight", name="Tonight", starts=datetime(2026, 6, 1, 23, 30, tzinfo=UTC))
    with_events(world, today, tonight)
    assert "[Today: event today] [Tonight: event tonight]" in await world.told("upcoming")
    world.subscriptions.tenants["sandbox", "here"] = TenantSettings(zone="Pacific/Kiritimati")
    assert NOW.hour == 12, "there it is two in the morning of 2 June"
    assert (await world.told("upcoming")).splitlines()[-1] == "[Tonight: event tonight]"


async def test_upcoming_puts_whole_days_and_times_into_one_order(world: World) -> None:
    late = Event(id="late", name="Late", starts=datetime(2026, 7, 1, 20, 0), timezone="America/New_York")  # noqa: DTZ001 - as a file may have it
    early = Event(id="early", name="Early", starts=datetime(2026, 7, 1, 20, 0, tzinfo=UTC))
    day = Event(id="day", name="Day", starts=date(2026, 7, 1), timezone="Europe/Paris")
    with_events(world, late, early, day, Event(id="some-day", name="Some day"))
    assert (await world.told("upcoming")).splitlines()[-1] == "[Day: event day] [Early: event early] [Late: event late]"


async def test_upcoming_says_so_where_nothing_is(world: World) -> None:
    with_events(world, Event(id="past", name="Past", starts=date(2026, 5, 31)))
    assert await world.told("upcoming") == "Nothing is coming up: no event with a date to come is known."


async def test_an_unknown_zone_of_an_event_counts_as_utc(world: World) -> None:
    with_events(world, Event(id="odd", name="Odd", starts=date(2026, 7, 1), timezone="Mars/Olympus"))
    assert "Odd, July 1, 2026" in await world.told("upcoming")
