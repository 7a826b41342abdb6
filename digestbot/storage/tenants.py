"""Tenants in SQL (`ports.Tenants`): who left, who came back, and forgetting."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, func, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.domain.delivery import DeliveryState
from digestbot.domain.schedule import next_slot
from digestbot.domain.subscription import State, Subscription
from digestbot.ports import Forgotten
from digestbot.storage.database import Database
from digestbot.storage.departures import put_to_rest
from digestbot.storage.rows import insert_new, subscription_row
from digestbot.storage.subscriptions import readable, write_keys
from digestbot.storage.tables import delivery, delivery_story, departure, subscription, subscription_key
from digestbot.storage.tables import tenant as _settings

REASON = "digestbot was removed from this place"
_WAITING = delivery.c.state.in_([str(DeliveryState.PLANNED), str(DeliveryState.WAITING)])


class SqlTenants:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, platform: str) -> Collection[str]:
        rows = union(
            *(
                select(table.c.tenant).where(table.c.platform == platform)
                for table in (subscription, delivery, _settings)
            )
        )
        async with self._database.transaction() as connection:
            return frozenset((await connection.execute(rows)).scalars())

    async def left(self, platform: str, tenant: str, at: datetime) -> None:
        async with self._database.transaction() as connection:
            row = {"platform": platform, "tenant": tenant, "at": at}
            await connection.execute(insert_new(connection, departure), [row])
            await put_to_rest(connection, platform, tenant)
            queued = _of(delivery, platform, tenant) & _WAITING & delivery.c.begun_at.is_(None)
            skipped = {"state": str(DeliveryState.SKIPPED), "error": REASON}
            await connection.execute(update(delivery).where(queued).values(skipped))

    async def returned(self, platform: str, tenant: str, at: datetime) -> bool:
        async with self._database.transaction() as connection:
            gone = await connection.execute(delete(departure).where(_of(departure, platform, tenant)))
            if not gone.rowcount:
                return False
            active = _of(subscription, platform, tenant) & (subscription.c.state == State.ACTIVE)
            for known in readable((await connection.execute(select(subscription).where(active))).all()):
                await _resume(connection, known, at)
        return True

    async def departed(self, before: datetime) -> Sequence[tuple[str, str]]:
        statement = select(departure).where(departure.c.at < before).order_by(departure.c.at)
        async with self._database.transaction() as connection:
            return [(row.platform, row.tenant) for row in await connection.execute(statement)]

    async def counted(self, platform: str, tenant: str) -> Forgotten:
        async with self._database.transaction() as connection:
            return await _counted(connection, platform, tenant)

    async def forget(self, platform: str, tenant: str) -> Forgotten:
        """Children first, so that no store has to cascade."""
        deliveries = select(delivery.c.id).where(_of(delivery, platform, tenant))
        subscriptions = select(subscription.c.id).where(_of(subscription, platform, tenant))
        async with self._database.transaction() as connection:
            counts = await _counted(connection, platform, tenant)
            await connection.execute(delete(delivery_story).where(delivery_story.c.delivery.in_(deliveries)))
            await connection.execute(delete(subscription_key).where(subscription_key.c.subscription.in_(subscriptions)))
            for table in (delivery, subscription, _settings, departure):
                await connection.execute(delete(table).where(_of(table, platform, tenant)))
        return counts


def _of(table: Table, platform: str, name: str) -> ColumnElement[bool]:
    return (table.c.platform == platform) & (table.c.tenant == name)


async def _counted(connection: AsyncConnection, platform: str, name: str) -> Forgotten:
    ended = subscription.c.state == State.ENDED
    counts = [
        select(func.count()).select_from(subscription).where(_of(subscription, platform, name), ~ended),
        select(func.count()).select_from(delivery).where(_of(delivery, platform, name)),
        select(func.count()).select_from(_settings).where(_of(_settings, platform, name)),
    ]
    found = [int((await connection.execute(count)).scalar() or 0) for count in counts]
    return Forgotten(*found)


async def _resume(connection: AsyncConnection, known: Subscription, at: datetime) -> None:
    """As `/news resume` does: from now on, without what went live meanwhile."""
    slot = None if known.cadence.instant else next_slot(known.cadence, known.zone, at)
    resumed = replace(known, since=max(known.since, at), next_due=slot.at if slot else None)
    statement = update(subscription).where(subscription.c.id == known.id)
    await connection.execute(statement.values(subscription_row(resumed)))
    await write_keys(connection, resumed)
