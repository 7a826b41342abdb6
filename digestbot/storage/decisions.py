"""Decisions about rows that stand still: doubts that somebody settles, and what waited for a channel."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.domain.delivery import DeliveryState
from digestbot.domain.place import Place
from digestbot.storage.locks import held
from digestbot.storage.rows import chunks, without_nul
from digestbot.storage.tables import delivery as table


async def resend(connection: AsyncConnection, delivery: str, now: datetime) -> bool:
    """A doubt becomes a plan again; its attempt rises, so that nobody who still holds the old one can finish it."""
    anew = {"state": str(DeliveryState.PLANNED), "due": now, "expected": now, "begun_at": None, "failures": 0}
    return await _settle(connection, delivery, {**anew, "error": None})


async def leave(connection: AsyncConnection, delivery: str, now: datetime, reason: str) -> bool:
    """A doubt ends as it is; `begun_at` keeps that it may have arrived, so that no digest tells its stories again."""
    return await _settle(
        connection, delivery, {"state": str(DeliveryState.SKIPPED), "due": now, "error": without_nul(reason)}
    )


async def _settle(connection: AsyncConnection, delivery: str, values: dict[str, Any]) -> bool:
    doubtful = (table.c.id == delivery) & (table.c.state == DeliveryState.UNKNOWN)
    statement = update(table).where(doubtful).values({**values, "attempt": table.c.attempt + 1})
    return bool((await connection.execute(statement)).rowcount)


async def hasten(connection: AsyncConnection, place: Place, now: datetime) -> list[str]:
    """What waits for this channel is due now; rows that somebody holds are not among it."""
    waiting = in_place(place) & (table.c.state == DeliveryState.WAITING) & (table.c.due > now)
    ids = await held(connection, table, waiting)
    for chunk in chunks(ids):
        await connection.execute(update(table).where(table.c.id.in_(chunk)).values(due=now))
    return ids


def in_place(place: Place) -> ColumnElement[bool]:
    here = (table.c.platform == place.platform) & (table.c.tenant == place.tenant)
    return here & (table.c.channel == place.channel)
