"""`follow` and `unfollow`: an event by direct message."""

from dataclasses import replace

import pytest

from digestbot.commands import follow as module
from digestbot.domain.delivery import DeliveryState
from digestbot.domain.place import Place
from digestbot.domain.subscription import State
from tests.unit.commands.world import ADMIN, GALA, MEMBER, NOW, WINNERS, World, delivery

OWN = Place("sandbox", "here", f"@{MEMBER.id}")


async def test_whoever_asks_gets_the_events_stories_by_direct_message(world: World) -> None:
    reply = await world.ask(f"follow {GALA.id}", MEMBER)
    (known,) = await world.subscriptions.of_channel(OWN)
    assert (str(known.filter), known.cadence.instant, known.since) == (f"event:{GALA.id}", True, NOW)
    assert (known.created_by, known.look.locale) == (MEMBER.id, MEMBER.locale)
    assert reply.private
    assert "You follow it" in await world.told(f"follow {GALA.id}", MEMBER)
    assert world.changes == 2


async def test_twice_follows_once_and_says_so(world: World) -> None:
    first = await world.told(f"follow {GALA.id}", MEMBER)
    second = await world.told(f"follow {GALA.name}", MEMBER)
    assert len(await world.subscriptions.of_channel(OWN)) == 1
    assert "already" not in first
    assert "already" in second
    assert f"[Unfollow: unfollow {GALA.id}]" in second


async def test_a_paused_one_goes_on(world: World) -> None:
    await world.ask(f"follow {GALA.id}", MEMBER)
    (known,) = await world.subscriptions.of_channel(OWN)
    await world.subscriptions.replace(replace(known, state=State.PAUSED))
    await world.ask(f"follow {GALA.id}", MEMBER)
    (known,) = await world.subscriptions.of_channel(OWN)
    assert known.state is State.ACTIVE


async def test_it_says_why_the_last_message_did_not_arrive(world: World) -> None:
    await world.ask(f"follow {GALA.id}", MEMBER)
    (known,) = await world.subscriptions.of_channel(OWN)
    lost = replace(delivery(known, "story:x", WINNERS, state=DeliveryState.GONE), error="the messages are closed")
    world.ledger.rows[lost.id] = lost
    assert "did not arrive: the messages are closed." in await world.told(f"follow {GALA.id}", MEMBER)


async def test_an_event_that_only_unseen_stories_carry_is_unknown(world: World) -> None:
    """The same words as for one that never was (promise 3)."""
    secret = await world.told("follow hushprize-2027", MEMBER)
    never = await world.told("follow hushprizx-2027", MEMBER)
    assert secret.replace("hushprize-2027", "…") == never.replace("hushprizx-2027", "…")


async def test_unfollowing_ends_it(world: World) -> None:
    await world.ask(f"follow {GALA.id}", MEMBER)
    answer = await world.told(f"unfollow {GALA.id}", MEMBER)
    assert await world.subscriptions.of_channel(OWN) == []
    assert f"[Follow again: follow {GALA.id}]" in answer


async def test_the_only_one_need_not_be_named(world: World) -> None:
    await world.ask(f"follow {GALA.id}", MEMBER)
    await world.ask("unfollow", MEMBER)
    assert await world.subscriptions.of_channel(OWN) == []


async def test_of_several_one_has_to_be_named(world: World) -> None:
    for event in ("gala-2026", "festival-2099"):
        await world.ask(f"follow {event}", MEMBER)
    followed = await world.subscriptions.of_channel(OWN)
    assert len(followed) == 2
    told = await world.told("unfollow", MEMBER)
    assert told.startswith("You follow 2 events, so say which: ")


async def test_what_is_not_followed_cannot_be_unfollowed(world: World) -> None:
    assert await world.told("unfollow", MEMBER) == "You follow no event. `/news follow` takes one."
    await world.ask(f"follow {GALA.id}", MEMBER)
    assert await world.told("unfollow gale-2026", MEMBER) == (
        f"You do not follow ‘gale-2026’. Did you mean ‘{GALA.id}’?"
    )


async def test_nobody_sees_what_another_member_follows(world: World) -> None:
    await world.ask(f"follow {GALA.id}", MEMBER)
    (known,) = await world.subscriptions.of_channel(OWN)
    assert known.id not in await world.told("subscriptions", ADMIN)
    assert known.id not in await world.told("status", ADMIN)
    assert (await world.told(f"pause {known.id}", ADMIN)).startswith(f"There is no subscription ‘{known.id}’ here.")
    assert known.id not in [choice.value for choice in await world.complete("pause", "subscription")]


async def test_everybody_manages_their_own_direct_messages(world: World) -> None:
    """The platform says that a member is the admin of their own conversation."""
    await world.ask(f"follow {GALA.id}", MEMBER)
    (known,) = await world.subscriptions.of_channel(OWN)
    alone = replace(MEMBER, admin=True)
    assert known.id in await world.told("subscriptions", alone, OWN)
    assert "This conversation" in await world.told(f"pause {known.id}", alone, OWN)
    assert (await world.told("pause daily1", alone, OWN)).startswith("There is no subscription ‘daily1’ here.")


async def test_there_is_a_most(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    await world.ask("follow gala-2026", MEMBER)
    assert await world.told("follow festival-2099", MEMBER) == (
        "You follow 1 events, and 1 is the most: leave one with `/news unfollow`."
    )


async def test_only_what_is_followed_is_offered_for_unfollowing(world: World) -> None:
    assert await world.complete("unfollow", "event", member=MEMBER) == []
    await world.ask(f"follow {GALA.id}", MEMBER)
    assert [choice.value for choice in await world.complete("unfollow", "event", member=MEMBER)] == [GALA.id]
