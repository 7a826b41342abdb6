"""OAuth states in SQL (`ports.OAuthStates`): who reads the database cannot finish anybody's installation."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select

from digestbot.ports.installations import LONGEST_STATE
from digestbot.storage.database import Database
from digestbot.storage.rows import insert_new
from digestbot.storage.tables import oauth_state as table


class SqlOAuthStates:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def issue(self, state: str, until: datetime) -> None:
        """Processes that sweep at once pass over each other's rows: neither waits."""
        over = select(table.c.state).where(table.c.until <= until - LONGEST_STATE).with_for_update(skip_locked=True)
        async with self._database.transaction() as connection:
            await connection.execute(delete(table).where(table.c.state.in_(over)))
            await connection.execute(insert_new(connection, table).values(state=_hash(state), until=until))

    async def consume(self, state: str, now: datetime) -> bool:
        """One statement, whose count decides: of those who ask at once only one deletes the row."""
        statement = delete(table).where(table.c.state == _hash(state), table.c.until > now)
        async with self._database.transaction() as connection:
            return bool((await connection.execute(statement)).rowcount)


def _hash(state: str) -> str:
    return sha256(state.encode("utf-8", "surrogatepass")).hexdigest()
