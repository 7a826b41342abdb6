"""A cron expression: the wall-clock minutes it names and where they fall on the time line.

cronsim reads the expression as Debian's cron does; placing the minutes is ours, because its own walk through a change
of the clocks can return an instant before its start, and misses hourly jobs in zones that shift by half an hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cronsim import CronSim, CronSimError

from digestbot.domain.wallclock import WIDEST_SHIFT, wall_instant, wall_instants, wall_time
from digestbot.errors import UserMistake

FIELDS = 5
_MINUTE = timedelta(minutes=1)

Match = tuple[datetime, str]
"""An instant (UTC) and the key that names it: its wall time, marked where a clock shows that for the second time."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression of five fields, read as Debian's cron reads it."""

    expression: str

    def __str__(self) -> str:
        return self.expression

    @property
    def fixed(self) -> bool:
        """Whether it names its hours and minutes, so that it obeys the once-a-day rule and not elapsed time."""
        minute, hour, *_ = self.expression.split()
        return not minute.startswith("*") and not hour.startswith("*")


def parse_cron(text: str) -> Cron:
    """Raises `UserMistake` for what cron does not read and for dates that never come."""
    try:
        next(CronSim(text, datetime(2024, 1, 1, tzinfo=UTC)))
    except CronSimError as fault:
        wrong = str(fault)
        raise UserMistake(f"“{text}” is no cron expression: {wrong[:1].lower()}{wrong[1:]}.") from fault
    except StopIteration as fault:
        raise UserMistake(f"“{text}” never comes due: there is no such date.") from fault
    return Cron(text)


def next_match(cron: Cron, zone: str, after: datetime) -> Match | None:
    """The first later than `after`; None if no such date comes in 50 years."""
    found: Match | None = None
    margin = _margin(zone, after)
    for wall in CronSim(cron.expression, wall_time(after, zone) - margin):
        if found and wall - margin > wall_time(found[0], zone):
            break
        for match in _placed(cron, zone, wall):
            if match[0] > after and (found is None or match < found):
                found = match
    return found


def last_match(cron: Cron, zone: str, until: datetime) -> Match | None:
    """The newest not later than `until`."""
    found: Match | None = None
    margin = _margin(zone, until)
    for wall in CronSim(cron.expression, wall_time(until, zone) + margin + _MINUTE, reverse=True):
        if found and wall + margin < wall_time(found[0], zone):
            break
        for match in _placed(cron, zone, wall):
            if match[0] <= until and (found is None or _newer(match, found)):
                found = match
    return found


def _margin(zone: str, at: datetime) -> timedelta:
    """How far wall clock and time line may disagree about what comes first; nothing while no change is near."""
    near = WIDEST_SHIFT + timedelta(days=1)
    shifts = {wall_time(when, zone) - when.replace(tzinfo=None) for when in (at - near, at, at + near)}
    return WIDEST_SHIFT if len(shifts) > 1 else _MINUTE


def _newer(match: Match, found: Match) -> bool:
    """Of two at one instant (the end of a gap) the earlier key stands for both, as in `next_match`."""
    return match[0] > found[0] or (match[0] == found[0] and match[1] < found[1])


def _placed(cron: Cron, zone: str, wall: datetime) -> Iterator[Match]:
    key = f"{wall:%Y-%m-%dT%H:%M}"
    if cron.fixed:
        at = wall_instant(wall.date(), wall.time(), zone)
        if at:
            yield at, key
        return
    for n, at in enumerate(wall_instants(wall, zone)):
        yield at, f"{key}~{n + 1}" if n else key
