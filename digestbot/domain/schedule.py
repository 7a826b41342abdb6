"""A schedule: when a subscription is due, by the wall clock of its zone.

Once a local day: a time that the clocks skip runs at the first valid instant after the gap, a time that comes twice
runs at the first. A local day that does not exist at all has no run.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import count

from digestbot.domain.cron import FIELDS, Cron, last_match, next_match, parse_cron
from digestbot.domain.wallclock import wall_instant, wall_instants, wall_time
from digestbot.errors import UserMistake

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST_DAY_NAME = 3


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
        """`now`, or the end of the quiet hours it falls in.

        They reach from the first instant that shows `start` to the last that shows `end`, so nothing is posted while
        a clock on the wall shows a quiet time. An end on a day that does not exist moves to the next day.
        """
        today = wall_time(now, zone).date()
        for n in range(-2, 2):
            start = wall_instant(today + timedelta(days=n), self.start, zone)
            if start is None or start > now:
                continue
            end = self._end(today + timedelta(days=n), zone)
            if now < end:
                return end
        return now

    def _end(self, day: date, zone: str) -> datetime:
        """The end of the quiet hours that start on `day`."""
        first = 1 if self.start > self.end else 0
        ends = (self._last_on(day + timedelta(days=n), zone) for n in count(first))
        return next(end for end in ends if end)

    def _last_on(self, day: date, zone: str) -> datetime | None:
        shown = wall_instants(datetime.combine(day, self.end), zone)
        return shown[-1] if shown else wall_instant(day, self.end, zone)


def next_slot(cadence: Cadence, zone: str, after: datetime) -> Slot | None:
    """The first due time later than `after` (aware); None for an instant cadence or a cron that never comes."""
    slots = [_next(timing, zone, after) for timing in cadence.timings]
    return min((slot for slot in slots if slot), default=None)


def last_slot(cadence: Cadence, zone: str, until: datetime) -> Slot | None:
    """The newest due time not later than `until`: what one catch-up run stands for."""
    slots = [slot for timing in cadence.timings if (slot := _last(timing, zone, until))]
    newest = max((slot.at for slot in slots), default=None)
    return min((slot for slot in slots if slot.at == newest), default=None)


def _next(timing: Weekly | Cron, zone: str, after: datetime) -> Slot | None:
    if isinstance(timing, Cron):
        found = next_match(timing, zone, after)
        return Slot(*found) if found else None
    today = wall_time(after, zone).date()
    slots = (_slot_on(timing, zone, today + timedelta(days=n)) for n in count())
    return next(slot for slot in slots if slot and slot.at > after)


def _last(timing: Weekly | Cron, zone: str, until: datetime) -> Slot | None:
    if isinstance(timing, Cron):
        found = last_match(timing, zone, until)
        return Slot(*found) if found else None
    today = wall_time(until, zone).date()
    slots = (_slot_on(timing, zone, today - timedelta(days=n)) for n in count(-1))
    return next(slot for slot in slots if slot and slot.at <= until)


def _slot_on(timing: Weekly, zone: str, day: date) -> Slot | None:
    if day.weekday() not in timing.days:
        return None
    at = wall_instant(day, timing.at, zone)
    return Slot(at, f"{day}T{timing.at:%H:%M}") if at else None


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
    if len(text.split()) == FIELDS:
        return parse_cron(text)
    raise UserMistake(f"“{text}” is no time to post: write {_FORMS}.")


def _days(text: str) -> tuple[int, ...]:
    names = [name for name in re.split(r"[, ]+", text) if name]
    if not names:
        raise UserMistake(f"Say on which days: {', '.join(DAYS)}, several with commas.")
    return tuple(sorted({_day(name) for name in names}))


def _day(name: str) -> int:
    for number, full in enumerate(_DAY_NAMES):
        if len(name) >= _SHORTEST_DAY_NAME and full.startswith(name):
            return number
    raise UserMistake(f"“{name}” is no day of the week: take {', '.join(DAYS)}.")


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
    hours = QuietHours(parse_clock(start), parse_clock(end))
    if hours.start == hours.end:
        raise UserMistake("Quiet hours need an end that differs from their start: `22:00-07:00`, or `none`.")
    return hours


def parse_zone(text: str) -> str:
    """The IANA name as the zone database spells it. Raises `UserMistake`."""
    names = _zone_names()
    found = names.get(text.strip().replace(" ", "_").casefold())
    if found is None:
        raise UserMistake(_no_zone(text, names))
    return found


@lru_cache(maxsize=1)
def _zone_names() -> dict[str, str]:
    """Folded name to name; a machine's own `localtime` and the placeholder `Factory` are nobody's zone."""
    from zoneinfo import available_timezones  # noqa: PLC0415 - walks the zone database, once

    return {name.casefold(): name for name in sorted(available_timezones() - {"localtime", "Factory"})}


def _no_zone(text: str, names: dict[str, str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - needed for mistakes only

    wanted = text.strip().replace(" ", "_").casefold()
    by_city = {name.rpartition("/")[2]: full for name, full in names.items()}
    near = [by_city[c] for c in get_close_matches(wanted.rpartition("/")[2], by_city, n=1, cutoff=0.75)]
    hint = f"Did you mean `{near[0]}`?" if near else "Write it as `Europe/Paris`."
    return f"There is no time zone “{text.strip()}”. {hint}"
