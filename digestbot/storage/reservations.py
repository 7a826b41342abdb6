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
from digestbot.storage.locks import locked
from digestbot.storage.rows import chunks, insert_new, reservation_row
from digestbot.storage.tables import delivery, delivery_story
from digestbot.storage.tables import subscription as subscriptions


async def write_reservations(
    connection: AsyncConnection, reservations: Sequence[Reservation], moves: Sequence[Move]
) -> tuple[list[Reservation], dict[str, datetime]]:
    """Returns the reservations that are new, and which known rows grew into work, with their due time.

    Dropped are those whose subscription's move lost or which is not active any more, and those of tenants that left
    since.
    """
    there = await _subscriptions(connection, reservations, moves)
    lost = await _move(connection, moves, there)
    lost |= {row.id for row in there.values() if row.state != State.ACTIVE}
    away = await departed_of(connection, {(each.place.platform, each.place.tenant) for each in reservations})
    present = [each for each in reservations if (each.place.platform, each.place.tenant) not in away]
    wanted = {each.id: each for each in present if each.subscription not in lost}
    new = await _insert(connection, wanted)
    await _carry(connection, [wanted[id_] for id_ in new], {})
    grown = await _grow(connection, [each for id_, each in wanted.items() if each.grows and id_ not in new])
    return [each for id_, each in wanted.items() if id_ in new], grown


async def _subscriptions(
    connection: AsyncConnection, reservations: Sequence[Reservation], moves: Sequence[Move]
) -> dict[str, Row[Any]]:
    """Locked, so that pausing, leaving and forgetting come before or after, and find the new rows if after."""
    ids = {each.subscription for each in reservations} | {move.subscription for move in moves}
    there: dict[str, Row[Any]] = {}
    for chunk in chunks(sorted(ids)):
        columns = select(subscriptions.c.id, subscriptions.c.next_due, subscriptions.c.state)
        statement = locked(columns.where(subscriptions.c.id.in_(chunk)), subscriptions)
        there.update({row.id: row for row in await connection.execute(statement)})
    return there


async def _move(connection: AsyncConnection, moves: Sequence[Move], there: Mapping[str, Row[Any]]) -> set[str]:
    """Subscriptions whose due time is no longer what the planner saw: another planner or an admin was there."""
    won = [move for move in moves if _stands(move, there.get(move.subscription))]
    if won:
        statement = (
            update(subscriptions).where(subscriptions.c.id == bindparam("row")).values(next_due=bindparam("new_due"))
        )
        await connection.execute(statement, [{"row": move.subscription, "new_due": move.new} for move in won])
    return {move.subscription for move in moves} - {move.subscription for move in won}


def _stands(move: Move, row: Row[Any] | None) -> bool:
    return row is not None and row.state == State.ACTIVE and row.next_due == move.old


async def _insert(connection: AsyncConnection, wanted: Mapping[str, Reservation]) -> set[str]:
    """Ids of the rows that were not there; the database decides, since another planner may write the same ones."""
    known: set[str] = set()
    for chunk in chunks(sorted(wanted)):
        known.update((await connection.execute(select(delivery.c.id).where(delivery.c.id.in_(chunk)))).scalars())
    new: set[str] = set()
    statement = insert_new(connection, delivery).returning(delivery.c.id)
    for chunk in chunks(sorted(wanted.keys() - known)):
        rows = [reservation_row(wanted[id_]) for id_ in chunk]
        new.update((await connection.execute(statement, rows)).scalars())
    return new


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
    known = {each.id: each for each in reservations}
    due: dict[str, datetime] = {}
    for chunk in chunks(sorted(known)):
        statement = locked(select(delivery).where(delivery.c.id.in_(chunk)), delivery)
        for row in (await connection.execute(statement)).all():
            each = known[row.id]
            last = select(func.max(delivery_story.c.position)).where(delivery_story.c.delivery == row.id)
            position = (await connection.execute(last)).scalar()
            await _carry(connection, [each], {row.id: 0 if position is None else position + 1})
            change = await _growth(connection, row, each)
            if change:
                await connection.execute(update(delivery).where(delivery.c.id == row.id).values(change))
                due[row.id] = change["due"]
    return due


async def _growth(connection: AsyncConnection, row: Row[Any], each: Reservation) -> dict[str, Any]:
    if row.state == DeliveryState.POSTED:
        lacks = select(delivery_story.c.story).where(
            delivery_story.c.delivery == each.id, delivery_story.c.revision == UNSHOWN
        )
        at = each.planned_at or each.due
        edit = {"state": str(DeliveryState.CORRECTING), "due": at, "edited_at": at, "failures": 0}
        return edit if (await connection.execute(lacks.limit(1))).first() else {}
    if each.reason is not None or (row.begun_at is not None and row.state != DeliveryState.SKIPPED):
        return {}
    if row.state in {DeliveryState.PLANNED, DeliveryState.WAITING}:
        return {"due": min(row.due, each.due), "urgent": row.urgent or each.urgent}
    if row.state in {DeliveryState.SKIPPED, DeliveryState.REFUSED} and row.ref_message is None:
        anew = {"state": str(DeliveryState.PLANNED), "due": each.due, "expected": each.due, "failures": 0}
        return {**anew, "urgent": each.urgent, "error": None, "begun_at": None}
    return {}
