from dataclasses import replace

from digestbot.commands.preview import newest_matching
from digestbot.domain.filter import parse_filter
from digestbot.domain.subscription import Look, Spoilers, State
from tests.fakes import FakeRenderer
from tests.unit.commands.world import DAILY, INSTANT, NIGHTLY, SPEECH, WINNERS, World, at, delivery


async def test_preview_shows_the_digest_as_it_would_be_posted_now(world: World) -> None:
    world.ledger.rows |= {row.id: row for row in [delivery(DAILY, "2026-05-26T09:00", SPEECH)]}
    lines = (await world.told("preview daily2")).splitlines()
    assert lines[0] == "2 stories"
    assert lines.index("Votes are found in a hat") < lines.index("The Umbrella Accountants wins three prizes")
    assert "A speech dedicated to a trombone" not in lines


async def test_preview_of_a_paused_subscription_shows_what_it_would_post(world: World) -> None:
    world.subscriptions.rows["daily2"] = replace(DAILY, state=State.PAUSED, next_due=None)
    assert (await world.told("preview daily2")).startswith("3 stories\n")


async def test_preview_says_if_nothing_new_would_be_posted_and_shows_an_example(world: World) -> None:
    world.subscriptions.rows["daily2"] = replace(DAILY, since=at("2026-06-01T11:00"))
    assert (await world.told("preview daily2")).splitlines()[:2] == [
        "Nothing new would be posted now. The newest story that matches looks like this.",
        "Votes are found in a hat",
    ]


async def test_preview_of_an_instant_subscription_shows_the_newest_that_matches(world: World) -> None:
    assert (await world.told("preview music3")).splitlines()[:2] == [
        "Each story is posted as soon as it is out. The newest one that matches looks like this.",
        "A speech dedicated to a trombone",
    ]


async def test_preview_of_a_roll_up_shows_its_whole_event(world: World) -> None:
    lines = (await world.told("preview what:event:gala-2026 template:event")).splitlines()
    assert lines[:2] == ["The newest story that matches looks like this.", "Example Gala 2026"]
    assert lines[-1] == "2 stories, newest May 25, 2026, 9:00 AM UTC"


async def test_preview_of_a_filter_wears_the_look_that_was_typed(world: World) -> None:
    lines = (await world.told("preview what:topic:film spoilers:hide template:compact")).splitlines()
    assert "|The Umbrella Accountants wins three prizes" in lines


async def test_preview_hides_what_the_subscription_hides_and_shows_it_on_request(world: World) -> None:
    world.subscriptions.rows["music3"] = replace(INSTANT, look=Look(spoilers=Spoilers.HIDE))
    reply = await world.ask("preview music3")
    assert reply.card.command == "preview music3"
    assert "|A speech dedicated to a trombone" in await world.told("preview music3")
    assert "|" not in await world.told("preview music3 spoilers:show")


async def test_preview_says_if_no_story_matches(world: World) -> None:
    reply = await world.ask("preview what:topic:chess")
    assert not reply.mistake
    assert (
        await world.told("preview what:topic:chess") == "Nothing would be posted: none of the newest stories matches."
    )


def test_an_example_is_looked_for_among_the_newest_two_thousand() -> None:
    others = [replace(NIGHTLY, id=f"other-{number}") for number in range(2_000)]
    wanted = parse_filter("topic:film")
    assert newest_matching([*others[1:], WINNERS], wanted) == WINNERS
    assert newest_matching([*others, WINNERS], wanted) is None


async def test_preview_writes_nothing(world: World) -> None:
    await world.ask("preview daily2 what:topic:film spoilers:hide")
    assert world.subscriptions.rows["daily2"] == DAILY
    assert not world.ledger.rows
    assert world.changes == 0


async def test_a_template_over_events_takes_stories_of_one_event_only(world: World) -> None:
    fake = FakeRenderer()
    world.desk = replace(world.desk, renderer=fake)
    world.news = type(world.news)(world.desk)
    both = replace(DAILY, look=Look(template="event"), filter=parse_filter("all"))
    world.subscriptions.rows["daily2"] = both
    await world.ask("preview daily2")
    world.subscriptions.rows["daily2"] = replace(both, filter=parse_filter("event:gala-2026"))
    await world.ask("preview daily2")
    assert [(template, values) for template, values, _ in fake.asked] == [
        ("digest", [NIGHTLY, WINNERS, SPEECH]),
        ("event", [WINNERS.event, WINNERS, SPEECH]),
    ]


async def test_a_subscription_with_other_wishes_is_tried_without_being_changed(world: World) -> None:
    assert "2 stories" in await world.told("preview daily2 what:event:gala-2026")
    assert "Votes" not in await world.told("preview daily2 what:event:gala-2026")
    assert (await world.ask("preview xyzzy what:all")).mistake
    assert world.subscriptions.rows["daily2"] == DAILY
