"""A schedule: when a subscription is due, by the wall clock of its zone.

Once a local day: a time that the clocks skip runs at the first valid instant after the gap, a time that comes twice
runs at the first (DESIGN §3.3, F5.1). A local day that does not exist at all has no run.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from digestbot.errors import UserMistake

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CRON_FIELDS = 5
_HORIZON = 370 * 9  # days: a weekday in a zone recurs long before, a cron expression decides for itself


@dataclass(frozen=True, slots=True)
class Weekly:
    """At a wall-clock time on some days (0 is Monday); all seven make it daily."""

    at: time
    days: tuple[int, ...] = tuple(range(7))

    def __str__(self) -> str:
        if len(self.days) == len(DAYS):
            return f"daily {self.at:%H:%M}"
        return f"weekly {','.join(DAYS[day] for day in self.days)} {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression of five fields, read as Debian's cron reads it."""

    expression: str

    def __str__(self) -> str:
        return self.expression


@dataclass(frozen=True, slots=True)
class Cadence:
    """The times of a digest; none at all means instant: a card a story, as soon as it is live."""

    timings: tuple[Weekly | Cron, ...] = ()

    @property
    def instant(self) -> bool:
        return not self.timings

    def __str__(self) -> str:
        """The canonical text; `parse_cadence` reads it back."""
        return "; ".join(map(str, self.timings)) or "instant"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A due time: the instant (UTC) and the key that names the occasion whatever the offset rules become."""

    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end` by the wall clock, over midnight if `end` is earlier."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def over_at(self, now: datetime, zone: str) -> datetime:
        """The first instant from `now` on that is not quiet."""
        local = now.astimezone(ZoneInfo(zone))
        clock = local.time().replace(tzinfo=None)
        overnight = self.start > self.end
        quiet = (clock >= self.start or clock < self.end) if overnight else self.start <= clock < self.end
        if not quiet:
            return now
        days = (local.date() + timedelta(days=n) for n in count())
        ends = (wall_instant(day, self.end, zone) for day in days)
        return next(end for end in ends if end is not None and end > now)


def wall_instant(day: date, at: time, zone: str) -> datetime | None:
    """The instant (UTC) at which `zone` shows `at` on `day`; None where that local day does not exist."""
    tz = ZoneInfo(zone)
    local = datetime.combine(day, at, tzinfo=tz)
    late = local.astimezone(UTC)
    if late.astimezone(tz).replace(tzinfo=None) == local.replace(tzinfo=None):
        return late
    early = local.replace(fold=1).astimezone(UTC)
    if late - early >= timedelta(days=1):
        return None
    return _change_between(early, late, tz)


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


def next_slot(cadence: Cadence, zone: str, after: datetime) -> Slot | None:
    """The first due time later than `after` (aware); None for an instant cadence or a cron that never comes."""
    slots = [_next(timing, zone, after) for timing in cadence.timings]
    return min((slot for slot in slots if slot), default=None)


def last_slot(cadence: Cadence, zone: str, until: datetime) -> Slot | None:
    """The newest due time not later than `until`: what one catch-up run stands for."""
    slots = [_last(timing, zone, until) for timing in cadence.timings]
    return max((slot for slot in slots if slot), default=None)


def _next(timing: Weekly | Cron, zone: str, after: datetime) -> Slot | None:
    if isinstance(timing, Cron):
        return _cron_slot(timing, zone, after, reverse=False)
    today = after.astimezone(ZoneInfo(zone)).date()
    for n in range(-1, _HORIZON):
        slot = _slot_on(timing, zone, today + timedelta(days=n))
        if slot and slot.at > after:
            return slot
    return None


def _last(timing: Weekly | Cron, zone: str, until: datetime) -> Slot | None:
    if isinstance(timing, Cron):
        return _cron_slot(timing, zone, until + timedelta(seconds=1), reverse=True)
    today = until.astimezone(ZoneInfo(zone)).date()
    for n in range(1, -_HORIZON, -1):
        slot = _slot_on(timing, zone, today + timedelta(days=n))
        if slot and slot.at <= until:
            return slot
    return None


def _slot_on(timing: Weekly, zone: str, day: date) -> Slot | None:
    if day.weekday() not in timing.days:
        return None
    at = wall_instant(day, timing.at, zone)
    return Slot(at, f"{day}T{timing.at:%H:%M}") if at else None


def _cron_slot(timing: Cron, zone: str, start: datetime, *, reverse: bool) -> Slot | None:
    try:
        local = next(CronSim(timing.expression, start.astimezone(ZoneInfo(zone)), reverse=reverse))
    except StopIteration:
        return None
    return Slot(local.astimezone(UTC), f"{local:%Y-%m-%dT%H:%M%z}")


def parse_cadence(text: str) -> Cadence:
    """Read `instant`, `daily 09:00`, `weekly mon,thu 18:30` or a cron expression, several with `;`.

    Raises `UserMistake` with one sentence saying what to write instead.
    """
    words = [" ".join(part.split()) for part in text.split(";") if part.strip()]
    if [word.casefold() for word in words] == ["instant"]:
        return Cadence()
    if not words:
        raise UserMistake(f"Say when: {_FORMS}.")
    return Cadence(tuple(dict.fromkeys(_timing(word) for word in words)))


_FORMS = "`instant`, `daily 09:00`, `weekly mon,thu 18:30` or a cron expression such as `0 9 * * mon-fri`"


def _timing(text: str) -> Weekly | Cron:
    lowered = text.casefold()
    if match := re.fullmatch(r"daily (\S+)", lowered):
        return Weekly(parse_clock(match[1]))
    if match := re.fullmatch(r"weekly ([a-z, ]+?) (\S*\d\S*)", lowered):
        return Weekly(parse_clock(match[2]), _days(match[1]))
    if len(text.split()) == _CRON_FIELDS:
        return _cron(text)
    raise UserMistake(f"“{text}” is no time to post: write {_FORMS}.")


def _days(text: str) -> tuple[int, ...]:
    names = [name for name in re.split(r"[, ]+", text) if name]
    wrong = [name for name in names if name[:3] not in DAYS]
    if wrong:
        raise UserMistake(f"“{wrong[0]}” is no day of the week: take {', '.join(DAYS)}.")
    return tuple(sorted({DAYS.index(name[:3]) for name in names}))


def _cron(text: str) -> Cron:
    try:
        next(CronSim(text, datetime(2024, 1, 1, tzinfo=UTC)))
    except CronSimError as fault:
        raise UserMistake(f"“{text}” is no cron expression: {fault}.") from fault
    except StopIteration as fault:
        raise UserMistake(f"“{text}” never comes due: there is no such date.") from fault
    return Cron(text)


def parse_clock(text: str) -> time:
    """Read `9:00` or `09:00` (24 hours). Raises `UserMistake`."""
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    try:
        return time(int(match[1]), int(match[2])) if match else _no_clock(text)
    except ValueError:
        return _no_clock(text)


def _no_clock(text: str) -> time:
    raise UserMistake(f"“{text}” is no time of day: write it as `09:00` or `18:30`.")


def parse_quiet(text: str) -> QuietHours | None:
    """Read `22:00-07:00` or `none`. Raises `UserMistake`."""
    if text.strip().casefold() in {"none", "off", "no"}:
        return None
    start, dash, end = text.replace("–", "-").partition("-")
    if not dash:
        raise UserMistake("Write quiet hours as `22:00-07:00`, or `none`.")
    return QuietHours(parse_clock(start), parse_clock(end))


@lru_cache(maxsize=1024)
def parse_zone(text: str) -> str:
    """The IANA name as the zone database spells it. Raises `UserMistake`."""
    from zoneinfo import available_timezones  # noqa: PLC0415 - walks the zone database, once

    names = {name.casefold(): name for name in available_timezones()}
    found = names.get(text.strip().replace(" ", "_").casefold())
    if found is None:
        raise UserMistake(_no_zone(text, names))
    return found


def _no_zone(text: str, names: dict[str, str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - needed for mistakes only

    wanted = text.strip().replace(" ", "_").casefold()
    by_city = {name.rpartition("/")[2]: full for name, full in names.items()}
    near = [by_city[c] for c in get_close_matches(wanted.rpartition("/")[2], by_city, n=1, cutoff=0.75)]
    hint = f"Did you mean `{near[0]}`?" if near else "Write it as `Europe/Paris`."
    return f"There is no time zone “{text.strip()}”. {hint}"
