"""`forget`: everything that is stored about a place, deleted."""

from digestbot.domain.place import Place
from tests.unit.commands.world import ADMIN, DAILY, ELSEWHERE, MEMBER, THEIRS, WINNERS, World, delivery

OWN = Place("sandbox", "here", f"@{MEMBER.id}")


async def test_it_first_says_what_would_be_deleted(world: World) -> None:
    row = delivery(DAILY, "d1", WINNERS)
    world.ledger.rows[row.id] = row
    told = await world.told("forget")
    assert "Delete everything?" in told
    assert "2 subscriptions" in told
    assert "the records of 1 post" in told
    assert "[Delete everything: forget confirm:yes]" in told
    assert DAILY.id in world.subscriptions.rows


async def test_confirmed_it_deletes_what_is_this_places_and_nothing_else(world: World) -> None:
    rows = [delivery(DAILY, "d1", WINNERS), delivery(THEIRS, "d1", WINNERS)]
    world.ledger.rows.update({row.id: row for row in rows})
    await world.ask("settings timezone:Europe/Paris")
    assert "Deleted" in await world.told("forget confirm:yes")
    assert list(world.subscriptions.rows) == [THEIRS.id]
    assert list(world.ledger.rows) == [rows[1].id]
    assert "Nothing is stored" in await world.told("forget")
    assert "UTC" in await world.told("settings")


async def test_members_may_not(world: World) -> None:
    assert "Only those who manage this place may use" in await world.told("forget confirm:yes", MEMBER)
    assert DAILY.id in world.subscriptions.rows


async def test_in_direct_messages_it_deletes_what_is_ones_own(world: World) -> None:
    await world.ask("follow gala-2026", MEMBER)
    await world.ask("forget confirm:yes", ADMIN, OWN)
    assert await world.subscriptions.of_channel(OWN) == []
    assert DAILY.id in world.subscriptions.rows


async def test_elsewhere_it_is_another_place(world: World) -> None:
    await world.ask("forget confirm:yes", ADMIN, ELSEWHERE)
    assert THEIRS.id not in world.subscriptions.rows
    assert DAILY.id in world.subscriptions.rows
