"""The ledger in SQL (`ports.Ledger`): what was promised, and what became of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, case, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.domain.delivery import OPEN, Carried, Delivery, DeliveryState, Reservation
from digestbot.domain.place import Place
from digestbot.ports import Due, Move, Publish
from digestbot.storage import decisions
from digestbot.storage.batch import Batch
from digestbot.storage.database import Database
from digestbot.storage.departures import has_left
from digestbot.storage.fairness import due_by_turns
from digestbot.storage.locks import held, locked
from digestbot.storage.outcomes import write_outcomes
from digestbot.storage.reservations import write_reservations
from digestbot.storage.rows import chunks, delivery_from, insert_new
from digestbot.storage.tables import Instant, delivery_story, planned_story
from digestbot.storage.tables import delivery as table

_FULL_SCAN = 200
_WORK = table.c.state.in_([str(state) for state in OPEN])
_POSTED = table.c.state == DeliveryState.POSTED
_TOLD = or_(table.c.state != DeliveryState.SKIPPED, table.c.begun_at.is_not(None))
"""What was skipped after a doubt may have arrived."""
_STANDING = table.c.state.in_([str(DeliveryState.POSTED), str(DeliveryState.CORRECTING)])


class SqlLedger:
    def __init__(self, database: Database, publish: Publish) -> None:
        """`publish` is called inside each transaction that makes work (`ports.Dispatcher.publish`)."""
        self._database = database
        self._publish = publish
        self._outcomes: Batch[Delivery, bool] = Batch(self._write_outcomes)

    # --- planning

    async def reserve(
        self, reservations: Sequence[Reservation], moves: Sequence[Move] = (), planned: Collection[str] = ()
    ) -> Sequence[str]:
        async with self._database.transaction() as connection:
            new, grown = await write_reservations(connection, reservations, moves)
            if planned:
                rows = [{"story": story} for story in sorted(planned)]
                await connection.execute(insert_new(connection, planned_story), rows)
            await self._announce(connection, new)
            for id_, due in grown.items():
                await self._publish(connection, [id_], due)
        return [reservation.id for reservation in new]

    async def _announce(self, connection: AsyncConnection, new: Sequence[Reservation]) -> None:
        by_due = defaultdict(list)
        for reservation in new:
            if reservation.reason is None:
                by_due[reservation.due].append(reservation.id)
        for due, ids in by_due.items():
            await self._publish(connection, ids, due)

    async def unplanned(self, stories: Collection[str]) -> Sequence[str]:
        ids = list(stories)
        known: set[str] = set()
        async with self._database.transaction() as connection:
            for chunk in chunks(ids):
                statement = select(planned_story.c.story).where(planned_story.c.story.in_(chunk))
                known.update((await connection.execute(statement)).scalars())
        return [story for story in ids if story not in known]

    async def told(self, subscription: str) -> frozenset[str]:
        return (await self.told_each([subscription])).get(subscription, frozenset())

    async def told_each(self, subscriptions: Collection[str]) -> Mapping[str, frozenset[str]]:
        told: dict[str, set[str]] = defaultdict(set)
        async with self._database.transaction() as connection:
            for chunk in chunks(list(subscriptions)):
                statement = (
                    select(delivery_story.c.subscription, delivery_story.c.story)
                    .join(table, table.c.id == delivery_story.c.delivery)
                    .where(delivery_story.c.subscription.in_(chunk), _TOLD)
                )
                for row in await connection.execute(statement):
                    told[row.subscription].add(row.story)
        return {subscription: frozenset(stories) for subscription, stories in told.items()}

    # --- work

    async def due(self, now: datetime, limit: int) -> Sequence[Due]:
        async with self._database.transaction() as connection:
            return [
                Due(row.id, Place(row.platform, row.tenant, row.channel))
                for row in await connection.execute(due_by_turns(now, limit))
            ]

    async def earliest(self, after: datetime | None = None) -> datetime | None:
        statement = select(table.c.due).where(_WORK).order_by(table.c.due).limit(1)
        if after is not None:
            statement = statement.where(table.c.due > after)
        async with self._database.transaction() as connection:
            return (await connection.execute(statement)).scalar()

    async def begin(self, ids: Sequence[str], now: datetime, lease: timedelta) -> Sequence[Delivery]:
        taken: list[Delivery] = []
        async with self._database.transaction() as connection:
            for chunk in chunks(sorted(ids)):
                statement = select(table).where(table.c.id.in_(chunk), _WORK, table.c.due <= now)
                rows = (await connection.execute(locked(statement, table))).all()
                await connection.execute(_take(now, lease).where(table.c.id.in_([row.id for row in rows])))
                taken += await _load(connection, rows)
        order = {id_: position for position, id_ in enumerate(ids)}
        return [_begun(row, now + lease, now) for row in sorted(taken, key=lambda row: order[row.id])]

    async def finish(self, delivery: Delivery) -> bool:
        return await self._outcomes.submit(delivery)

    async def _write_outcomes(self, deliveries: Sequence[Delivery]) -> Sequence[bool]:
        async with self._database.transaction() as connection:
            kept, grown = await write_outcomes(connection, deliveries)
            for delivery in deliveries:
                if delivery.id in grown or (delivery.id in kept and delivery.state in OPEN):
                    await self._publish(connection, [delivery.id], delivery.due)
        return [delivery.id in kept for delivery in deliveries]

    async def reclaim(self, now: datetime) -> int:
        leased = table.c.state.in_([str(DeliveryState.SENDING), str(DeliveryState.CORRECTING)])
        async with self._database.transaction() as connection:
            done = await connection.execute(update(table).where(leased, table.c.due > now).values(due=now))
        return done.rowcount

    # --- corrections

    async def stale(self, revisions: Mapping[str, str]) -> Sequence[str]:
        old: dict[str, None] = {}
        async with self._database.transaction() as connection:
            for story, revision in await _outdated(connection, revisions):
                statement = (
                    select(table.c.id)
                    .join(delivery_story, delivery_story.c.delivery == table.c.id)
                    .where(
                        delivery_story.c.story == story,
                        delivery_story.c.revision == revision,
                        _POSTED,
                        ~has_left(table),
                    )
                    .order_by(table.c.posted_at.desc())
                )
                old.update(dict.fromkeys((await connection.execute(statement)).scalars()))
        return list(old)

    async def revealing(self, now: datetime, limit: int) -> Sequence[str]:
        shown = select(table.c.id).where(table.c.reveal_at <= now, _POSTED, ~has_left(table))
        statement = shown.order_by(table.c.reveal_at).limit(limit)
        async with self._database.transaction() as connection:
            return list((await connection.execute(statement)).scalars())

    async def correct(self, ids: Sequence[str], now: datetime, *, edited: bool = True) -> int:
        changed = 0
        values = {"state": str(DeliveryState.CORRECTING), "due": now, "failures": 0}
        values |= {"edited_at": now} if edited else {}
        async with self._database.transaction() as connection:
            for chunk in chunks(sorted(ids)):
                done = await held(connection, table, table.c.id.in_(chunk), _POSTED)
                changed += len(done)
                if done:
                    await connection.execute(update(table).where(table.c.id.in_(done)).values(values))
                    await self._publish(connection, done, now)
        return changed

    # --- what stands still

    async def resend(self, delivery: str, now: datetime) -> bool:
        async with self._database.transaction() as connection:
            done = await decisions.resend(connection, delivery, now)
            if done:
                await self._publish(connection, [delivery], now)
        return done

    async def leave(self, delivery: str, now: datetime, reason: str) -> bool:
        async with self._database.transaction() as connection:
            return await decisions.leave(connection, delivery, now, reason)

    async def hasten(self, place: Place, now: datetime) -> int:
        async with self._database.transaction() as connection:
            waiting = await decisions.hasten(connection, place, now)
            if waiting:
                await self._publish(connection, waiting, now)
        return len(waiting)

    # --- looking

    async def get(self, delivery: str) -> Delivery | None:
        found = await self._select(select(table).where(table.c.id == delivery))
        return found[0] if found else None

    async def of_subscription(self, subscription: str, limit: int = 50) -> Sequence[Delivery]:
        statement = select(table).where(table.c.subscription == subscription)
        return await self._select(statement.order_by(table.c.due.desc(), table.c.id).limit(limit))

    async def of_story(self, story: str, platform: str, tenant: str) -> Sequence[Delivery]:
        statement = (
            select(table)
            .join(delivery_story, delivery_story.c.delivery == table.c.id)
            .where(delivery_story.c.story == story, table.c.platform == platform, table.c.tenant == tenant)
        )
        return await self._select(statement.order_by(table.c.due.desc(), table.c.id))

    async def thread(self, place: Place, stories: Collection[str]) -> str | None:
        here = (table.c.platform == place.platform, table.c.tenant == place.tenant, table.c.channel == place.channel)
        statement = (
            select(table.c.ref_channel)
            .join(delivery_story, delivery_story.c.delivery == table.c.id)
            .where(*here, table.c.ref_channel != place.channel, _STANDING)
            .order_by(table.c.posted_at.desc())
            .limit(1)
        )
        async with self._database.transaction() as connection:
            for chunk in chunks(list(stories)):
                found: str | None = (
                    await connection.execute(statement.where(delivery_story.c.story.in_(chunk)))
                ).scalar()
                if found is not None:
                    return found
        return None

    async def in_state(self, platform: str, tenant: str, state: DeliveryState, limit: int = 50) -> Sequence[Delivery]:
        here = (table.c.platform == platform, table.c.tenant == tenant, table.c.state == state)
        return await self._select(select(table).where(*here).order_by(table.c.due.desc(), table.c.id).limit(limit))

    async def of_place(self, place: Place, since: datetime, limit: int = 1000) -> Sequence[Delivery]:
        statement = select(table).where(decisions.in_place(place), table.c.due >= since)
        return await self._select(statement.order_by(table.c.due.desc(), table.c.id).limit(limit))

    async def counts(self, platform: str, tenant: str) -> Mapping[DeliveryState, int]:
        statement = (
            select(table.c.state, func.count())
            .where(table.c.platform == platform, table.c.tenant == tenant)
            .group_by(table.c.state)
        )
        async with self._database.transaction() as connection:
            return {DeliveryState(state): count for state, count in await connection.execute(statement)}

    async def _select(self, statement: Select[Any]) -> list[Delivery]:
        async with self._database.transaction() as connection:
            return await _load(connection, (await connection.execute(statement)).all())


def _take(now: datetime, lease: timedelta) -> Any:  # noqa: ANN401 - an UPDATE with or without WHERE, two classes
    """Planned and waiting rows become `sending`; corrections stay what they are; all get the lease."""
    edits = table.c.state == DeliveryState.CORRECTING
    return update(table).values(
        state=case((edits, table.c.state), else_=literal(str(DeliveryState.SENDING))),
        begun_at=case((edits, table.c.begun_at), else_=func.coalesce(table.c.begun_at, literal(now, Instant))),
        attempt=table.c.attempt + 1,
        attempted_at=now,
        due=now + lease,
    )


def _begun(before: Delivery, lease_end: datetime, now: datetime) -> Delivery:
    return replace(before, attempt=before.attempt + 1, attempted_at=now, due=lease_end)


async def _load(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> list[Delivery]:
    stories: dict[str, list[Carried]] = defaultdict(list)
    for chunk in chunks([row.id for row in rows]):
        statement = (
            select(delivery_story)
            .where(delivery_story.c.delivery.in_(chunk))
            .order_by(delivery_story.c.delivery, delivery_story.c.position)
        )
        for row in await connection.execute(statement):
            stories[row.delivery].append(Carried(row.story, row.revision))
    return [delivery_from(row, stories[row.id]) for row in rows]


async def _outdated(connection: AsyncConnection, revisions: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each (story, revision) that some message shows although the story has another revision now."""
    statement = select(delivery_story.c.story, delivery_story.c.revision).distinct()
    few = len(revisions) <= _FULL_SCAN
    if few:
        statement = statement.where(delivery_story.c.story.in_(sorted(revisions)))
    shown = (await connection.execute(statement)).all()
    return [(story, shows) for story, shows in shown if revisions.get(story, shows) != shows]
