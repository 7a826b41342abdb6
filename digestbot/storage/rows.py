"""Rows: domain values to columns and back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.domain.delivery import Carried, Delivery, DeliveryState, Reservation
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.schedule import parse_cadence, parse_quiet
from digestbot.domain.subscription import Doubt, Look, Spoilers, State, Subscription

Value = TypeVar("Value")

CHUNK = 500
"""Ids a statement: well under every store's limit of bound values."""


def on_postgres(connection: AsyncConnection | Connection) -> bool:
    return connection.dialect.name == "postgresql"


def insert_new(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that leaves rows with a known key alone."""
    return _insert(connection, table).on_conflict_do_nothing()


def insert_or_replace(
    connection: AsyncConnection, table: Table, row: Mapping[str, Any]
) -> sqlite.Insert | postgresql.Insert:
    """An INSERT whose row takes the place of one with the same primary key, in one step."""
    statement = _insert(connection, table).values(row)
    key = [column.name for column in table.primary_key]
    rest = {name: statement.excluded[name] for name in row if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=rest)


def _insert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Both know ON CONFLICT, each in a class of its own."""
    return postgresql.insert(table) if on_postgres(connection) else sqlite.insert(table)


_filter = lru_cache(maxsize=4096)(parse_filter)
_cadence = lru_cache(maxsize=4096)(parse_cadence)
"""Tastes and times that many subscriptions share are read once."""


def chunks(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]


@lru_cache(maxsize=4096)
def dump_look(look: Look) -> str:
    return json.dumps(asdict(look), ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=4096)
def load_look(text: str) -> Look:
    """Keys of a later release are passed over, missing ones take their default."""
    known = {field.name for field in fields(Look)}
    values = {key: value for key, value in json.loads(text).items() if key in known}
    return Look(**{**values, "spoilers": Spoilers(values.get("spoilers", "show"))})


def subscription_row(subscription: Subscription) -> dict[str, Any]:
    return {
        "id": subscription.id,
        **place_columns(subscription.place),
        "filter": str(subscription.filter),
        "cadence": str(subscription.cadence),
        "zone": subscription.zone,
        "quiet": str(subscription.quiet) if subscription.quiet else None,
        "catch_up": int(subscription.catch_up.total_seconds()),
        "look": dump_look(subscription.look),
        "doubt": str(subscription.doubt),
        "story_limit": subscription.limit,
        "empty": subscription.empty,
        "state": str(subscription.state),
        "since": subscription.since,
        "next_due": subscription.next_due if subscription.state is State.ACTIVE else None,
        "created_by": subscription.created_by,
    }


def subscription_from(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        place=Place(row.platform, row.tenant, row.channel),
        filter=_filter(row.filter),
        cadence=_cadence(row.cadence),
        since=row.since,
        zone=row.zone,
        quiet=parse_quiet(row.quiet) if row.quiet else None,
        catch_up=timedelta(seconds=row.catch_up),
        look=load_look(row.look),
        doubt=Doubt(row.doubt),
        limit=row.story_limit,
        empty=row.empty,
        state=State(row.state),
        next_due=row.next_due,
        created_by=row.created_by,
    )


def reservation_row(reservation: Reservation) -> dict[str, Any]:
    skipped = reservation.reason is not None
    return {
        "id": reservation.id,
        "subscription": reservation.subscription,
        "occasion": reservation.occasion,
        **place_columns(reservation.place),
        "state": str(DeliveryState.SKIPPED if skipped else DeliveryState.PLANNED),
        "due": reservation.due,
        "urgent": reservation.urgent,
        "look": dump_look(reservation.look),
        "doubt": str(reservation.doubt),
        "attempt": 0,
        "failures": 0,
        "expected": reservation.due,
        "patience": int(reservation.patience.total_seconds()),
        "error": reservation.reason,
    }


def place_columns(place: Place) -> dict[str, str]:
    return {"platform": place.platform, "tenant": place.tenant, "channel": place.channel}


def delivery_from(row: Row[Any], stories: Sequence[Carried]) -> Delivery:
    return Delivery(
        id=row.id,
        subscription=row.subscription,
        place=Place(row.platform, row.tenant, row.channel),
        occasion=row.occasion,
        state=DeliveryState(row.state),
        due=row.due,
        look=load_look(row.look),
        doubt=Doubt(row.doubt),
        stories=tuple(stories),
        urgent=row.urgent,
        attempt=row.attempt,
        failures=row.failures,
        expected=row.expected,
        patience=timedelta(seconds=row.patience),
        begun_at=row.begun_at,
        attempted_at=row.attempted_at,
        posted_at=row.posted_at,
        edited_at=row.edited_at,
        reveal_at=row.reveal_at,
        ref=MessageRef(row.ref_channel, row.ref_message) if row.ref_message else None,
        error=row.error,
    )


def outcome_row(delivery: Delivery) -> Mapping[str, Any]:
    """What `finish` writes, under names that no column has (they are bound parameters)."""
    return {
        "row": delivery.id,
        "new_state": str(delivery.state),
        "new_due": delivery.due,
        "new_failures": delivery.failures,
        "new_expected": delivery.expected or delivery.due,
        "new_begun_at": delivery.begun_at,
        "new_posted_at": delivery.posted_at,
        "new_edited_at": delivery.edited_at,
        "new_reveal_at": delivery.reveal_at,
        "new_ref_channel": delivery.ref.channel if delivery.ref else None,
        "new_ref_message": delivery.ref.message if delivery.ref else None,
        "new_error": without_nul(delivery.error),
    }


def without_nul(value: Value) -> Value | str:
    """PostgreSQL keeps no NUL in a text, and what a platform answered must not keep an outcome from being written."""
    return value.replace("\0", "") if isinstance(value, str) else value
