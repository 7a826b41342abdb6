"""Times: instants for every reader, days and numbers in the reader's language."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from jinja2 import DictLoader, TemplateRuntimeError

from digestbot.domain.card import Paragraph, Text, Time, plain_text
from digestbot.rendering.markdown import parse
from digestbot.rendering.sandbox import Sandbox
from digestbot.rendering.times import local_days

SANDBOX = Sandbox(DictLoader({}))
AT = datetime(2020, 10, 15, 16, 0, tzinfo=UTC)


def written(template: str, locale: str = "en", zone: str = "America/Los_Angeles", **values: Any) -> Any:  # noqa: ANN401  # any value
    source = "".join(SANDBOX.from_string(template).generate(locale=locale, zone=zone, **values))
    blocks, faults = parse(source)
    assert faults == ()
    return blocks


def text(template: str, locale: str = "en", zone: str = "America/Los_Angeles", **values: Any) -> str:  # noqa: ANN401  # any value
    (block,) = written(template, locale, zone, **values)
    return plain_text(block.content)


def test_an_instant_becomes_a_time_for_every_reader() -> None:
    assert written("{{ at | time }}", at=AT) == (Paragraph((Time(AT, "Oct 15, 2020, 9:00\u202fAM PDT", "datetime"),)),)
    assert written("{{ at | time('relative') }}", at=AT)[0].content[0].style == "relative"
    assert written("{{ at | date }}", at=AT) == (Paragraph((Time(AT, "Oct 15, 2020", "date"),)),)


def test_the_same_instant_from_another_zone_is_the_same_time() -> None:
    east = AT.astimezone(timezone(timedelta(hours=9)))
    assert written("{{ at | time }}", at=east)[0].content[0].at == AT


@pytest.mark.parametrize(
    ("locale", "zone", "shown"),
    [
        ("en", "UTC", "Oct 15, 2020, 4:00\u202fPM UTC"),
        ("fr", "Europe/Paris", "15 oct. 2020, 18:00 UTC+02:00"),
        ("de-DE", "Asia/Kolkata", "15.10.2020, 21:30 GMT+05:30"),
        ("nonsense", "No/Where", "Oct 15, 2020, 4:00\u202fPM UTC"),
    ],
)
def test_the_text_beside_it_follows_locale_and_zone(locale: str, zone: str, shown: str) -> None:
    assert text("{{ at | time }}", locale, zone, at=AT) == shown


def test_a_day_is_text_in_the_readers_language() -> None:
    day = date(2020, 10, 14)
    assert written("{{ d | date }}", d=day) == (Paragraph((Text("October 14, 2020"),)),)
    assert text("{{ d | date('short') }}", "de", d=day) == "14.10.20"
    assert text("{{ days(d) }}", "fr", d=day) == "14 octobre 2020"
    assert text("{{ days(d, e) }}", d=day, e=date(2020, 10, 16)) == "Oct 14\u2009–\u200916, 2020"


def test_nothing_is_written_for_no_time() -> None:
    assert written("{{ none | time }}{{ none | date }}{{ days(none, none) }}") == ()


def test_numbers_and_plurals_follow_the_locale() -> None:
    assert text("{{ n | number }} {{ n | plural('prize', 'prizes') }}", n=12345) == "12,345 prizes"
    assert text("{{ n | number }} {{ n | plural('prize', 'prizes') }}", n=1) == "1 prize"
    assert text("{{ n | plural('приз', 'призов', few='приза') }}", "ru", n=3) == "приза"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ at }}", "write {{ … | time }}"),
        ("{{ day | time }}", "for a day use the filter date"),
        ("{{ naive | time }}", "an aware datetime"),
        ("{{ at | time('weekly') }}", "date, time, datetime, relative"),
        ("{{ day | date('huge') }}", "short, medium, long, full"),
    ],
)
def test_a_mistake_says_how_to_put_it_right(template: str, message: str) -> None:
    with pytest.raises(TemplateRuntimeError, match=message.replace("|", r"\|").replace("{", r"\{")):
        written(template, at=AT, day=date(2020, 1, 1), naive=datetime(2020, 1, 1))  # noqa: DTZ001  # the mistake


def test_an_event_has_the_days_of_its_own_zone() -> None:
    starts = datetime(2026, 5, 23, 22, 30, tzinfo=UTC)
    assert local_days(starts, None, "Europe/Paris") == (date(2026, 5, 24), None)
    assert local_days(starts, starts + timedelta(days=2), "UTC") == (date(2026, 5, 23), date(2026, 5, 25))
    assert local_days(date(2026, 5, 23), date(2026, 5, 23), None) == (date(2026, 5, 23), None)
    assert local_days(None, None, None) == (None, None)


def test_a_night_that_ends_after_midnight_is_one_day() -> None:
    starts = datetime(2026, 5, 23, 18, 0, tzinfo=UTC)
    assert local_days(starts, starts + timedelta(hours=5), "Europe/Paris") == (date(2026, 5, 23), None)
