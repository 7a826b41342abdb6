"""The rows of the sandbox's record and the SQL that writes and reads them."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from digestbot.domain.card import Card
from digestbot.platforms.sandbox.codec import from_json, to_json

Kind = Literal["created", "edited", "deleted"]

_VERSION: Final = 1
_SCHEMA: Final = (
    """CREATE TABLE message (
        id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, delivery TEXT, received_at TEXT NOT NULL,
        card TEXT NOT NULL, page INTEGER NOT NULL, mention TEXT, asked_by TEXT, asked TEXT,
        edits INTEGER NOT NULL DEFAULT 0, edited_at TEXT, deleted INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX message_channel ON message (channel, id)",
    "CREATE INDEX message_delivery ON message (delivery)",
    """CREATE TABLE event (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, message INTEGER NOT NULL REFERENCES message, kind TEXT NOT NULL,
        at TEXT NOT NULL, card TEXT)""",
)
_COLUMNS: Final = """message.id, channel, delivery, received_at, message.card, page, mention, asked_by, asked,
    edits, edited_at, deleted"""
_Row = tuple[int, str, str | None, str, str, int, str | None, str | None, str | None, int, str | None, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message as it stands now. `asked` is the line that member `asked_by` typed or pressed to have it posted."""

    id: str
    channel: str
    delivery: str | None
    received_at: datetime
    card: Card
    page: int = 1
    mention: str | None = None
    asked_by: str | None = None
    asked: str | None = None
    edits: int = 0
    edited_at: datetime | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An entry of the log; `card` is what this create or edit brought, `message` is the message as it stands now."""

    seq: int
    kind: Kind
    at: datetime
    card: Card | None
    message: Received


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, with our tables in it. Raises OSError and sqlite3.Error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode = TRUNCATE")
        connection.execute("PRAGMA synchronous = FULL")
        with _transaction(connection):
            _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def create(
    connection: sqlite3.Connection,
    values: tuple[str, str | None, Card, int, str | None, str | None, str | None],
    at: datetime,
) -> Received:
    """Values: channel, delivery, card, page, mention, asked_by, asked."""
    channel, delivery, card, *rest = values
    text = to_json(card)
    with _transaction(connection):
        cursor = connection.execute(
            "INSERT INTO message (channel, delivery, received_at, card, page, mention, asked_by, asked)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (channel, delivery, at.isoformat(), text, *rest),
        )
        _log(connection, str(cursor.lastrowid), "created", at, text)
        return _known(connection, str(cursor.lastrowid))


def edit(connection: sqlite3.Connection, message: str, card: Card, at: datetime) -> Received | None:
    text = to_json(card)
    changed = "UPDATE message SET card = ?, edits = edits + 1, edited_at = ? WHERE id = ? AND NOT deleted"
    with _transaction(connection):
        if not connection.execute(changed, (text, at.isoformat(), message)).rowcount:
            return None
        _log(connection, message, "edited", at, text)
        return _known(connection, message)


def delete(connection: sqlite3.Connection, message: str, at: datetime) -> Received | None:
    with _transaction(connection):
        if not connection.execute("UPDATE message SET deleted = 1 WHERE id = ? AND NOT deleted", (message,)).rowcount:
            return None
        _log(connection, message, "deleted", at, None)
        return _known(connection, message)


def get(connection: sqlite3.Connection, message: str) -> Received | None:
    return next(iter(select(connection, "WHERE message.id = ?", (message,))), None)


def select(connection: sqlite3.Connection, where: str, values: tuple[object, ...]) -> Sequence[Received]:
    statement = f"SELECT {_COLUMNS} FROM message {where}"  # noqa: S608 - `where` is written in record.py, never typed
    return tuple(_received(row) for row in connection.execute(statement, values))


def since(connection: sqlite3.Connection, seq: int, limit: int) -> Sequence[Happened]:
    statement = (
        f"SELECT {_COLUMNS}, seq, kind, at, event.card FROM event JOIN message ON message.id = event.message"  # noqa: S608 - constants only
        " WHERE seq > ? ORDER BY seq LIMIT ?"
    )
    return tuple(
        Happened(
            seq=row[-4],
            kind=row[-3],
            at=datetime.fromisoformat(row[-2]),
            card=None if row[-1] is None else from_json(row[-1]),
            message=_received(row[:-4]),
        )
        for row in connection.execute(statement, (seq, limit))
    )


def last_seq(connection: sqlite3.Connection) -> int:
    (seq,) = connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
    return int(seq)


def _prepare(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    elif version != _VERSION:
        raise sqlite3.DatabaseError(f"it has format {version}, this digestbot writes format {_VERSION}")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _log(connection: sqlite3.Connection, message: str, kind: Kind, at: datetime, card: str | None) -> None:
    connection.execute(
        "INSERT INTO event (message, kind, at, card) VALUES (?, ?, ?, ?)", (message, kind, at.isoformat(), card)
    )


def _known(connection: sqlite3.Connection, message: str) -> Received:
    (known,) = select(connection, "WHERE message.id = ?", (message,))
    return known


def _received(row: _Row) -> Received:
    number, channel, delivery, received_at, card, page, mention, asked_by, asked, edits, edited_at, deleted = row
    return Received(
        id=str(number),
        channel=channel,
        delivery=delivery,
        received_at=datetime.fromisoformat(received_at),
        card=from_json(card),
        page=page,
        mention=mention,
        asked_by=asked_by,
        asked=asked,
        edits=edits,
        edited_at=None if edited_at is None else datetime.fromisoformat(edited_at),
        deleted=bool(deleted),
    )
