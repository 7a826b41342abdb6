"""Locks: how processes that share a database wait for each other.

SQLite has one writer at a time, so that whoever is inside a transaction has it all. On PostgreSQL each takes what it
reads and then writes, in one order: the tenant, then subscriptions, then deliveries, rows of a table by their ids.
So they wait for one another and never in a circle.
"""

from typing import Any, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, Table, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.storage.rows import on_postgres

Query = TypeVar("Query", bound=Select[Any])


def locked(statement: Query, table: Table) -> Query:
    """The rows that it finds stay ours until the transaction ends; rows of others may still refer to them.

    It waits for who holds one of them and then looks again whether the row still meets the conditions. To pass over
    it instead would be wrong: a row is also held for a moment by those who leave it as it is.
    """
    return statement.order_by(table.c.id).with_for_update(key_share=True)


async def held(connection: AsyncConnection, table: Table, *conditions: ColumnElement[bool]) -> list[str]:
    """Ids of the rows that meet the conditions, locked."""
    return list((await connection.execute(locked(select(table.c.id).where(*conditions), table))).scalars())


async def hold_tenant(connection: AsyncConnection, platform: str, tenant: str) -> None:
    """Who is there, and what is subscribed there, is written by one transaction at a time."""
    if on_postgres(connection):
        await connection.execute(_lock(f"tenant {platform} {tenant}"))


def hold_schema(connection: Connection) -> None:
    """Of several processes that start at once the first upgrades, and the others find it done."""
    if on_postgres(connection):
        connection.execute(_lock("schema"))


def _lock(name: str) -> Select[Any]:
    key = func.hashtextextended(f"digestbot {name}", literal(0, BigInteger))
    return select(func.pg_advisory_xact_lock(key))
