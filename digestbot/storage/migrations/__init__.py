"""Migrations: the schema's versions, run by Alembic on a connection that the caller owns."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from digestbot.errors import StartupError
from digestbot.storage.locks import hold_schema
from digestbot.storage.tables import metadata


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> str:
    """Run what is missing. Raises `StartupError` if the database was written by a newer release."""
    head = _head()
    hold_schema(connection)
    found = _found(connection)
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise StartupError(f"The database is of a newer release (schema {found}). Run that release, or restore a copy.")
    if found != head:
        command.upgrade(_config(connection), "head")
    return head


def drift(connection: Connection) -> list[str]:
    """Differences between the database and this release, a line each."""
    found, head = _found(connection), _head()
    if found != head:
        return [f"the schema is at {found or 'nothing'}, this release needs {head}: run `digestbot db upgrade`"]
    context = MigrationContext.configure(connection, opts={"compare_type": False, "include_name": _is_ours})
    return [str(difference) for difference in compare_metadata(context, metadata)]


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Others may keep tables beside ours."""
    return kind != "table" or name in metadata.tables


def _found(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _head() -> str:
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise StartupError("This installation carries no migrations: install digestbot again.")
    return head
