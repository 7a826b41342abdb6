"""Quarantines of channels."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "quarantine",
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("probe_at", sa.BigInteger, nullable=False),
        sa.Column("probes", sa.Integer, nullable=False),
        sa.Column("told", sa.Boolean(create_constraint=False), nullable=False),
        sa.PrimaryKeyConstraint("platform", "tenant", "channel", name="pk_quarantine"),
    )
