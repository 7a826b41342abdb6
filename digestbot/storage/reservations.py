"""Writing reservations: due times move and deliveries appear in one transaction, each occasion once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.domain.delivery import UNSHOWN, DeliveryState, Reservation
from digestbot.domain.subscription import State
from digestbot.ports import Move
from digestbot.storage.departures import departed_of
from digestbot.storage.rows import chunks, insert_new, reservation_row
from digestbot.storage.tables import delivery, delivery_story
from digestbot.storage.tables import subscription as subscriptions


async def write_reservations(
    connection: AsyncConnection, reservations: Sequence[Reservation], moves: Sequence[Move]
) -> tuple[list[Reservation], dict[str, datetime]]:
    """Returns the reservations that are new, and which known rows grew into work, with their due time.

    Reservations whose subscription's move lost are dropped, and so are those of tenants that left since.
    """
    lost = await _move(connection, moves)
    away = await departed_of(connection, {(each.place.platform, each.place.tenant) for each in reservations})
    there = [each for each in reservations if (each.place.platform, each.place.tenant) not in away]
    wanted = {each.id: each for each in there if each.subscription not in lost}
    known = await _known(connection, list(wanted))
    new = [each for id_, each in wanted.items() if id_ not in known]
    if new:
        await connection.execute(insert_new(connection, delivery), [reservation_row(each) for each in new])
        await _carry(connection, new, {})
    return new, await _grow(connection, [each for id_, each in wanted.items() if id_ in known and each.grows])


async def _move(connection: AsyncConnection, moves: Sequence[Move]) -> set[str]:
    """Subscriptions whose due time is no longer what the planner saw: another planner or an admin was there."""
    there: dict[str, object] = {}
    for chunk in chunks([move.subscription for move in moves]):
        statement = (
            select(subscriptions.c.id, subscriptions.c.next_due)
            .where(subscriptions.c.id.in_(chunk), subscriptions.c.state == State.ACTIVE)
            .with_for_update()
        )
        there.update({row.id: row.next_due for row in await connection.execute(statement)})
    won = [move for move in moves if move.subscription in there and there[move.subscription] == move.old]
    if won:
        statement_ = (
            update(subscriptions).where(subscriptions.c.id == bindparam("row")).values(next_due=bindparam("new_due"))
        )
        await connection.execute(statement_, [{"row": move.subscription, "new_due": move.new} for move in won])
    return {move.subscription for move in moves} - {move.subscription for move in won}


async def _known(connection: AsyncConnection, ids: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for chunk in chunks(ids):
        known.update((await connection.execute(select(delivery.c.id).where(delivery.c.id.in_(chunk)))).scalars())
    return known


async def _carry(connection: AsyncConnection, reservations: Sequence[Reservation], first: Mapping[str, int]) -> None:
    rows = [
        {
            "delivery": each.id,
            "position": position,
            "story": story,
            "revision": UNSHOWN,
            "subscription": each.subscription,
        }
        for each in reservations
        for position, story in enumerate(each.stories, start=first.get(each.id, 0))
    ]
    if rows:
        await connection.execute(insert_new(connection, delivery_story), rows)


async def _grow(connection: AsyncConnection, reservations: Sequence[Reservation]) -> dict[str, datetime]:
    """Add stories to what stands for their occasion. Returns the rows that have work now, and when it is due.

    A posted message is edited at once; one not begun comes with the earliest and most urgent of its stories; one that
    was skipped or refused, and so never posted, is planned anew, unless the story itself is too late.
    """
    due: dict[str, datetime] = {}
    for each in reservations:
        last = select(func.max(delivery_story.c.position)).where(delivery_story.c.delivery == each.id)
        position = (await connection.execute(last)).scalar()
        await _carry(connection, [each], {each.id: 0 if position is None else position + 1})
        row = (await connection.execute(select(delivery).where(delivery.c.id == each.id).with_for_update())).one()
        change = await _growth(connection, row, each)
        if change:
            await connection.execute(update(delivery).where(delivery.c.id == each.id).values(change))
            due[each.id] = change["due"]
    return due


async def _growth(connection: AsyncConnection, row: Row[Any], each: Reservation) -> dict[str, Any]:
    if row.state == DeliveryState.POSTED:
        lacks = select(delivery_story.c.story).where(
            delivery_story.c.delivery == each.id, delivery_story.c.revision == UNSHOWN
        )
        at = each.planned_at or each.due
        edit = {"state": str(DeliveryState.CORRECTING), "due": at, "edited_at": at, "failures": 0}
        return edit if (await connection.execute(lacks.limit(1))).first() else {}
    if each.reason is not None or row.begun_at is not None:
        return {}
    if row.state in {DeliveryState.PLANNED, DeliveryState.WAITING}:
        return {"due": min(row.due, each.due), "urgent": row.urgent or each.urgent}
    if row.state in {DeliveryState.SKIPPED, DeliveryState.REFUSED} and row.ref_message is None:
        anew = {"state": str(DeliveryState.PLANNED), "due": each.due, "expected": each.due, "failures": 0}
        return {**anew, "urgent": each.urgent, "error": None}
    return {}
