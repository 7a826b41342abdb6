"""The wall clock of a zone: where a local day and time fall on the time line."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WIDEST_SHIFT = timedelta(hours=3)
"""No zone of today moves its clocks further at once; one that drops a whole calendar day is told apart."""


def wall_time(instant: datetime, zone: str) -> datetime:
    """What the clocks of `zone` show, naive."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def wall_instants(wall: datetime, zone: str) -> tuple[datetime, ...]:
    """Every instant (UTC) at which `zone` shows the naive `wall`: none in a gap, two in an overlap, else one."""
    found = (_placed(wall, zone, fold) for fold in (0, 1))
    return tuple(sorted({at for at in found if wall_time(at, zone) == wall}))


def wall_instant(day: date, at: time, zone: str) -> datetime | None:
    """The one instant (UTC) that stands for `at` on `day`: the first that shows it, or the end of the gap it is in.

    None where that local day does not exist at all.
    """
    wall = datetime.combine(day, at)
    late = _placed(wall, zone, 0)
    if wall_time(late, zone) == wall:
        return late
    early = _placed(wall, zone, 1)
    if late - early >= timedelta(days=1):
        return None
    return _change_between(early, late, ZoneInfo(zone))


def _placed(wall: datetime, zone: str, fold: int) -> datetime:
    """In a gap fold 0 counts from before it and so falls behind it; fold 1 the other way round."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def _change_between(early: datetime, late: datetime, tz: ZoneInfo) -> datetime:
    """The first instant with the later offset; `early` has the earlier one."""
    after = late.astimezone(tz).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(tz).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late.replace(microsecond=0)
