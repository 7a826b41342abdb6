"""Retention in SQL (`ports.Retention`)."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.domain.delivery import OPEN
from digestbot.domain.subscription import State
from digestbot.storage.database import Database
from digestbot.storage.locks import held
from digestbot.storage.rows import chunks
from digestbot.storage.tables import delivery, delivery_story, subscription, subscription_key

_OVER = delivery.c.state.not_in([str(state) for state in OPEN]) & delivery.c.reveal_at.is_(None)


class SqlRetention:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def prune(self, before: datetime, limit: int) -> int:
        """`due` is when something last happened to a row that is over.

        The subscriptions first: a story whose row is gone would be news to them otherwise.
        """
        async with self._database.transaction() as connection:
            for chunk in chunks(await held(connection, subscription, subscription.c.since < before)):
                early = update(subscription).where(subscription.c.id.in_(chunk)).values(since=before)
                await connection.execute(early)
            pruned = await _delete_old(connection, before, limit)
        async with self._database.transaction() as connection:  # its own: subscriptions are locked before deliveries
            await _forget_ended(connection)
        return pruned


async def _delete_old(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """The oldest, unless another process has just made work of one."""
    old = (_OVER, delivery.c.due < before)
    found = select(delivery.c.id).where(*old).order_by(delivery.c.due).limit(limit)
    pruned = 0
    for chunk in chunks(sorted((await connection.execute(found)).scalars())):
        ids = await held(connection, delivery, delivery.c.id.in_(chunk), *old)
        await connection.execute(delete(delivery_story).where(delivery_story.c.delivery.in_(ids)))
        await connection.execute(delete(delivery).where(delivery.c.id.in_(ids)))
        pruned += len(ids)
    return pruned


async def _forget_ended(connection: AsyncConnection) -> None:
    """Subscriptions that ended, once nothing of theirs is left."""
    told = select(delivery.c.id).where(delivery.c.subscription == subscription.c.id).exists()
    for chunk in chunks(await held(connection, subscription, subscription.c.state == State.ENDED, ~told)):
        await connection.execute(delete(subscription_key).where(subscription_key.c.subscription.in_(chunk)))
        await connection.execute(delete(subscription).where(subscription.c.id.in_(chunk)))
