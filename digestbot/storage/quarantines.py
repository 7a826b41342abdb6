"""Quarantines in SQL (`ports.Quarantines`)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update

from digestbot.domain.place import Place
from digestbot.domain.quarantine import Quarantine
from digestbot.storage.database import Database
from digestbot.storage.rows import insert_new, place_columns, without_nul
from digestbot.storage.tables import quarantine as table


class SqlQuarantines:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, place: Place) -> Quarantine | None:
        async with self._database.transaction() as connection:
            row = (await connection.execute(select(table).where(_is(place)))).first()
        return _quarantine(row) if row else None

    async def of_tenant(self, platform: str, tenant: str) -> Sequence[Quarantine]:
        here = (table.c.platform == platform) & (table.c.tenant == tenant)
        statement = select(table).where(here).order_by(table.c.since, table.c.channel)
        async with self._database.transaction() as connection:
            return [_quarantine(row) for row in await connection.execute(statement)]

    async def places(self) -> Collection[Place]:
        statement = select(table.c.platform, table.c.tenant, table.c.channel)
        async with self._database.transaction() as connection:
            return frozenset(Place(*row) for row in await connection.execute(statement))

    async def add(self, quarantine: Quarantine) -> bool:
        async with self._database.transaction() as connection:
            added = await connection.execute(insert_new(connection, table).values(_row(quarantine)))
            return bool(added.rowcount)

    async def change(self, quarantine: Quarantine, seen: datetime) -> bool:
        statement = update(table).where(_is(quarantine.place), table.c.probe_at == seen).values(_row(quarantine))
        async with self._database.transaction() as connection:
            return bool((await connection.execute(statement)).rowcount)

    async def release(self, place: Place) -> bool:
        async with self._database.transaction() as connection:
            return bool((await connection.execute(delete(table).where(_is(place)))).rowcount)


def _is(place: Place) -> ColumnElement[bool]:
    here = (table.c.platform == place.platform) & (table.c.tenant == place.tenant)
    return here & (table.c.channel == place.channel)


def _row(quarantine: Quarantine) -> dict[str, Any]:
    return {
        **place_columns(quarantine.place),
        "reason": without_nul(quarantine.reason),
        "since": quarantine.since,
        "probe_at": quarantine.probe_at,
        "probes": quarantine.probes,
        "told": quarantine.told,
    }


def _quarantine(row: Row[Any]) -> Quarantine:
    return Quarantine(
        place=Place(row.platform, row.tenant, row.channel),
        reason=row.reason,
        since=row.since,
        probe_at=row.probe_at,
        probes=row.probes,
        told=row.told,
    )
