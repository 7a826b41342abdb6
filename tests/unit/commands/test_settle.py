from dataclasses import replace
from datetime import timedelta

import pytest

from digestbot.domain.delivery import Delivery, DeliveryState
from digestbot.domain.place import Place
from tests.unit.commands.world import (
    DAILY,
    ELSEWHERE,
    GALA_SECRET,
    INSTANT,
    MEMBER,
    NIGHTLY,
    NOW,
    SPEECH,
    THEIRS,
    World,
    delivery,
)


@pytest.fixture
def doubt(world: World) -> Delivery:
    """A message to #music that may have arrived five hours ago."""
    began = NOW - timedelta(hours=5)
    row = delivery(INSTANT, "a", SPEECH, NIGHTLY, GALA_SECRET, state=DeliveryState.UNKNOWN)
    row = replace(row, begun_at=began, attempted_at=began, error="the answer was lost")
    world.ledger.rows[row.id] = row
    return row


async def test_status_asks_what_is_to_become_of_a_doubt(world: World, doubt: Delivery) -> None:
    told = (await world.told("status")).splitlines()
    assert told[:3] == [
        "Something is broken",
        (
            "Nobody knows whether a message to #music arrived (A speech dedicated to a trombone; Votes are found in a "
            "hat), tried Jun 1, 2026, 7:00 AM UTC: the answer was lost. Look there, and decide."
        ),
        f"[Resend: settle {doubt.id} how:resend] [Leave: settle {doubt.id} how:leave]",
    ]
    assert "hush" not in "\n".join(told).casefold()


async def test_why_asks_it_too(world: World, doubt: Delivery) -> None:
    told = await world.told(f"why {SPEECH.id} channel:#music")
    assert f"[Resend: settle {doubt.id} how:resend] [Leave: settle {doubt.id} how:leave]" in told


async def test_many_doubts_are_counted(world: World) -> None:
    rows = [delivery(INSTANT, str(number), SPEECH, state=DeliveryState.UNKNOWN) for number in range(7)]
    world.ledger.rows |= {row.id: row for row in rows}
    told = await world.told("status")
    assert told.count("Nobody knows whether a message to #music arrived") == 5
    assert "2 more messages wait for a decision." in told


async def test_resend_sends_it_once_however_often_it_is_pressed(world: World, doubt: Delivery) -> None:
    told = [(await world.told(f"settle {doubt.id} how:resend")).splitlines() for _ in range(2)]
    assert [lines[0] for lines in told] == ["Sent again", "Already decided"]
    assert "Somebody decided about it before: its message is planned." in told[1]
    row = world.ledger.rows[doubt.id]
    assert (row.state, row.due, row.begun_at, row.attempt) == (DeliveryState.PLANNED, NOW, None, doubt.attempt + 1)


async def test_leave_ends_it_and_says_who_did(world: World, doubt: Delivery) -> None:
    assert (await world.told(f"settle {doubt.id} how:leave")).splitlines()[0] == "Left as it is"
    row = world.ledger.rows[doubt.id]
    assert (row.state, row.error) == (DeliveryState.SKIPPED, "left as it is by Ada: the answer was lost")
    assert (await world.told(f"settle {doubt.id} how:resend")).startswith("Already decided")
    assert world.ledger.rows[doubt.id] == row
    assert (await world.told("status")).startswith("Nothing is broken")


@pytest.mark.parametrize("line", ["settle {} how:resend", "settle {} how:leave"])
async def test_nobody_settles_what_is_not_theirs(world: World, doubt: Delivery, line: str) -> None:
    theirs = delivery(THEIRS, "b", SPEECH, state=DeliveryState.UNKNOWN)
    private = replace(delivery(DAILY, "c", SPEECH, state=DeliveryState.UNKNOWN), place=Place("sandbox", "here", "@u2"))
    world.ledger.rows |= {theirs.id: theirs, private.id: private}
    before = dict(world.ledger.rows)
    for id_, place in ((theirs.id, DAILY.place), (private.id, DAILY.place), (doubt.id, ELSEWHERE), ("x", ELSEWHERE)):
        reply = await world.ask(line.format(id_), place=place)
        assert reply.mistake
    assert (await world.ask(line.format(doubt.id), MEMBER)).mistake
    assert (await world.ask(f"settle {doubt.id}")).mistake
    assert (await world.ask(f"settle {doubt.id} how:perhaps")).mistake
    assert world.ledger.rows == before
    assert private.id not in await world.told("status")


async def test_in_direct_messages_their_own_are_settled(world: World) -> None:
    here = Place("sandbox", "here", "@u1")
    row = replace(delivery(DAILY, "c", SPEECH, state=DeliveryState.UNKNOWN), place=here)
    world.ledger.rows[row.id] = row
    assert row.id in await world.told("status", place=here)
    assert (await world.told(f"settle {row.id} how:resend", place=here)).startswith("Sent again")
