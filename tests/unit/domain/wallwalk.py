"""What the clocks of a zone show, found by walking through UTC minutes: the oracle for everything about schedules.

It knows no rule about gaps and overlaps and never builds an aware local time, which is what the code under test does.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Anchorage",
    "America/Asuncion",
    "America/Bogota",
    "America/Chicago",
    "America/Halifax",
    "America/Havana",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Scoresbysund",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Pyongyang",
    "Asia/Riyadh",
    "Asia/Shanghai",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Asia/Yangon",
    "Atlantic/Azores",
    "Atlantic/Reykjavik",
    "Australia/Adelaide",
    "Australia/Eucla",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Chisinau",
    "Europe/Dublin",
    "Europe/Istanbul",
    "Europe/Lisbon",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Easter",
    "Pacific/Kiritimati",
    "Pacific/Norfolk",
    "UTC",
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def shown(zone: str, start: datetime, end: datetime, step: timedelta = MINUTE) -> Iterator[tuple[datetime, datetime]]:
    """Each instant of a stretch with the naive wall time."""
    tz = ZoneInfo(zone)
    while start < end:
        yield start, start.astimezone(tz).replace(tzinfo=None)
        start += step


@lru_cache(maxsize=128)
def hours(zone: str, year: int) -> tuple[tuple[datetime, datetime], ...]:
    """The hours of a year in UTC, and those before and after it that other zones may count to it."""
    return tuple(shown(zone, datetime(year - 1, 12, 31, tzinfo=UTC), datetime(year + 1, 1, 2, tzinfo=UTC), HOUR))


@lru_cache(maxsize=128)
def changes(zone: str, year: int) -> tuple[datetime, ...]:
    """The hours of a year within which the clocks are moved."""
    offsets = [(instant, wall - instant.replace(tzinfo=None)) for instant, wall in hours(zone, year)]
    return tuple(before for (before, old), (_, new) in pairwise(offsets) if old != new)


def existing_days(zone: str, year: int) -> list[date]:
    return sorted({wall.date() for _, wall in hours(zone, year) if wall.year == year})


@lru_cache(maxsize=128)
def minutes(zone: str, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The minutes in which `day` happens anywhere on earth, and a few more."""
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    return tuple(shown(zone, midnight - 16 * HOUR, midnight + 40 * HOUR))


def first_showing(zone: str, day: date, at: time) -> datetime | None:
    """The first minute at which the wall shows `at` on `day` or is past it; None if it never shows that day."""
    wanted = datetime.combine(day, at)
    if not any(wall.date() == day for _, wall in minutes(zone, day)):
        return None
    return next(instant for instant, wall in minutes(zone, day) if wall >= wanted)
