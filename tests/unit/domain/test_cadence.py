"""Cadences as admins type them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.domain.cron import Cron
from digestbot.domain.schedule import Cadence, Weekly, parse_cadence, parse_clock, parse_zone
from digestbot.errors import UserMistake

FORMS = "`instant`, `daily 09:00`, `weekly mon,thu 18:30` or a cron expression such as `0 9 * * mon-fri`"

clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
days = st.sets(st.integers(0, 6), min_size=1).map(lambda numbers: tuple(sorted(numbers)))
crons = st.sampled_from(["0 9 * * 1", "*/5 8-18 * * mon-fri", "0 0 L * *"]).map(Cron)
timings = st.lists(st.builds(Weekly, clocks, days) | crons, max_size=4, unique=True).map(tuple)


@given(timings)
def test_every_cadence_survives_being_written_and_read(chosen: tuple[Weekly | Cron, ...]) -> None:
    assert parse_cadence(str(Cadence(chosen))) == Cadence(chosen)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("instant", "instant"),
        (" Instant ", "instant"),
        ("daily 9:00", "daily 09:00"),
        ("DAILY 09:00", "daily 09:00"),
        ("daily 09:00; daily 9:00;", "daily 09:00"),
        ("daily 09:00; weekly fri 20:00", "daily 09:00; weekly fri 20:00"),
        ("weekly thu, mon 18:30", "weekly mon,thu 18:30"),
        ("weekly Monday thurs 18:30", "weekly mon,thu 18:30"),
        ("weekly mon,tue,wed,thu,fri,sat,sun 07:00", "daily 07:00"),
        ("0  9 * *  mon-fri", "0 9 * * mon-fri"),
    ],
)
def test_what_people_type_is_made_canonical(typed: str, canonical: str) -> None:
    assert str(parse_cadence(typed)) == canonical


def test_words_become_values() -> None:
    assert parse_cadence("daily 09:00; weekly sat,sun 12:30; */10 * * * *") == Cadence(
        (Weekly(time(9)), Weekly(time(12, 30), (5, 6)), Cron("*/10 * * * *"))
    )
    assert parse_cadence("instant").instant
    assert not parse_cadence("daily 09:00").instant


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", f"Say when: {FORMS}."),
        (" ; ", f"Say when: {FORMS}."),
        ("hourly", f"“hourly” is no time to post: write {FORMS}."),
        ("instant; daily 09:00", f"“instant” is no time to post: write {FORMS}."),
        ("weekly 18:30", f"“weekly 18:30” is no time to post: write {FORMS}."),
        ("daily nine", "“nine” is no time of day: write it as `09:00` or `18:30`."),
        ("daily 24:00", "“24:00” is no time of day: write it as `09:00` or `18:30`."),
        ("daily 09:60", "“09:60” is no time of day: write it as `09:00` or `18:30`."),
        ("weekly mon,funday 18:30", "“funday” is no day of the week: take mon, tue, wed, thu, fri, sat, sun."),
        ("weekly monkey 18:30", "“monkey” is no day of the week: take mon, tue, wed, thu, fri, sat, sun."),
        ("weekly mo 18:30", "“mo” is no day of the week: take mon, tue, wed, thu, fri, sat, sun."),
        ("weekly , 18:30", "Say on which days: mon, tue, wed, thu, fri, sat, sun, several with commas."),
        ("0 9 30 2 *", "“0 9 30 2 *” is no cron expression: bad day-of-month."),
        ("0 25 * * *", "“0 25 * * *” is no cron expression: bad hour."),
        ("0 0 */30 2 tue#5", "“0 0 */30 2 tue#5” never comes due: there is no such date."),
    ],
)
def test_a_mistake_gets_one_sentence_that_says_what_to_write(typed: str, sentence: str) -> None:
    with pytest.raises(UserMistake) as caught:
        parse_cadence(typed)
    assert str(caught.value) == sentence


def test_a_clock_has_hours_and_minutes() -> None:
    assert parse_clock(" 9:05 ") == time(9, 5)
    assert parse_clock("23:59") == time(23, 59)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("europe/paris", "Europe/Paris"), (" America/New York ", "America/New_York"), ("utc", "UTC"), ("gb", "GB")],
)
def test_a_zone_is_spelt_as_the_database_does(typed: str, zone: str) -> None:
    assert parse_zone(typed) == zone


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Europe/Pariss", "There is no time zone “Europe/Pariss”. Did you mean `Europe/Paris`?"),
        ("New Yrok", "There is no time zone “New Yrok”. Did you mean `America/New_York`?"),
        ("+02:00", "There is no time zone “+02:00”. Write it as `Europe/Paris`."),
        ("", "There is no time zone “”. Write it as `Europe/Paris`."),
        ("localtime", "There is no time zone “localtime”. Write it as `Europe/Paris`."),
        ("../../etc/passwd", "There is no time zone “../../etc/passwd”. Write it as `Europe/Paris`."),
    ],
)
def test_a_mistaken_zone_gets_the_nearest_one(typed: str, sentence: str) -> None:
    with pytest.raises(UserMistake) as caught:
        parse_zone(typed)
    assert str(caught.value) == sentence
