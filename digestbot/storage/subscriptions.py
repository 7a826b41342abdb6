"""Subscriptions and tenants' settings in SQL (`ports.Subscriptions`)."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.domain.delivery import DeliveryState
from digestbot.domain.place import Place
from digestbot.domain.subscription import State, Subscription, TenantSettings
from digestbot.errors import DigestbotError
from digestbot.storage.database import Database
from digestbot.storage.departures import put_to_rest
from digestbot.storage.locks import held, hold_tenant
from digestbot.storage.rows import chunks, insert_or_replace, subscription_from, subscription_row
from digestbot.storage.tables import delivery, subscription_key
from digestbot.storage.tables import subscription as table
from digestbot.storage.tables import tenant as _tenants

_log = structlog.get_logger("subscriptions")
_NOT_ENDED = table.c.state != State.ENDED
_ACTIVE = table.c.state == State.ACTIVE


class SqlSubscriptions:
    def __init__(self, database: Database, defaults: TenantSettings | None = None) -> None:
        """`defaults` hold for servers and workspaces that have set nothing."""
        self._database = database
        self._defaults = defaults or TenantSettings()

    async def add(self, subscription: Subscription) -> None:
        async with self._database.transaction() as connection:
            await hold_tenant(connection, subscription.place.platform, subscription.place.tenant)
            await connection.execute(insert(table).values(subscription_row(subscription)))
            await write_keys(connection, subscription)
            await put_to_rest(connection, table.c.id == subscription.id)

    async def replace(self, subscription: Subscription) -> None:
        statement = update(table).where(table.c.id == subscription.id).values(subscription_row(subscription))
        async with self._database.transaction() as connection:
            await hold_tenant(connection, subscription.place.platform, subscription.place.tenant)
            if (await connection.execute(statement.where(_NOT_ENDED))).rowcount:
                await write_keys(connection, subscription)
                await _hold(connection, subscription)
                await put_to_rest(connection, table.c.id == subscription.id)

    async def get(self, platform: str, tenant: str, subscription: str) -> Subscription | None:
        found = await self._select(
            table.c.id == subscription, table.c.platform == platform, table.c.tenant == tenant, _NOT_ENDED
        )
        return found[0] if found else None

    async def of_tenant(self, platform: str, tenant: str) -> Sequence[Subscription]:
        return await self._select(table.c.platform == platform, table.c.tenant == tenant, _NOT_ENDED)

    async def of_channel(self, place: Place) -> Sequence[Subscription]:
        return await self._select(
            table.c.platform == place.platform,
            table.c.tenant == place.tenant,
            table.c.channel == place.channel,
            _NOT_ENDED,
        )

    async def settings(self, platform: str, tenant: str) -> TenantSettings:
        statement = select(_tenants.c.settings).where(_tenants.c.platform == platform, _tenants.c.tenant == tenant)
        async with self._database.transaction() as connection:
            text = (await connection.execute(statement)).scalar()
        return replace(self._defaults, **json.loads(text)) if text else self._defaults

    async def set_settings(self, platform: str, tenant: str, settings: TenantSettings) -> None:
        row = {"platform": platform, "tenant": tenant, "settings": json.dumps(asdict(settings))}
        async with self._database.transaction() as connection:
            await connection.execute(insert_or_replace(connection, _tenants, row))

    async def due(self, now: datetime, limit: int) -> Sequence[Subscription]:
        statement = (
            select(table).where(table.c.next_due <= now, _ACTIVE).order_by(table.c.next_due, table.c.id).limit(limit)
        )
        async with self._database.transaction() as connection:
            return readable(await connection.execute(statement))

    async def earliest(self) -> datetime | None:
        statement = select(table.c.next_due).where(table.c.next_due.is_not(None)).order_by(table.c.next_due).limit(1)
        async with self._database.transaction() as connection:
            return (await connection.execute(statement)).scalar()

    async def instant(self, keys: Collection[str], after: str, limit: int) -> Sequence[Subscription]:
        concerned = (
            select(subscription_key.c.subscription)
            .where(subscription_key.c.key.in_(sorted(keys)), subscription_key.c.subscription > after)
            .distinct()
            .order_by(subscription_key.c.subscription)
            .limit(limit)
        )
        statement = select(table).where(table.c.id.in_(concerned), _ACTIVE).order_by(table.c.id)
        async with self._database.transaction() as connection:
            return readable(await connection.execute(statement))

    async def _select(self, *conditions: object) -> list[Subscription]:
        statement = select(table).where(*conditions).order_by(table.c.since, table.c.id)  # type: ignore[arg-type]  # column conditions, whose classes differ
        async with self._database.transaction() as connection:
            return [subscription_from(row) for row in await connection.execute(statement)]


def readable(rows: Iterable[Row[Any]]) -> list[Subscription]:
    """A row that this release cannot read is logged and passed over: it must not hold up the others."""
    found = []
    for row in rows:
        try:
            found.append(subscription_from(row))
        except (DigestbotError, ValueError, TypeError):
            _log.exception("subscriptions.unreadable", subscription=row.id)
    return found


async def _hold(connection: AsyncConnection, subscription: Subscription) -> None:
    """What a paused or ended subscription has queued is not posted any more."""
    if subscription.state is State.ACTIVE:
        return
    waiting = delivery.c.state.in_([str(DeliveryState.PLANNED), str(DeliveryState.WAITING)])
    queued = (delivery.c.subscription == subscription.id) & waiting & delivery.c.begun_at.is_(None)
    reason = f"the subscription is {subscription.state}"
    for chunk in chunks(await held(connection, delivery, queued)):
        skipped = update(delivery).where(delivery.c.id.in_(chunk))
        await connection.execute(skipped.values(state=str(DeliveryState.SKIPPED), error=reason))


async def write_keys(connection: AsyncConnection, subscription: Subscription) -> None:
    """Keep the keys of active instant subscriptions, and of no others."""
    await connection.execute(delete(subscription_key).where(subscription_key.c.subscription == subscription.id))
    if subscription.cadence.instant and subscription.state is State.ACTIVE:
        keys = [{"key": key, "subscription": subscription.id} for key in sorted(subscription.filter.keys)]
        await connection.execute(insert(subscription_key), keys)
