from dataclasses import replace
from datetime import timedelta

from digestbot.domain.delivery import DeliveryState
from digestbot.domain.filter import parse_filter
from digestbot.domain.story import Status
from digestbot.domain.subscription import State
from tests.unit.commands.world import (
    DAILY,
    INSTANT,
    MUSIC,
    NEWS,
    NIGHTLY,
    NOW,
    SPEECH,
    THEIRS,
    WINNERS,
    World,
    at,
    delivery,
)


async def test_why_shows_every_stage_in_order_and_what_became_of_it(world: World) -> None:
    world.ledger.rows |= {row.id: row for row in [delivery(DAILY, "2026-05-26T09:00", SPEECH)]}
    assert await world.told("why gala-speech") == (
        "A speech dedicated to a trombone\n"
        "daily2: all stories, every day at 09:00\n"
        "✓ passed, subscription: the subscription is active\n"
        "✓ passed, status: the story's status is published\n"
        "✓ passed, time: it went live at 2026-05-25 09:00 UTC\n"
        "✓ passed, since: it went live after the subscription began (2026-05-01 00:00 UTC)\n"
        "✓ passed, include: it is among what is subscribed (all)\n"
        "✓ passed, exclude: nothing leaves it out\n"
        "✓ passed, told: this subscription has not had it yet\n"
        "✓ It was posted (Jun 1, 2026, 11:00 AM UTC)\n"
        "[Story: story gala-speech]"
    )


async def test_why_names_the_stage_that_held_a_story(world: World) -> None:
    world.subscriptions.rows["daily2"] = replace(DAILY, filter=parse_filter("all, -topic:politics"))
    lines = (await world.told("why late-vote")).splitlines()
    assert "✗ held, exclude: `-topic:politics` leaves it out" in lines
    assert "It is not posted: `-topic:politics` leaves it out." in lines


async def test_why_says_when_a_story_that_passed_will_come(world: World) -> None:
    assert "It will be in the next digest. It is due Jun 2, 2026, 7:00 AM UTC." in await world.told("why late-vote")
    lines = (await world.told("why gala-speech", place=MUSIC)).splitlines()
    assert "It is about to be posted." in lines


async def test_why_says_that_a_subscription_is_paused(world: World) -> None:
    world.subscriptions.rows["daily2"] = replace(DAILY, state=State.PAUSED)
    assert "It is not posted: it is paused." in await world.told("why late-vote")


async def test_why_shows_the_delivery_s_state_and_error(world: World) -> None:
    row = delivery(DAILY, "2026-05-31T09:00", NIGHTLY, state=DeliveryState.WAITING)
    world.ledger.rows[row.id] = replace(row, error="the platform is busy", due=NOW + timedelta(minutes=1))
    assert (
        "… Its message waits for another try; due Jun 1, 2026, 12:01 PM UTC: the platform is busy"
        in (await world.told("why late-vote")).splitlines()
    )
    world.ledger.rows[row.id] = replace(row, state=DeliveryState.REFUSED, error="too long")
    assert "✗ The platform does not take its message: too long" in (await world.told("why late-vote")).splitlines()


async def test_why_prefers_what_was_posted_to_what_was_skipped(world: World) -> None:
    skipped = replace(delivery(DAILY, "z", NIGHTLY, state=DeliveryState.SKIPPED), due=NOW)
    posted = delivery(DAILY, "a", NIGHTLY)
    world.ledger.rows |= {skipped.id: skipped, posted.id: posted}
    assert "✓ It was posted (Jun 1, 2026, 11:00 AM UTC)" in await world.told("why late-vote")


async def test_why_explains_every_subscription_of_the_channel_and_of_no_other(world: World) -> None:
    world.subscriptions.rows["other5"] = replace(INSTANT, id="other5", place=NEWS, since=at("2026-05-04T00:00"))
    theirs = delivery(THEIRS, "a", SPEECH)
    world.ledger.rows[theirs.id] = theirs
    told = await world.told("why gala-speech")
    assert [line.split(":")[0] for line in told.splitlines() if line.startswith(("daily2", "other5"))] == [
        *("daily2", "other5")
    ]
    assert "music3" not in told
    assert "It was posted" not in told
    assert "music3: stories about ‘music’, each as soon as it is out" in await world.told(
        "why gala-speech channel:music"
    )


async def test_why_in_a_channel_without_subscriptions_says_so(world: World) -> None:
    world.subscriptions.rows.clear()
    assert "#news has no subscription, so nothing is posted there by itself." in await world.told("why gala-speech")


async def test_why_explains_a_withdrawn_story_where_it_was_posted(world: World) -> None:
    row = delivery(DAILY, "a", WINNERS)
    world.ledger.rows[row.id] = row
    world.stories.put(replace(WINNERS, status=Status.RETRACTED))
    lines = (await world.told("why gala-winners")).splitlines()
    assert "✗ held, status: the story's status is retracted" in lines
    assert "✓ It was posted (Jun 1, 2026, 11:00 AM UTC)" in lines


async def test_why_knows_no_withdrawn_story_that_was_not_posted_here(world: World) -> None:
    planned = delivery(DAILY, "a", WINNERS, state=DeliveryState.SKIPPED)
    theirs = delivery(THEIRS, "a", WINNERS)
    world.ledger.rows |= {planned.id: planned, theirs.id: theirs}
    world.stories.put(replace(WINNERS, status=Status.RETRACTED))
    assert (await world.told("why gala-winners")).startswith("There is no story ‘gala-winners’.")


async def test_why_of_an_unknown_story_gets_a_hint(world: World) -> None:
    assert await world.told("why gala-winers") == "There is no story ‘gala-winers’. Did you mean ‘gala-winners’?"
