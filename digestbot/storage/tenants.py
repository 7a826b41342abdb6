"""Tenants in SQL (`ports.Tenants`): who left, who came back, and forgetting."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, func, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.domain.delivery import DeliveryState
from digestbot.domain.schedule import next_slot
from digestbot.domain.subscription import State, Subscription
from digestbot.ports import Forgotten
from digestbot.storage.database import Database
from digestbot.storage.departures import put_to_rest
from digestbot.storage.locks import held, hold_tenant, locked
from digestbot.storage.rows import chunks, insert_new, subscription_row
from digestbot.storage.subscriptions import readable, write_keys
from digestbot.storage.tables import delivery, delivery_story, departure, quarantine, subscription, subscription_key
from digestbot.storage.tables import tenant as _settings

REASON = "digestbot was removed from this place"
_WAITING = delivery.c.state.in_([str(DeliveryState.PLANNED), str(DeliveryState.WAITING)])


class SqlTenants:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, platform: str) -> Collection[str]:
        rows = union(
            *(select(table.c.tenant).where(table.c.platform == platform) for table in (subscription, _settings))
        )
        async with self._database.transaction() as connection:
            return frozenset((await connection.execute(rows)).scalars())

    async def left(self, platform: str, tenant: str, at: datetime) -> None:
        async with self._database.transaction() as connection:
            await hold_tenant(connection, platform, tenant)
            row = {"platform": platform, "tenant": tenant, "at": at}
            await connection.execute(insert_new(connection, departure), [row])
            await put_to_rest(connection, _of(subscription, platform, tenant))
            queued = _of(delivery, platform, tenant) & _WAITING & delivery.c.begun_at.is_(None)
            skipped = {"state": str(DeliveryState.SKIPPED), "error": REASON}
            for chunk in chunks(await held(connection, delivery, queued)):
                await connection.execute(update(delivery).where(delivery.c.id.in_(chunk)).values(skipped))

    async def returned(self, platform: str, tenant: str, at: datetime) -> bool:
        async with self._database.transaction() as connection:
            await hold_tenant(connection, platform, tenant)
            gone = await connection.execute(delete(departure).where(_of(departure, platform, tenant)))
            if not gone.rowcount:
                return False
            active = _of(subscription, platform, tenant) & (subscription.c.state == State.ACTIVE)
            statement = locked(select(subscription).where(active), subscription)
            for known in readable((await connection.execute(statement)).all()):
                await _resume(connection, known, at)
        return True

    async def departed(self, platform: str) -> Collection[str]:
        statement = select(departure.c.tenant).where(departure.c.platform == platform)
        async with self._database.transaction() as connection:
            return frozenset((await connection.execute(statement)).scalars())

    async def counted(self, platform: str, tenant: str, channel: str | None = None) -> Forgotten:
        async with self._database.transaction() as connection:
            return await _Whose(platform, tenant, channel).counted(connection)

    async def forget(self, platform: str, tenant: str, channel: str | None = None) -> Forgotten:
        async with self._database.transaction() as connection:
            await hold_tenant(connection, platform, tenant)
            return await _Whose(platform, tenant, channel).forgotten(connection)

    async def purge(self, before: datetime) -> Mapping[tuple[str, str], Forgotten]:
        """Each in a transaction of its own, which sees whether they have come back."""
        gone = select(departure.c.platform, departure.c.tenant).where(departure.c.at < before)
        async with self._database.transaction() as connection:
            found = [(row.platform, row.tenant) for row in await connection.execute(gone)]
        purged = {whose: await self._purge(*whose, before) for whose in found}
        return {whose: counts for whose, counts in purged.items() if counts}

    async def _purge(self, platform: str, tenant: str, before: datetime) -> Forgotten | None:
        still = select(departure.c.at).where(_of(departure, platform, tenant), departure.c.at < before)
        async with self._database.transaction() as connection:
            await hold_tenant(connection, platform, tenant)
            gone = (await connection.execute(still)).first()
            return await _Whose(platform, tenant).forgotten(connection) if gone else None


@dataclass(frozen=True, slots=True)
class _Whose:
    """A tenant's rows, or those of one of its channels."""

    platform: str
    tenant: str
    channel: str | None = None

    def _rows(self, table: Table) -> ColumnElement[bool]:
        here = _of(table, self.platform, self.tenant)
        return here if self.channel is None else here & (table.c.channel == self.channel)

    async def counted(self, connection: AsyncConnection) -> Forgotten:
        ended = subscription.c.state == State.ENDED
        subscriptions = select(func.count()).select_from(subscription).where(self._rows(subscription), ~ended)
        deliveries = select(func.count()).select_from(delivery).where(self._rows(delivery))
        settings = select(func.count()).select_from(_settings).where(_of(_settings, self.platform, self.tenant))
        statements = [subscriptions, deliveries, *([settings] if self.channel is None else [])]
        found = [int((await connection.execute(statement)).scalar() or 0) for statement in statements]
        return Forgotten(*found)

    async def forgotten(self, connection: AsyncConnection) -> Forgotten:
        """Children first, so that no store has to cascade."""
        for table in (subscription, delivery):
            await held(connection, table, self._rows(table))
        counts = await self.counted(connection)
        deliveries = select(delivery.c.id).where(self._rows(delivery))
        subscriptions = select(subscription.c.id).where(self._rows(subscription))
        await connection.execute(delete(delivery_story).where(delivery_story.c.delivery.in_(deliveries)))
        await connection.execute(delete(subscription_key).where(subscription_key.c.subscription.in_(subscriptions)))
        for table in (delivery, subscription, quarantine):
            await connection.execute(delete(table).where(self._rows(table)))
        for table in (_settings, departure) if self.channel is None else ():
            await connection.execute(delete(table).where(_of(table, self.platform, self.tenant)))
        return counts


def _of(table: Table, platform: str, name: str) -> ColumnElement[bool]:
    return (table.c.platform == platform) & (table.c.tenant == name)


async def _resume(connection: AsyncConnection, known: Subscription, at: datetime) -> None:
    """As `/news resume` does: from now on, without what went live meanwhile."""
    slot = None if known.cadence.instant else next_slot(known.cadence, known.zone, at)
    resumed = replace(known, since=max(known.since, at), next_due=slot.at if slot else None)
    statement = update(subscription).where(subscription.c.id == known.id)
    await connection.execute(statement.values(subscription_row(resumed)))
    await write_keys(connection, resumed)
