"""Quiet hours: they end when they say, over midnight and over changes of the clocks."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.domain.schedule import QuietHours, parse_quiet
from digestbot.errors import UserMistake
from tests.unit.domain.wallwalk import MINUTE, ZONES, changes, shown, utc

RANGES = ("22:00-07:00", "23:30-00:30", "00:00-06:00", "02:10-02:40", "22:00-02:30", "13:00-14:00", "01:00-03:00")


def quiet(text: str) -> QuietHours:
    parsed = parse_quiet(text)
    assert parsed
    return parsed


@pytest.mark.parametrize(
    ("hours", "zone", "now", "over"),
    [
        ("22:00-07:00", "Europe/Berlin", "2026-06-01T21:59+02:00", "2026-06-01T21:59+02:00"),
        ("22:00-07:00", "Europe/Berlin", "2026-06-01T22:00+02:00", "2026-06-02T07:00+02:00"),
        ("22:00-07:00", "Europe/Berlin", "2026-06-02T06:59+02:00", "2026-06-02T07:00+02:00"),
        ("22:00-07:00", "Europe/Berlin", "2026-06-02T07:00+02:00", "2026-06-02T07:00+02:00"),
        ("13:00-14:00", "Asia/Kolkata", "2026-06-01T13:30+05:30", "2026-06-01T14:00+05:30"),
        ("13:00-14:00", "Asia/Kolkata", "2026-06-01T12:30+05:30", "2026-06-01T12:30+05:30"),
        # the night is an hour shorter, then an hour longer
        ("22:00-07:00", "Europe/Berlin", "2026-03-28T23:00+01:00", "2026-03-29T07:00+02:00"),
        ("22:00-07:00", "Europe/Berlin", "2026-10-24T23:00+02:00", "2026-10-25T07:00+01:00"),
        # an end that the clocks skip, an end that comes twice
        ("22:00-02:30", "Europe/Berlin", "2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00"),
        ("22:00-02:30", "Europe/Berlin", "2026-10-25T02:15+02:00", "2026-10-25T02:30+01:00"),
        ("22:00-02:30", "Europe/Berlin", "2026-10-25T02:15+01:00", "2026-10-25T02:30+01:00"),
        ("22:00-02:30", "Europe/Berlin", "2026-10-25T02:30+01:00", "2026-10-25T02:30+01:00"),
        # quiet hours that lie in the gap do not happen; in the overlap they reach over both passes
        ("02:10-02:40", "Europe/Berlin", "2026-03-29T03:00+02:00", "2026-03-29T03:00+02:00"),
        ("02:10-02:40", "Europe/Berlin", "2026-10-25T02:50+02:00", "2026-10-25T02:40+01:00"),
        # Apia had no 30 December 2011
        ("22:00-07:00", "Pacific/Apia", "2011-12-29T23:00-10:00", "2011-12-31T07:00+14:00"),
        ("22:00-07:00", "Pacific/Apia", "2011-12-31T06:00+14:00", "2011-12-31T07:00+14:00"),
    ],
)
def test_quiet_hours_are_over_at(hours: str, zone: str, now: str, over: str) -> None:
    assert quiet(hours).over_at(utc(now), zone) == utc(over)


def test_seconds_count() -> None:
    now = utc("2026-06-01T22:00Z") - timedelta(microseconds=1)
    assert quiet("22:00-07:00").over_at(now, "UTC") == now


def wall_is_quiet(hours: QuietHours, wall: datetime) -> bool:
    clock = wall.time()
    if hours.start < hours.end:
        return hours.start <= clock < hours.end
    return clock >= hours.start or clock < hours.end


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(RANGES),
    st.sampled_from([zone for zone in ZONES if changes(zone, 2026)]),
    st.data(),
)
def test_nothing_is_posted_while_a_clock_on_the_wall_shows_a_quiet_time(
    text: str, zone: str, data: st.DataObject
) -> None:
    hours = quiet(text)
    change = data.draw(st.sampled_from(changes(zone, 2026)))
    now = change + data.draw(st.integers(-30 * 60, 30 * 60)) * MINUTE
    over = hours.over_at(now, zone)
    (_, wall), (_, wall_at_end) = (next(shown(zone, at, at + MINUTE)) for at in (now, over))
    assert over >= now
    assert not wall_is_quiet(hours, wall_at_end)
    if wall_is_quiet(hours, wall):
        assert over > now
    for instant, between in shown(zone, now, over):
        assert wall_is_quiet(hours, between) or abs(instant - change) < timedelta(hours=3)
    assert hours.over_at(over, zone) == over


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [("22:00-07:00", "22:00-07:00"), (" 9:00 – 10:30 ", "09:00-10:30"), ("0:00-6:00", "00:00-06:00")],
)
def test_what_people_type_is_made_canonical(typed: str, canonical: str) -> None:
    assert str(quiet(typed)) == canonical


@given(st.times(), st.times())
def test_every_range_survives_being_written_and_read(start: time, end: time) -> None:
    hours = QuietHours(start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0))
    if hours.start != hours.end:
        assert parse_quiet(str(hours)) == hours


@pytest.mark.parametrize("typed", ["none", " Off ", "no"])
def test_none_means_none(typed: str) -> None:
    assert parse_quiet(typed) is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("at night", "Write quiet hours as `22:00-07:00`, or `none`."),
        ("22:00-25:00", "“25:00” is no time of day: write it as `09:00` or `18:30`."),
        ("10pm-7am", "“10pm” is no time of day: write it as `09:00` or `18:30`."),
        ("22:00-22:00", "Quiet hours need an end that differs from their start: `22:00-07:00`, or `none`."),
    ],
)
def test_a_mistake_gets_one_sentence_that_says_what_to_write(typed: str, sentence: str) -> None:
    with pytest.raises(UserMistake) as caught:
        parse_quiet(typed)
    assert str(caught.value) == sentence
