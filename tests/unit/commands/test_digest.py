from dataclasses import replace

from digestbot.domain.delivery import DeliveryState
from digestbot.domain.story import Status
from digestbot.domain.subscription import Look, Spoilers
from tests.unit.commands.world import (
    DAILY,
    EMBARGOED,
    INSTANT,
    MEMBER,
    NIGHTLY,
    SPEECH,
    THEIRS,
    WINNERS,
    World,
    delivery,
)

UNKNOWN = "That message is not known here any more. `/news latest` shows the newest stories."


async def test_a_posted_digest_is_shown_again_to_anyone_page_by_page(world: World) -> None:
    row = delivery(DAILY, "a", SPEECH, WINNERS)
    world.ledger.rows[row.id] = row
    reply = await world.ask(f"digest {row.id} page:2", MEMBER)
    assert (reply.private, reply.page, reply.card.command) == (True, 2, f"digest {row.id}")
    assert (await world.told(f"digest {row.id}", MEMBER)).startswith("Example Gala 2026\n")


async def test_its_spoilers_stay_hidden_until_asked_for(world: World) -> None:
    row = replace(delivery(DAILY, "a", SPEECH, NIGHTLY), look=Look(spoilers=Spoilers.HIDE))
    world.ledger.rows[row.id] = row
    assert "|Votes are found in a hat" in (await world.told(f"digest {row.id}")).splitlines()
    shown = await world.ask(f"digest {row.id} spoilers:show")
    assert shown.card.command == f"digest {row.id} spoilers:show"
    assert "|" not in await world.told(f"digest {row.id} spoilers:show")


async def test_what_shows_all_can_be_asked_to_hide(world: World) -> None:
    row = delivery(DAILY, "a", SPEECH)
    world.ledger.rows[row.id] = row
    assert "|A speech dedicated to a trombone" in await world.told(f"digest {row.id} spoilers:hide")


async def test_a_roll_up_is_shown_as_its_event(world: World) -> None:
    row = replace(delivery(INSTANT, "event:gala-2026", WINNERS, SPEECH), look=Look(template="event"))
    world.ledger.rows[row.id] = row
    lines = (await world.told(f"digest {row.id}")).splitlines()
    assert lines[-1] == "2 stories, newest May 25, 2026, 9:00 AM UTC"


async def test_a_withdrawn_story_says_so_where_it_was_shown(world: World) -> None:
    row = delivery(DAILY, "a", SPEECH, WINNERS)
    world.ledger.rows[row.id] = row
    world.stories.put(replace(WINNERS, status=Status.RETRACTED))
    told = await world.told(f"digest {row.id}")
    assert "Umbrella" not in told
    assert "withdrawn" in told.casefold()


async def test_a_story_that_is_held_back_again_is_not_shown(world: World) -> None:
    row = delivery(DAILY, "a", SPEECH, EMBARGOED)
    world.ledger.rows[row.id] = row
    assert "hush" not in (await world.told(f"digest {row.id}")).casefold()
    alone = delivery(DAILY, "b", EMBARGOED)
    world.ledger.rows[alone.id] = alone
    assert await world.told(f"digest {alone.id}") == "Nothing of that message is to be shown any more."


async def test_what_was_never_posted_is_as_unknown_as_another_workspace_s_message(world: World) -> None:
    planned = delivery(DAILY, "a", SPEECH, state=DeliveryState.PLANNED)
    theirs = delivery(THEIRS, "a", SPEECH)
    world.ledger.rows |= {planned.id: planned, theirs.id: theirs}
    for id_ in (planned.id, theirs.id, "abc"):
        assert await world.told(f"digest {id_}") == UNKNOWN
