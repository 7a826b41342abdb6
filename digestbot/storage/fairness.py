"""Fairness: in which order due rows are taken, so that nobody's thousands keep others waiting."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, select

from digestbot.domain.delivery import OPEN
from digestbot.storage.tables import delivery as table

OF_A_CHANNEL: Final = 8
"""Rows of one channel at a time: they are worked on one after the other anyway."""

_WORK = table.c.state.in_([str(state) for state in OPEN])


def due_by_turns(now: datetime, limit: int) -> Select[Any]:
    """`id`, `platform`, `tenant` and `channel` of what is next (see `ports.Ledger.due`); it costs O(due)."""
    whose = (table.c.platform, table.c.tenant)
    earliest = (table.c.urgent.desc(), table.c.due, table.c.id)
    lane = func.row_number().over(partition_by=(*whose, table.c.channel), order_by=earliest).label("lane")
    columns = (table.c.id, *whose, table.c.channel, table.c.urgent, table.c.due)
    lanes = select(*columns, lane).where(_WORK, table.c.due <= now).subquery()
    in_turn = (lanes.c.urgent.desc(), lanes.c.lane, lanes.c.due, lanes.c.id)
    turn = func.row_number().over(partition_by=(lanes.c.platform, lanes.c.tenant), order_by=in_turn).label("turn")
    turns = select(lanes, turn).where(lanes.c.lane <= OF_A_CHANNEL).subquery()
    return (
        select(turns.c.id, turns.c.platform, turns.c.tenant, turns.c.channel)
        .where(turns.c.turn <= max(1, limit // 4))
        .order_by(turns.c.urgent.desc(), turns.c.turn, turns.c.due, turns.c.id)
        .limit(limit)
    )
