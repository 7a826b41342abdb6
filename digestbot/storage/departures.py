"""Departures: what rests of a tenant while digestbot is not in its server or workspace."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Table, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.storage.locks import held
from digestbot.storage.rows import chunks
from digestbot.storage.tables import departure, subscription, subscription_key


def has_left(table: Table) -> ColumnElement[bool]:
    """Whether a row's tenant has departed: one look at a primary key a row."""
    here = (departure.c.platform == table.c.platform) & (departure.c.tenant == table.c.tenant)
    return exists(select(departure.c.tenant).where(here).correlate(table))


async def departed_of(connection: AsyncConnection, tenants: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the (platform, tenant) pairs that have departed."""
    found: set[tuple[str, str]] = set()
    for chunk in chunks(sorted({tenant for _, tenant in tenants})):
        statement = select(departure.c.platform, departure.c.tenant).where(departure.c.tenant.in_(chunk))
        found.update((row.platform, row.tenant) for row in await connection.execute(statement))
    return found & set(tenants)


async def put_to_rest(connection: AsyncConnection, whose: ColumnElement[bool]) -> None:
    """Subscriptions of tenants that departed keep their state, but nothing finds them, without due time and keys."""
    for chunk in chunks(await held(connection, subscription, whose, has_left(subscription))):
        await connection.execute(update(subscription).where(subscription.c.id.in_(chunk)).values(next_due=None))
        await connection.execute(delete(subscription_key).where(subscription_key.c.subscription.in_(chunk)))
