from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.commands.edit import begun
from digestbot.domain.delivery import Carried, DeliveryState
from digestbot.domain.filter import parse_filter
from digestbot.domain.schedule import Cadence, parse_cadence, parse_quiet
from digestbot.domain.subscription import State
from tests.unit.commands.world import DAILY, INSTANT, MUSIC, NEWS, NIGHTLY, NOW, SPEECH, World, at, delivery

# --- which one is meant


@pytest.mark.parametrize("verb", ["edit", "pause", "resume", "unsubscribe", "preview", "backtest"])
async def test_the_only_subscription_of_a_channel_needs_no_id(world: World, verb: str) -> None:
    assert not (await world.ask(verb)).mistake
    assert not (await world.ask(f"{verb} DAILY2" if verb != "unsubscribe" else "unsubscribe music3")).mistake


@pytest.mark.parametrize("verb", ["edit", "pause", "resume", "unsubscribe", "preview", "backtest"])
async def test_of_several_subscriptions_the_id_must_be_given(world: World, verb: str) -> None:
    world.subscriptions.rows["music3"] = replace(INSTANT, place=NEWS)
    assert await world.told(verb) == (
        "This channel has 2 subscriptions, so say which: daily2 (all, daily 09:00), music3 (topic:music, instant)."
    )


@pytest.mark.parametrize("verb", ["edit", "pause", "resume", "unsubscribe", "preview", "backtest"])
async def test_a_channel_without_subscriptions_says_so(world: World, verb: str) -> None:
    del world.subscriptions.rows["daily2"]
    assert await world.told(verb) == (
        "This channel has no subscription: make one with `/news subscribe`, or give an id."
    )


async def test_a_mistyped_id_gets_a_hint(world: World) -> None:
    assert await world.told("pause daily1") == "There is no subscription ‘daily1’ here. Did you mean ‘daily2’?"
    assert await world.told("pause xyzzy") == (
        "There is no subscription ‘xyzzy’ here. `/news subscriptions` lists them."
    )


# --- subscriptions


async def test_subscriptions_lists_this_channel_s_first(world: World) -> None:
    lines = (await world.told("subscriptions", place=MUSIC)).splitlines()
    assert lines == [
        "2 of at most 50 subscriptions",
        "#music gets stories about ‘music’, each as soon as it is out.",
        "Id music3",
        "[Show music3: edit music3] [Preview: preview music3] [Pause: pause music3]",
        "#news gets all stories, every day at 09:00 (Europe/Paris); next at Jun 2, 2026, 7:00 AM UTC.",
        "Id daily2",
        "[Show daily2: edit daily2] [Preview: preview daily2] [Pause: pause daily2]",
    ]


async def test_subscriptions_of_one_channel_can_be_asked_for(world: World) -> None:
    assert "daily2" not in await world.told("subscriptions music")
    assert await world.told("subscriptions misic") == ("There is no channel ‘misic’ here. Did you mean ‘music’?")


async def test_a_place_without_subscriptions_hears_how_to_make_one(world: World) -> None:
    world.subscriptions.rows.clear()
    assert (await world.told("subscriptions")).startswith("No subscriptions\nNothing is subscribed here yet.")


# --- edit


async def test_edit_without_options_shows_a_line_that_says_all_of_it(world: World) -> None:
    lines = (await world.told("edit daily2")).splitlines()
    typed = next(line for line in lines if line.startswith("/news "))
    assert typed == (
        '/news edit daily2 what:all when:"daily 09:00" timezone:Europe/Paris template:default layout:default '
        "spoilers:show mention:none locale:en style:default catchup:6h quiet:none limit:20 empty:no doubt:hold "
        "pictures:yes"
    )
    await world.ask(typed)
    assert world.subscriptions.rows["daily2"] == DAILY
    assert world.changes == 0, "nothing changed, so nothing was written"


