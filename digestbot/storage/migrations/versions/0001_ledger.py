"""Subscriptions and the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_WORK = sa.text("state IN ('planned','sending','waiting','correcting')")


def upgrade() -> None:
    op.create_table(
        "tenant",
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("platform", "tenant", name="pk_tenant"),
    )
    _subscription()
    _delivery()
    op.create_table("planned_story", sa.Column("story", sa.String(64), primary_key=True))


def _subscription() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("filter", sa.Text, nullable=False),
        sa.Column("cadence", sa.Text, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("quiet", sa.String(16)),
        sa.Column("catch_up", sa.Integer, nullable=False),
        sa.Column("look", sa.Text, nullable=False),
        sa.Column("doubt", sa.String(8), nullable=False),
        sa.Column("story_limit", sa.Integer, nullable=False),
        sa.Column("empty", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("next_due", sa.BigInteger),
        sa.Column("created_by", sa.String(64)),
    )
    op.create_index("ix_subscription_place", "subscription", ["platform", "tenant", "channel"])
    due = sa.text("next_due IS NOT NULL")
    op.create_index("ix_subscription_next_due", "subscription", ["next_due"], sqlite_where=due, postgresql_where=due)
    op.create_table(
        "subscription_key",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("subscription", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("key", "subscription", name="pk_subscription_key"),
        sa.ForeignKeyConstraint(
            ["subscription"],
            ["subscription.id"],
            ondelete="CASCADE",
            name="fk_subscription_key_subscription_subscription",
        ),
    )
    op.create_index("ix_subscription_key_subscription", "subscription_key", ["subscription"])


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("subscription", sa.String(32), nullable=False),
        sa.Column("occasion", sa.String(200), nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("look", sa.Text, nullable=False),
        sa.Column("doubt", sa.String(8), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("expected", sa.BigInteger, nullable=False),
        sa.Column("patience", sa.Integer, nullable=False),
        sa.Column("begun_at", sa.BigInteger),
        sa.Column("attempted_at", sa.BigInteger),
        sa.Column("posted_at", sa.BigInteger),
        sa.Column("edited_at", sa.BigInteger),
        sa.Column("reveal_at", sa.BigInteger),
        sa.Column("ref_channel", sa.String(64)),
        sa.Column("ref_message", sa.String(64)),
        sa.Column("error", sa.Text),
        sa.UniqueConstraint("subscription", "occasion", name="uq_delivery_subscription_occasion"),
    )
    op.create_index("ix_delivery_work", "delivery", ["due"], sqlite_where=_WORK, postgresql_where=_WORK)
    reveal = sa.text("reveal_at IS NOT NULL")
    op.create_index("ix_delivery_reveal_at", "delivery", ["reveal_at"], sqlite_where=reveal, postgresql_where=reveal)
    op.create_index("ix_delivery_place", "delivery", ["platform", "tenant", "state"])
    op.create_table(
        "delivery_story",
        sa.Column("delivery", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("story", sa.String(64), nullable=False),
        sa.Column("revision", sa.String(16), nullable=False),
        sa.Column("subscription", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("delivery", "position", name="pk_delivery_story"),
        sa.ForeignKeyConstraint(
            ["delivery"], ["delivery.id"], ondelete="CASCADE", name="fk_delivery_story_delivery_delivery"
        ),
        sa.UniqueConstraint("delivery", "story", name="uq_delivery_story_delivery_story"),
    )
    op.create_index("ix_delivery_story_story", "delivery_story", ["story", "revision"])
    op.create_index("ix_delivery_story_subscription", "delivery_story", ["subscription", "story"])
