"""The tables, as SQLAlchemy Core knows them; `migrations/` builds the same."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970 UTC: the same order and precision on every store."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - as above
        return None if value is None else _EPOCH + timedelta(microseconds=int(value))


def _where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, for each store that knows them."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

tenant = Table(
    "tenant",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("tenant", String(64), primary_key=True),
    Column("settings", Text, nullable=False),
)

subscription = Table(
    "subscription",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("filter", Text, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("quiet", String(16)),
    Column("catch_up", Integer, nullable=False),
    Column("look", Text, nullable=False),
    Column("doubt", String(8), nullable=False),
    Column("story_limit", Integer, nullable=False),
    Column("empty", Boolean(create_constraint=False), nullable=False),
    Column("state", String(8), nullable=False),
    Column("since", Instant, nullable=False),
    Column("next_due", Instant),
    Column("created_by", String(64)),
    Index("ix_subscription_place", "platform", "tenant", "channel"),
    Index("ix_subscription_next_due", "next_due", **_where("next_due IS NOT NULL")),
)

subscription_key = Table(
    "subscription_key",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("subscription", String(32), ForeignKey("subscription.id", ondelete="CASCADE"), primary_key=True, index=True),
)
"""The filter keys of active instant subscriptions: who may want a story is a look-up, not a scan."""

delivery = Table(
    "delivery",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("subscription", String(32), nullable=False),
    Column("occasion", String(200), nullable=False),
    Column("platform", String(16), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("due", Instant, nullable=False),
    Column("urgent", Boolean(create_constraint=False), nullable=False),
    Column("look", Text, nullable=False),
    Column("doubt", String(8), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("expected", Instant, nullable=False),
    Column("patience", Integer, nullable=False),
    Column("begun_at", Instant),
    Column("attempted_at", Instant),
    Column("posted_at", Instant),
    Column("edited_at", Instant),
    Column("reveal_at", Instant),
    Column("ref_channel", String(64)),
    Column("ref_message", String(64)),
    Column("error", Text),
    UniqueConstraint("subscription", "occasion"),
    Index("ix_delivery_work", "due", **_where("state IN ('planned','sending','waiting','correcting')")),
    Index("ix_delivery_reveal_at", "reveal_at", **_where("reveal_at IS NOT NULL")),
    Index("ix_delivery_place", "platform", "tenant", "state"),
)

delivery_story = Table(
    "delivery_story",
    metadata,
    Column("delivery", String(32), ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("story", String(64), nullable=False),
    Column("revision", String(16), nullable=False),
    Column("subscription", String(32), nullable=False),
    UniqueConstraint("delivery", "story"),
    Index("ix_delivery_story_story", "story", "revision"),
    Index("ix_delivery_story_subscription", "subscription", "story"),
)

departure = Table(
    "departure",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("tenant", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)
"""Tenants that digestbot was removed from; their data is deleted when the grace period has passed."""

note = Table(
    "note",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("text", Text, nullable=False),
)
"""Small facts that must survive a restart."""

quarantine = Table(
    "quarantine",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("tenant", String(64), primary_key=True),
    Column("channel", String(64), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("probe_at", Instant, nullable=False),
    Column("probes", Integer, nullable=False),
    Column("told", Boolean(create_constraint=False), nullable=False),
)
"""Channels that keep failing, left alone but for a probe now and then."""

planned_story = Table("planned_story", metadata, Column("story", String(64), primary_key=True))
"""Stories whose instant fan-out is complete."""

installation = Table(
    "installation",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("enterprise", String(64)),
    Column("team", String(64)),
    Column("name", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("bot_user", String(64), nullable=False),
    Column("bot_id", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("installed_by", String(64), nullable=False),
    Column("installed_at", Instant, nullable=False),
)
"""Who let digestbot in by OAuth; `token` is sealed (`storage.cipher`)."""

oauth_state = Table(
    "oauth_state",
    metadata,
    Column("state", String(64), primary_key=True),
    Column("until", Instant, nullable=False, index=True),
)
"""Installations that somebody began; `state` is a hash of what the browser carries."""
