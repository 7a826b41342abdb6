"""The notebook in SQL (`ports.Notebook`)."""

from sqlalchemy import select

from digestbot.storage.database import Database
from digestbot.storage.rows import insert_or_replace
from digestbot.storage.tables import note as table


class SqlNotebook:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, name: str) -> str | None:
        async with self._database.transaction() as connection:
            found: str | None = (await connection.execute(select(table.c.text).where(table.c.name == name))).scalar()
        return found

    async def write(self, name: str, text: str) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(insert_or_replace(connection, table, {"name": name, "text": text}))
