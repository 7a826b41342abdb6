"""Schedules: one run a local day whatever the clocks do, held against a walk through the minutes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.domain.schedule import Cadence, Slot, Weekly, last_slot, next_slot, parse_cadence
from digestbot.domain.wallclock import wall_instant
from tests.unit.domain.wallwalk import DAY, HOUR, MINUTE, ZONES, changes, existing_days, first_showing, shown, utc

TIMES = (time(0), time(0, 30), time(1, 30), time(2, 30), time(9), time(23, 30))
ALL_ZONES = sorted(available_timezones() - {"localtime", "Factory"})


def slots(cadence: Cadence, zone: str, start: datetime, end: datetime) -> Iterator[Slot]:
    """From slot to slot, as the planner goes: those after `start` and not after `end`."""
    slot = next_slot(cadence, zone, start)
    while slot and slot.at <= end:
        assert slot.at > start
        yield slot
        start = slot.at
        slot = next_slot(cadence, zone, start)


def texts(cadence: str, zone: str, start: str, end: str) -> list[str]:
    """Slots as UTC minutes."""
    found = slots(parse_cadence(cadence), zone, utc(start), utc(end))
    return [f"{slot.at:%Y-%m-%dT%H:%MZ}" for slot in found]


# --- a simulated year --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", [time(2, 30), time(23, 30)], ids=str)
def test_a_year_has_one_run_on_every_local_day(zone: str, at: time) -> None:
    walk = slots(Cadence((Weekly(at),)), zone, utc("2025-12-30T00:00Z"), utc("2027-01-02T00:00Z"))
    year = [slot for slot in walk if slot.key.startswith("2026-")]
    assert [slot.key for slot in year] == [f"{day}T{at:%H:%M}" for day in existing_days(zone, 2026)]
    unusual = {change.date() + n * DAY for change in changes(zone, 2026) for n in (-1, 0, 1)}
    for slot in year:
        day = date.fromisoformat(slot.key[:10])
        if day in unusual:
            assert slot.at == first_showing(zone, day, at)
        else:
            assert list(shown(zone, slot.at, slot.at + MINUTE)) == [(slot.at, datetime.combine(day, at))]


@pytest.mark.parametrize("zone", ZONES)
def test_around_every_change_of_the_clocks_each_day_has_its_first_valid_minute(zone: str) -> None:
    for change in changes(zone, 2026):
        days = [change.date() + n * DAY for n in (-1, 0, 1)]
        for at in TIMES:
            walk = slots(Cadence((Weekly(at),)), zone, change - 3 * DAY, change + 3 * DAY)
            found = {slot.key: slot.at for slot in walk}
            for day in days:
                assert found[f"{day}T{at:%H:%M}"] == first_showing(zone, day, at), (day, at)


@pytest.mark.parametrize(
    ("zone", "year"),
    [
        ("America/Sao_Paulo", 2018),
        ("Asia/Tehran", 2022),
        ("Asia/Pyongyang", 2018),
        ("America/Caracas", 2016),
        ("Antarctica/Casey", 2020),
    ],
)
def test_years_of_odder_changes_obey_the_same_rule(zone: str, year: int) -> None:
    moved = changes(zone, year)
    assert moved
    for change in moved:
        for at in TIMES:
            walk = slots(Cadence((Weekly(at),)), zone, change - 3 * DAY, change + 3 * DAY)
            found = {slot.key: slot.at for slot in walk}
            for day in (change.date() + n * DAY for n in (-1, 0, 1)):
                assert found[f"{day}T{at:%H:%M}"] == first_showing(zone, day, at), (day, at)


@pytest.mark.parametrize("zone", ["Pacific/Apia", "Pacific/Fakaofo"])
@pytest.mark.parametrize("at", TIMES, ids=str)
def test_a_day_that_the_calendar_dropped_has_no_run(zone: str, at: time) -> None:
    walk = slots(Cadence((Weekly(at),)), zone, utc("2011-12-28T12:00Z"), utc("2012-01-02T12:00Z"))
    days = [slot.key[:10] for slot in walk]
    assert days[:4] in (
        ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"],
        ["2011-12-29", "2011-12-31", "2012-01-01", "2012-01-02"],
    )
    assert wall_instant(date(2011, 12, 30), at, zone) is None
    assert "2011-12-30" not in {str(day) for day in existing_days(zone, 2011)}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ALL_ZONES), st.dates(date(1996, 1, 1), date(2037, 12, 30)), st.times())
def test_any_time_on_any_day_in_any_zone_is_its_first_valid_minute(zone: str, day: date, at: time) -> None:
    at = at.replace(second=0, microsecond=0)
    assert wall_instant(day, at, zone) == first_showing(zone, day, at)


# --- known cases -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cadence", "zone", "day", "expected"),
    [
        ("daily 02:30", "Europe/Berlin", "2026-03-29", "2026-03-29T03:00+02:00"),
        ("daily 02:30", "Europe/Berlin", "2026-10-25", "2026-10-25T02:30+02:00"),
        ("daily 02:30", "America/New_York", "2026-03-08", "2026-03-08T03:00-04:00"),
        ("daily 01:30", "America/New_York", "2026-11-01", "2026-11-01T01:30-04:00"),
        ("daily 02:30", "America/New_York", "2026-11-01", "2026-11-01T02:30-05:00"),
        ("daily 01:30", "Europe/London", "2026-03-29", "2026-03-29T02:00+01:00"),
        ("daily 01:30", "Europe/London", "2026-10-25", "2026-10-25T01:30+01:00"),
        ("daily 02:15", "Australia/Lord_Howe", "2026-10-04", "2026-10-04T02:30+11:00"),
        ("daily 01:45", "Australia/Lord_Howe", "2026-04-05", "2026-04-05T01:45+11:00"),
        ("daily 00:30", "Asia/Beirut", "2026-03-29", "2026-03-29T01:00+03:00"),
        ("daily 23:30", "Asia/Beirut", "2026-10-24", "2026-10-24T23:30+03:00"),
        ("daily 02:00", "Antarctica/Troll", "2026-03-29", "2026-03-29T03:00+02:00"),
        ("daily 00:00", "America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00-02:00"),
        ("daily 23:30", "America/Nuuk", "2026-03-28", "2026-03-29T00:00-01:00"),
        ("daily 09:00", "Asia/Kathmandu", "2026-06-01", "2026-06-01T09:00+05:45"),
        ("daily 00:00", "UTC", "2028-02-29", "2028-02-29T00:00+00:00"),
    ],
)
def test_a_day_runs_when_written(cadence: str, zone: str, day: str, expected: str) -> None:
    start = datetime.combine(date.fromisoformat(day), time(12), tzinfo=UTC) - 2 * DAY
    found = {slot.key[:10]: slot.at for slot in slots(parse_cadence(cadence), zone, start, start + 4 * DAY)}
    assert found[day] == utc(expected)


def test_a_weekly_one_runs_on_its_days_alone() -> None:
    assert texts("weekly mon,thu 18:30", "Europe/Paris", "2026-11-20T00:00Z", "2026-12-01T00:00Z") == [
        "2026-11-23T17:30Z",
        "2026-11-26T17:30Z",
        "2026-11-30T17:30Z",
    ]


def test_a_weekly_one_whose_day_was_dropped_waits_a_week() -> None:
    friday = "weekly fri 10:00"  # Apia had no Friday, 30 December 2011
    assert texts(friday, "Pacific/Apia", "2011-12-20T00:00Z", "2012-01-08T00:00Z") == [
        "2011-12-23T20:00Z",
        "2012-01-05T20:00Z",
    ]


def test_several_timings_are_one_sequence() -> None:
    cadence = "daily 09:00; weekly sat 20:00; 0 12 1 * *"
    assert texts(cadence, "UTC", "2026-08-01T00:00Z", "2026-08-03T00:00Z") == [
        "2026-08-01T09:00Z",
        "2026-08-01T12:00Z",
        "2026-08-01T20:00Z",
        "2026-08-02T09:00Z",
    ]


def test_two_timings_that_a_gap_pushes_together_run_once() -> None:
    cadence = "daily 02:30; daily 03:00; 15 2 * * *"
    assert texts(cadence, "Europe/Berlin", "2026-03-29T00:00Z", "2026-03-29T20:00Z") == ["2026-03-29T01:00Z"]
    parsed, until = parse_cadence(cadence), utc("2026-03-29T01:00Z")
    assert next_slot(parsed, "Europe/Berlin", until - MINUTE) == last_slot(parsed, "Europe/Berlin", until)


def test_two_minutes_of_one_cron_that_a_gap_pushes_together_run_once() -> None:
    cron, until = parse_cadence("10,50 2 * * *"), utc("2026-03-29T01:00Z")
    expected = Slot(until, "2026-03-29T02:10")
    assert list(slots(cron, "Europe/Berlin", until - HOUR, until + HOUR)) == [expected]
    assert last_slot(cron, "Europe/Berlin", until) == expected


def test_instant_is_never_due_by_the_clock() -> None:
    assert next_slot(Cadence(), "UTC", utc("2026-01-01T00:00Z")) is None
    assert last_slot(Cadence(), "UTC", utc("2026-01-01T00:00Z")) is None


def test_the_slot_itself_is_not_later_than_itself() -> None:
    daily, nine = parse_cadence("daily 09:00"), utc("2026-06-01T09:00Z")
    assert next_slot(daily, "UTC", nine) == Slot(nine + DAY, "2026-06-02T09:00")
    assert next_slot(daily, "UTC", nine - timedelta(microseconds=1)) == Slot(nine, "2026-06-01T09:00")
    assert last_slot(daily, "UTC", nine) == Slot(nine, "2026-06-01T09:00")
    assert last_slot(daily, "UTC", nine - timedelta(microseconds=1)) == Slot(nine - DAY, "2026-05-31T09:00")


def test_a_key_names_the_wanted_wall_time_even_in_a_gap() -> None:
    cron, daily = parse_cadence("30 2 * * *"), parse_cadence("daily 02:30")
    before = utc("2026-03-29T00:30Z")
    expected = Slot(utc("2026-03-29T01:00Z"), "2026-03-29T02:30")
    assert next_slot(daily, "Europe/Berlin", before) == expected
    assert next_slot(cron, "Europe/Berlin", before) == expected


# --- cron --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 9 * * 1", ["2026-11-23T09:00Z", "2026-11-30T09:00Z"]),
        ("0 9 * * mon", ["2026-11-23T09:00Z", "2026-11-30T09:00Z"]),
        ("0 9 * * 0", ["2026-11-29T09:00Z"]),
        ("0 9 * * 7", ["2026-11-29T09:00Z"]),
        ("0 9 25 * sun", ["2026-11-25T09:00Z", "2026-11-29T09:00Z"]),
        ("0 9 * * mon#4", ["2026-11-23T09:00Z"]),
        ("0 9 L * *", ["2026-11-30T09:00Z"]),
        ("0 9 31 * *", []),
        ("0 0 29 2 *", []),
    ],
)
def test_cron_reads_days_as_debian_does(expression: str, expected: list[str]) -> None:
    assert texts(expression, "UTC", "2026-11-23T00:00Z", "2026-12-01T00:00Z") == expected


def test_a_leap_day_comes_in_its_year() -> None:
    slot = next_slot(parse_cadence("0 0 29 2 *"), "UTC", utc("2026-01-01T00:00Z"))
    assert slot == Slot(utc("2028-02-29T00:00Z"), "2028-02-29T00:00")


def test_an_hourly_cron_runs_in_both_passes_of_an_overlap_with_keys_of_their_own() -> None:
    walk = slots(parse_cadence("0 * * * *"), "Europe/Berlin", utc("2026-10-24T23:00Z"), utc("2026-10-25T02:00Z"))
    assert [(f"{slot.at:%H:%MZ}", slot.key) for slot in walk] == [
        ("00:00Z", "2026-10-25T02:00"),
        ("01:00Z", "2026-10-25T02:00~2"),
        ("02:00Z", "2026-10-25T03:00"),
    ]


CRONS = {
    "0 * * * *": (set(range(24)), {0}),
    "30 * * * *": (set(range(24)), {30}),
    "*/20 * * * *": (set(range(24)), {0, 20, 40}),
    "0 */2 * * *": (set(range(0, 24, 2)), {0}),
    "30 2 * * *": ({2}, {30}),
    "0 0 * * *": ({0}, {0}),
    "10,50 1-3 * * *": ({1, 2, 3}, {10, 50}),
    "45 0,23 * * *": ({0, 23}, {45}),
}


def expected_cron(expression: str, zone: str, start: datetime, end: datetime) -> list[datetime]:
    hours, minutes = CRONS[expression]
    if any(field.startswith("*") for field in expression.split()[:2]):
        walls = shown(zone, start + MINUTE, end + MINUTE)
        return [instant for instant, wall in walls if wall.hour in hours and wall.minute in minutes]
    days = {start.date() + n * DAY for n in range(-1, (end - start).days + 2)}
    all_runs = {first_showing(zone, day, time(hour, minute)) for day in days for hour in hours for minute in minutes}
    return sorted(run for run in all_runs if run and start < run <= end)


@pytest.mark.parametrize("expression", CRONS)
@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll", "Asia/Beirut"]
)
def test_cron_follows_the_wall_through_changes(expression: str, zone: str) -> None:
    for change in changes(zone, 2026):
        start, end = change - 26 * HOUR, change + 26 * HOUR
        walk = slots(parse_cadence(expression), zone, start, end)
        assert [slot.at for slot in walk] == expected_cron(expression, zone, start, end)


def test_a_start_in_the_second_pass_of_an_overlap_finds_nothing_in_the_first() -> None:
    second_pass = utc("2026-10-25T02:15+01:00")
    slot = next_slot(parse_cadence("30 2 * * *"), "Europe/Berlin", second_pass)
    assert slot == Slot(utc("2026-10-26T02:30+01:00"), "2026-10-26T02:30")
    assert last_slot(parse_cadence("30 2 * * *"), "Europe/Berlin", second_pass) == Slot(
        utc("2026-10-25T02:30+02:00"), "2026-10-25T02:30"
    )


# --- next and last -----------------------------------------------------------------------------------------------

cadences = st.lists(
    st.sampled_from(["daily 02:30", "daily 00:00", "weekly sun 01:45", "weekly sat,mon 23:30", "daily 09:00", *CRONS]),
    min_size=1,
    max_size=3,
).map("; ".join)


@st.composite
def instants_near_changes(draw: st.DrawFn) -> tuple[str, datetime]:
    zone = draw(st.sampled_from([zone for zone in ZONES if changes(zone, 2026)]))
    change = draw(st.sampled_from(changes(zone, 2026)))
    return zone, change + timedelta(seconds=draw(st.integers(-30 * 3600, 30 * 3600)))


@settings(deadline=None)
@given(cadences, instants_near_changes())
def test_last_undoes_next(text: str, place: tuple[str, datetime]) -> None:
    (zone, after), cadence = place, parse_cadence(text)
    slot = next_slot(cadence, zone, after)
    assert slot
    assert slot.at > after
    assert last_slot(cadence, zone, slot.at) == slot
    before = last_slot(cadence, zone, slot.at - timedelta(microseconds=1))
    assert before
    assert before.at <= after
    assert next_slot(cadence, zone, before.at) == slot
