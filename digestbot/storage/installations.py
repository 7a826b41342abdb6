"""Installations in SQL (`ports.Installations`), their tokens sealed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, delete, select, update

from digestbot.ports import Installation
from digestbot.storage.cipher import Cipher
from digestbot.storage.database import Database
from digestbot.storage.rows import insert_or_replace
from digestbot.storage.tables import installation as table

_log = structlog.get_logger("installations")
_ADVICE = (
    "put the key that it was sealed with back at the end of DIGESTBOT_SLACK__ENCRYPTION_KEYS, "
    "or let the workspace install digestbot again"
)


class SqlInstallations:
    """`keys` as `Cipher` takes them. Raises `StartupError` if one is malformed."""

    def __init__(self, database: Database, keys: Sequence[str]) -> None:
        self._database = database
        self._cipher = Cipher(keys)

    async def save(self, installation: Installation) -> None:
        row = self._row(installation)
        async with self._database.transaction() as connection:
            await connection.execute(insert_or_replace(connection, table, row))

    async def all(self) -> Sequence[Installation]:
        statement = select(table).order_by(table.c.installed_at, table.c.key)
        async with self._database.transaction() as connection:
            rows = (await connection.execute(statement)).all()
        return self._readable(rows)

    async def unreadable(self) -> Sequence[str]:
        """Keys of those whose token no encryption key opens, for whoever looks after them."""
        async with self._database.transaction() as connection:
            rows = (await connection.execute(select(table.c.key, table.c.token).order_by(table.c.key))).all()
        return [row.key for row in rows if self._cipher.open(row.token) is None]

    async def find(self, key: str) -> Installation | None:
        async with self._database.transaction() as connection:
            rows = (await connection.execute(select(table).where(table.c.key == key))).all()
        return next(iter(self._readable(rows)), None)

    async def remove(self, key: str, before: datetime) -> bool:
        statement = delete(table).where(table.c.key == key, table.c.installed_at < before)
        async with self._database.transaction() as connection:
            return bool((await connection.execute(statement)).rowcount)

    async def rotate(self) -> int:
        """Seal with the first key what an older one sealed; how many those were. One that was saved meanwhile stays."""
        renewed = 0
        async with self._database.transaction() as connection:
            for row in (await connection.execute(select(table.c.key, table.c.token).order_by(table.c.key))).all():
                token = self._cipher.renew(row.token)
                if token is not None:
                    same = (table.c.key == row.key) & (table.c.token == row.token)
                    renewed += (await connection.execute(update(table).where(same).values(token=token))).rowcount
        if renewed:
            _log.info("installations.renewed", count=renewed)
        return renewed

    def _row(self, installation: Installation) -> dict[str, Any]:
        return {
            "key": installation.key,
            "enterprise": installation.enterprise,
            "team": installation.team,
            "name": installation.name,
            "token": self._cipher.seal(installation.token),
            "bot_user": installation.bot_user,
            "bot_id": installation.bot_id,
            "scopes": ",".join(installation.scopes),
            "installed_by": installation.installed_by,
            "installed_at": installation.installed_at,
        }

    def _readable(self, rows: Iterable[Row[Any]]) -> list[Installation]:
        """A token that no key opens stays where it is: the key may come back."""
        found = []
        for row in rows:
            token = self._cipher.open(row.token)
            if token is None:
                _log.error("installations.unreadable", installation=row.key, workspace=row.name, next=_ADVICE)
            else:
                found.append(_installation(row, token))
        return found


def _installation(row: Row[Any], token: str) -> Installation:
    return Installation(
        enterprise=row.enterprise,
        team=row.team,
        name=row.name,
        token=token,
        bot_user=row.bot_user,
        bot_id=row.bot_id,
        scopes=tuple(filter(None, row.scopes.split(","))),
        installed_by=row.installed_by,
        installed_at=row.installed_at,
    )