async def test_the_line_of_an_elaborate_subscription_changes_nothing_either(world: World) -> None:
    await world.ask(
        'subscribe topic:a+person:John Legend, -event:x when:"weekly mon 18:30; 0 9 * * fri" spoilers:"hide 24h" '
        "mention:<@&42> template:compact layout:embed catchup:90m quiet:22:00-07:00 pictures:no empty:yes doubt:resend"
    )
    before = world.subscriptions.rows["new1"]
    lines = (await world.told("edit new1")).splitlines()
    await world.ask(next(line for line in lines if line.startswith("/news ")))
    assert world.subscriptions.rows["new1"] == before


async def test_edit_changes_what_is_given_and_computes_the_due_time_again(world: World) -> None:
    told = await world.told('edit daily2 when:"daily 18:00" limit:3')
    assert (
        "#news will get all stories, every day at 18:00 (Europe/Paris); next at Jun 1, 2026, 6:00 PM GMT+02:00." in told
    )
    assert world.subscriptions.rows["daily2"] == replace(
        DAILY, cadence=parse_cadence("daily 18:00"), limit=3, next_due=datetime(2026, 6, 1, 16, 0, tzinfo=UTC)
    )
    assert world.changes == 1


async def test_edit_moves_a_subscription_to_another_channel(world: World) -> None:
    assert "#music will get all stories" in await world.told("edit daily2 channel:music")
    assert world.subscriptions.rows["daily2"].place == MUSIC


async def test_a_due_time_that_the_planner_has_not_seen_yet_stays(world: World) -> None:
    world.subscriptions.rows["daily2"] = replace(DAILY, next_due=NOW - timedelta(seconds=1))
    await world.ask("edit daily2 limit:3")
    assert world.subscriptions.rows["daily2"].next_due == NOW - timedelta(seconds=1)


async def test_a_mistake_in_an_edit_changes_nothing(world: World) -> None:
    assert (await world.ask("edit daily2 limit:3 when:never")).mistake
    assert world.subscriptions.rows["daily2"] == DAILY


async def test_a_paused_subscription_can_be_edited_and_stays_paused(world: World) -> None:
    world.subscriptions.rows["daily2"] = replace(DAILY, state=State.PAUSED, next_due=None)
    await world.ask('edit daily2 when:"daily 18:00"')
    row = world.subscriptions.rows["daily2"]
    assert (row.state, row.next_due, str(row.cadence)) == (State.PAUSED, None, "daily 18:00")


async def test_an_edited_filter_warns_of_what_no_story_carries(world: World) -> None:
    told = await world.told("edit daily2 what:topic:musik")
    assert "No story carries ‘topic:musik’ yet. Did you mean ‘music’?" in told


def test_a_wider_filter_does_not_bring_the_stories_of_months() -> None:
    narrow = replace(DAILY, filter=parse_filter("topic:music"), since=at("2025-01-01T00:00"))
    wide = replace(narrow, filter=parse_filter("all"))
    last_digest = at("2026-06-01T07:00")
    assert begun(narrow, wide, NOW) == last_digest
    assert begun(narrow, replace(narrow, limit=3), NOW) == narrow.since
    unseen = replace(narrow, next_due=last_digest)
    assert begun(unseen, replace(wide, next_due=last_digest), NOW) == at("2026-05-31T07:00")
    young = replace(narrow, since=NOW - timedelta(minutes=5))
    assert begun(young, replace(wide, since=young.since), NOW) == young.since


def test_from_instant_to_digests_with_another_filter_starts_now() -> None:
    digests = replace(INSTANT, filter=parse_filter("all"), cadence=parse_cadence("daily 09:00"))
    assert begun(INSTANT, digests, NOW) == NOW
    assert begun(INSTANT, replace(INSTANT, filter=parse_filter("all")), NOW) == INSTANT.since


