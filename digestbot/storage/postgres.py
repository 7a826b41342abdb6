"""PostgreSQL: the engine's settings, and the first word with the server."""

from sqlalchemy import URL, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from digestbot.errors import StartupError

_PATIENCE = 60.0
"""Seconds until an answer does not come any more: a server that vanished must not stop the bot for good."""
_SERVER = {
    "application_name": "digestbot",
    "idle_in_transaction_session_timeout": "60s",  # a process that was stopped holds its rows no longer
}
_ENCODING = "UTF8"


def make_engine(url: URL, *, patient: bool = False) -> AsyncEngine:
    """At most fifteen connections, tried before use; a `patient` one is a single connection without a limit of time.

    Raises `StartupError` if the library is not installed.
    """
    given: dict[str, object] = {"timeout": 10, "server_settings": _SERVER}
    pool: dict[str, object] = {"pool_size": 5, "max_overflow": 10, "pool_pre_ping": True, "pool_recycle": 1800}
    if patient:
        pool = {"poolclass": NullPool}
    else:
        given["command_timeout"] = _PATIENCE
    try:
        return create_async_engine(url, isolation_level="READ COMMITTED", connect_args=given, **pool)
    except ModuleNotFoundError as fault:
        raise StartupError(
            "The database is PostgreSQL's, and the library for it is not installed: run `pip install"
            " 'digestbot[postgres]'`, in a checkout `.venv/bin/pip install -r requirements/postgres.txt`."
        ) from fault


async def greet(engine: AsyncEngine) -> None:
    """Raises `StartupError` if the server cannot be reached, refuses us, or keeps texts in another encoding."""
    try:
        async with engine.connect() as connection:
            encoding = (await connection.execute(text("SHOW server_encoding"))).scalar_one()
    except (OSError, SQLAlchemyError, TypeError, ValueError) as fault:  # the last two: what the address asks for
        raise StartupError(
            f"PostgreSQL at {place(engine.url)} cannot be used: {reason(fault)}."
            " Start it, or correct its address: docs/postgres.md says how it is written."
        ) from fault
    if encoding != _ENCODING:
        raise StartupError(
            f"The database at {place(engine.url)} keeps texts as {encoding}, which cannot hold every name:"
            " make one with `createdb --encoding=UTF8 --template=template0 digestbot`."
        )


def place(url: URL) -> str:
    """Where it is, without user and password."""
    host = url.host or url.query.get("host") or "this machine"
    port = f":{url.port}" if url.port else ""
    return f"{host if isinstance(host, str) else host[0]}{port}, database {url.database}"


def reason(fault: Exception) -> str:
    """What the server or the system said, on one line."""
    said = str(getattr(fault, "orig", None) or fault) or type(fault).__name__
    return said.splitlines()[0].rstrip(".")
