"""Fairness: in which order due rows are taken, so that nobody's thousands keep others waiting."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, select

from digestbot.domain.delivery import OPEN, DeliveryState
from digestbot.storage.tables import delivery as table

OF_A_CHANNEL: Final = 8
"""Rows of one channel at a time: they are worked on one after the other anyway."""

_WORK = table.c.state.in_([str(state) for state in OPEN])


def due_by_turns(now: datetime, limit: int) -> Select[Any]:
    """`id`, `platform`, `tenant` and `channel` of what is next (see `ports.Ledger.due`); it costs O(open)."""
    lanes = _lanes(now)
    unhindered = (lanes.c.hindered == 0) | (lanes.c.state == DeliveryState.CORRECTING)
    in_turn = (lanes.c.urgent.desc(), lanes.c.lane, lanes.c.expected, lanes.c.id)
    turn = func.row_number().over(partition_by=(lanes.c.platform, lanes.c.tenant), order_by=in_turn).label("turn")
    turns = select(lanes, turn).where(lanes.c.due <= now, lanes.c.lane <= OF_A_CHANNEL, unhindered).subquery()
    return (
        select(turns.c.id, turns.c.platform, turns.c.tenant, turns.c.channel)
        .where(turns.c.turn <= max(1, limit // 4))
        .order_by(turns.c.urgent.desc(), turns.c.turn, turns.c.expected, turns.c.id)
        .limit(limit)
    )


def _lanes(now: datetime) -> Any:  # noqa: ANN401 - a subquery's columns are known to the database alone
    """Open rows with their place among the due ones of their channel.

    `hindered` counts those before one that failed and wait for another try: what comes later may not pass them.
    """
    of_a_channel = (table.c.platform, table.c.tenant, table.c.channel)
    earliest = (table.c.urgent.desc(), table.c.expected, table.c.id)
    is_due, waits = table.c.due <= now, (table.c.due > now) & (table.c.failures > 0)
    posts = waits & (table.c.state != DeliveryState.CORRECTING)

    def so_far(which: ColumnElement[bool]) -> ColumnElement[int]:
        counted = func.sum(case((which, 1), else_=0))
        return counted.over(partition_by=of_a_channel, order_by=earliest, rows=(None, 0))

    lane, hindered = so_far(is_due).label("lane"), so_far(posts).label("hindered")
    columns = (table.c.id, *of_a_channel, table.c.state, table.c.urgent, table.c.due, table.c.expected)
    return select(*columns, lane, hindered).where(_WORK).subquery()
