"""Retention in SQL (`ports.Retention`)."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.domain.delivery import OPEN
from digestbot.domain.subscription import State
from digestbot.storage.database import Database
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
            early = update(subscription).where(subscription.c.since < before).values(since=before)
            await connection.execute(early)
            old = select(delivery.c.id).where(_OVER, delivery.c.due < before).order_by(delivery.c.due).limit(limit)
            ids = list((await connection.execute(old)).scalars())
            for chunk in chunks(ids):
                await connection.execute(delete(delivery_story).where(delivery_story.c.delivery.in_(chunk)))
                await connection.execute(delete(delivery).where(delivery.c.id.in_(chunk)))
            await _forget_ended(connection)
        return len(ids)


async def _forget_ended(connection: AsyncConnection) -> None:
    """Subscriptions that ended, once nothing of theirs is left."""
    told = select(delivery.c.id).where(delivery.c.subscription == subscription.c.id).exists()
    over = select(subscription.c.id).where(subscription.c.state == State.ENDED, ~told)
    await connection.execute(delete(subscription_key).where(subscription_key.c.subscription.in_(over)))
    await connection.execute(delete(subscription).where(subscription.c.state == State.ENDED, ~told))