async def test_stories_that_waited_for_a_digest_come_once_more_when_digests_end(world: World) -> None:
    world.subscriptions.rows["daily2"] = replace(DAILY, since=at("2026-05-25T00:00"))
    world.ledger.rows |= {row.id: row for row in [delivery(DAILY, "2026-05-26T09:00", SPEECH)]}
    told = await world.told("edit daily2 when:instant")
    assert "1 story that waited for the next digest comes at once, as a last one." in told
    row = next(row for row in world.ledger.rows.values() if row.occasion.startswith("last:"))
    assert (row.occasion, row.due, row.stories) == ("last:2026-06-01T12:00:00Z", NOW, (Carried(NIGHTLY.id, ""),))
    assert (row.state, row.urgent) == (DeliveryState.PLANNED, True)
    assert world.subscriptions.rows["daily2"].cadence == Cadence()


async def test_what_waited_keeps_quiet_hours_and_the_new_filter(world: World) -> None:
    world.clock.at = at("2026-06-01T23:00")
    world.subscriptions.rows["daily2"] = replace(DAILY, quiet=parse_quiet("22:00-07:00"), zone="UTC")
    await world.ask("edit daily2 when:instant what:topic:music")
    (row,) = world.ledger.rows.values()
    assert (row.stories, row.due) == ((Carried(SPEECH.id, ""),), at("2026-06-02T07:00"))


@pytest.mark.parametrize("options", ["limit:3", 'when:"daily 18:00"', "what:topic:music"])
async def test_nothing_comes_early_while_digests_go_on(world: World, options: str) -> None:
    await world.ask(f"edit daily2 {options}")
    assert not world.ledger.rows


# --- pause, resume, unsubscribe


async def test_pause_stops_and_resume_starts_from_now_on(world: World) -> None:
    assert (await world.told("pause")).splitlines() == [
        "Paused",
        "#news gets nothing from subscription daily2 until it is resumed.",
        "[Resume: resume daily2]",
    ]
    assert world.subscriptions.rows["daily2"] == replace(DAILY, state=State.PAUSED, next_due=None)
    world.clock.at = NOW + timedelta(days=3)
    assert (await world.told("resume")).splitlines()[:2] == [
        "Resumed",
        (
            "#news gets all stories, every day at 09:00 (Europe/Paris); next at Jun 5, 2026, 9:00 AM GMT+02:00."
            " What came out while it was paused is not posted."
        ),
    ]
    assert world.subscriptions.rows["daily2"] == replace(
        DAILY, since=NOW + timedelta(days=3), next_due=at("2026-06-05T07:00")
    )
    assert world.changes == 2


async def test_pausing_and_resuming_twice_changes_nothing_more(world: World) -> None:
    await world.ask("pause")
    assert (await world.told("pause")).startswith("Already paused\n")
    await world.ask("resume")
    before = world.subscriptions.rows["daily2"]
    world.clock.at = NOW + timedelta(days=3)
    assert (await world.told("resume")).startswith("Already active\n")
    assert world.subscriptions.rows["daily2"] == before
    assert world.changes == 2


async def test_an_instant_subscription_has_no_due_time_when_resumed(world: World) -> None:
    await world.ask("pause music3")
    await world.ask("resume music3")
    assert world.subscriptions.rows["music3"] == replace(INSTANT, since=NOW)


async def test_unsubscribe_ends_and_the_id_is_unknown_from_then_on(world: World) -> None:
    assert (await world.told("unsubscribe daily2")).startswith(
        "Ended\nSubscription daily2 is no more: #news does not get"
    )
    assert world.subscriptions.rows["daily2"] == replace(DAILY, state=State.ENDED, next_due=None)
    assert world.changes == 1
    assert (await world.told("resume daily2")).startswith("There is no subscription ‘daily2’ here.")


async def test_no_write_can_be_repeated_by_a_button(world: World) -> None:
    for line in ("pause", "resume", "edit limit:3", "unsubscribe", "settings locale:fr"):
        assert (await world.ask(line)).card.command is None
