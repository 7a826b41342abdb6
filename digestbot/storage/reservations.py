"""Writing reservations: due times move and deliveries appear in one transaction, each occasion once."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.domain.delivery import DeliveryState, Reservation
from digestbot.domain.subscription import State
from digestbot.ports import Move
from digestbot.storage.rows import chunks, insert_new, reservation_row
from digestbot.storage.tables import delivery, delivery_story
from digestbot.storage.tables import subscription as subscriptions


async def write_reservations(
    connection: AsyncConnection, reservations: Sequence[Reservation], moves: Sequence[Move]
) -> list[Reservation]:
    """Returns the reservations that are new; those whose subscription's move lost are dropped."""
    lost = await _move(connection, moves)
    wanted = {each.id: each for each in reservations if each.subscription not in lost}
    known = await _known(connection, list(wanted))
    new = [each for id_, each in wanted.items() if id_ not in known]
    if new:
        await connection.execute(insert_new(connection, delivery), [reservation_row(each) for each in new])
        await _carry(connection, new, {})
    await _grow(connection, [each for id_, each in wanted.items() if id_ in known and each.grows])
    return new


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
            "revision": "",
            "subscription": each.subscription,
        }
        for each in reservations
        for position, story in enumerate(each.stories, start=first.get(each.id, 0))
    ]
    if rows:
        await connection.execute(insert_new(connection, delivery_story), rows)


async def _grow(connection: AsyncConnection, reservations: Sequence[Reservation]) -> None:
    """Add stories to messages that stand: the posted ones are edited, the others will carry them when sent."""
    for each in reservations:
        last = select(func.max(delivery_story.c.position)).where(delivery_story.c.delivery == each.id)
        position = (await connection.execute(last)).scalar()
        await _carry(connection, [each], {each.id: 0 if position is None else position + 1})
        lacking = select(delivery_story.c.story).where(
            delivery_story.c.delivery == each.id, delivery_story.c.revision == ""
        )
        statement = update(delivery).where(
            delivery.c.id == each.id, delivery.c.state == DeliveryState.POSTED, lacking.exists()
        )
        await connection.execute(
            statement.values(state=str(DeliveryState.CORRECTING), due=each.due, edited_at=each.due)
        )
