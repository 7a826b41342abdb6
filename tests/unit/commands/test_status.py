from dataclasses import replace

from digestbot.domain.delivery import DeliveryState
from digestbot.domain.story import Status
from digestbot.domain.subscription import State, TenantSettings
from digestbot.errors import Problem
from tests.unit.commands.world import DAILY, ELSEWHERE, INSTANT, NIGHTLY, SPEECH, THEIRS, WINNERS, World, delivery


async def test_status_says_that_nothing_is_broken_and_nothing_was_new(world: World) -> None:
    assert await world.told("status") == (
        "Nothing is broken\n"
        "Nothing new has come for these subscriptions yet, so nothing was posted.\n"
        "Subscriptions\n"
        "daily2, #news: all stories, every day at 09:00; active, next Jun 2, 2026, 7:00 AM UTC\n"
        "music3, #music: stories about ‘music’, each as soon as it is out; active"
    )


async def test_status_says_when_the_last_post_was_and_counts_by_state(world: World) -> None:
    rows = [delivery(DAILY, "a", SPEECH), delivery(DAILY, "b", WINNERS), delivery(THEIRS, "a", SPEECH)]
    rows.append(delivery(DAILY, "c", state=DeliveryState.SKIPPED))
    world.ledger.rows |= {row.id: row for row in rows}
    lines = (await world.told("status")).splitlines()
    assert lines[:2] == ["Nothing is broken", "The last post was Jun 1, 2026, 11:00 AM UTC."]
    assert lines[-1] == "Posts so far: 2 posted, 1 skipped"


async def test_status_says_in_other_words_that_something_is_broken(world: World) -> None:
    refused = replace(delivery(DAILY, "a", SPEECH, state=DeliveryState.REFUSED), error="too long")
    retried = replace(delivery(INSTANT, "c", NIGHTLY, state=DeliveryState.WAITING), error="busy")
    world.ledger.rows |= {row.id: row for row in (refused, retried)}
    lines = (await world.told("status")).splitlines()
    assert lines[0] == "Something is broken"
    assert set(lines[1:3]) == {
        "Jun 1, 2026, 11:00 AM UTC, subscription daily2: the platform does not take its message (too long)",
        "Jun 1, 2026, 11:00 AM UTC, subscription music3: its message waits for another try (busy)",
    }
    assert "Nothing is broken" not in lines


async def test_a_correction_that_could_not_be_shown_is_told(world: World) -> None:
    row = replace(delivery(DAILY, "a", SPEECH), error="the correction was refused: too long")
    world.ledger.rows[row.id] = row
    told = await world.told("status")
    assert "subscription daily2: it was posted (the correction was refused: too long)" in told


async def test_what_is_planned_or_on_its_way_is_not_broken(world: World) -> None:
    rows = [delivery(DAILY, "a", SPEECH, state=state) for state in (DeliveryState.PLANNED, DeliveryState.SENDING)]
    world.ledger.rows |= {row.id: row for row in rows}
    assert (await world.told("status")).startswith("Nothing is broken\n")


async def test_another_workspace_s_fault_is_nobody_s_business(world: World) -> None:
    row = delivery(THEIRS, "a", SPEECH, state=DeliveryState.GONE)
    world.ledger.rows[row.id] = row
    assert (await world.told("status")).startswith("Nothing is broken\n")
    assert (await world.told("status", place=ELSEWHERE)).startswith("Something is broken\n")


async def test_broken_files_are_counted_but_not_named(world: World) -> None:
    world.problems.append(Problem("stories/hush-winner.md", 3, 1, "headline of hush is missing"))
    told = await world.told("status")
    assert "1 problem in the files of this bot: its log and digestbot check name it." in told
    assert "hush" not in told


async def test_status_says_that_nothing_is_active(world: World) -> None:
    world.subscriptions.rows = {"daily2": replace(DAILY, state=State.PAUSED, next_due=None)}
    told = await world.told("status")
    assert "No subscription is active here, so nothing is posted." in told
    assert "daily2, #news: all stories, every day at 09:00; paused" in told


async def test_settings_are_shown_and_set(world: World) -> None:
    assert await world.told("settings") == (
        "Settings\n"
        "New subscriptions here start with:\n"
        "timezone: UTC\n"
        "locale: en\n"
        "spoilers: show\n"
        "Those that are there keep what they have; /news edit changes them."
    )
    assert world.changes == 0
    told = await world.told('settings timezone:europe/paris locale:pt-br spoilers:"hide for 2 days"')
    assert told.splitlines()[:5] == [
        "Changed settings",
        "New subscriptions here start with:",
        "timezone: Europe/Paris",
        "locale: pt_BR",
        "spoilers: hide 48h",
    ]
    assert world.subscriptions.tenants == {
        ("sandbox", "here"): TenantSettings(zone="Europe/Paris", locale="pt_BR", spoilers="hide 48h")
    }
    assert world.subscriptions.rows["daily2"] == DAILY


async def test_settings_of_one_place_are_not_another_s(world: World) -> None:
    await world.ask("settings locale:fr")
    assert "locale: en" in await world.told("settings", place=ELSEWHERE)


async def test_a_wrong_setting_changes_nothing(world: World) -> None:
    assert (await world.ask("settings locale:fr timezone:Mars")).mistake
    assert world.subscriptions.tenants == {}


async def test_retracted_stories_do_not_break_the_status(world: World) -> None:
    world.stories.put(replace(SPEECH, status=Status.RETRACTED))
    assert (await world.told("status")).startswith("Nothing is broken\n")
