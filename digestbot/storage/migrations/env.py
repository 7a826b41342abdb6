"""Alembic's entry: migrates the connection that `migrations.upgrade` hands over."""

from alembic import context

from digestbot.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction is around all of it
)
context.run_migrations()
