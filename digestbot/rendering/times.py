"""Times, days and numbers in templates, written the way the reader's language writes them."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_time, get_timezone_gmt, get_timezone_name
from babel.numbers import format_decimal
from jinja2 import TemplateRuntimeError, pass_context
from jinja2.runtime import Context

from digestbot.rendering.escape import Markdown, backslashed, escape

TIME = "time:"
"""The scheme under which an instant travels through Markdown: `time:<style>:<ISO time>`."""

Style = Literal["date", "time", "datetime", "relative"]
STYLES: tuple[Style, ...] = get_args(Style)

_NIGHT = timedelta(hours=12)


@pass_context
def time_filter(context: Context, value: date | None, style: str = "datetime") -> Markdown:
    """`{{ at | time }}`: an instant, in each reader's own zone where the platform can; nothing for none."""
    if value is None:
        return Markdown("")
    if style not in STYLES:
        raise TemplateRuntimeError(f"time knows no style ‘{style}’, only {', '.join(STYLES)}")
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TemplateRuntimeError("time needs an instant (an aware datetime); for a day use the filter date")
    words = time_text(value, style, _of(context, "locale"), _of(context, "zone"))
    target = f"{TIME}{style}:{value.astimezone(UTC).isoformat()}"
    return Markdown(f"[{escape(words)}](<{backslashed(target)}>)")


@pass_context
def date_filter(context: Context, value: date | None, length: str = "long") -> Markdown:
    """`{{ day | date }}`: a day as text; an instant as its day in each reader's own zone. Lengths as in CLDR."""
    if isinstance(value, datetime):
        return time_filter(context, value, "date")
    if value is None:
        return Markdown("")
    if length not in {"short", "medium", "long", "full"}:
        raise TemplateRuntimeError(f"date knows no length ‘{length}’, only short, medium, long, full")
    return escape(format_date(value, length, locale=_language(context)))


@pass_context
def days(context: Context, first: date | None, last: date | None = None) -> Markdown:
    """`days(first, last)`: one day, or a stretch of days written once: Apr 22 – 24, 2016."""
    if first is None or last is None or last <= first:
        return date_filter(context, first)
    return escape(format_interval(first, last, "yMMMd", locale=_language(context)))


@pass_context
def number_filter(context: Context, value: float) -> Markdown:
    """`{{ 12345 | number }}`: 12,345 in English."""
    return escape(format_decimal(value, locale=_language(context)))


@pass_context
def plural_filter(context: Context, value: int, one: str, other: str, **forms: str) -> str:
    """`{{ n | plural("prize", "prizes") }}`: the word for so many; `few=`, `many=` and so on where needed."""
    form = _language(context).plural_form(value)
    return {"one": one, **forms}.get(form, other)


@lru_cache(maxsize=4096)
def time_text(at: datetime, style: str, locale: str, zone: str) -> str:
    """An instant for readers whose platform cannot convert it: with the zone's name unless it is a mere date."""
    language, place = known_locale(locale), known_zone(zone)
    local = at.astimezone(place)
    day = format_date(local, "medium", locale=language)
    if style == "date":
        return day
    clock = f"{format_time(local, 'short', locale=language, tzinfo=place)} {_zone_text(local, language)}"
    if style == "time":
        return clock
    return str(language.datetime_formats["medium"]).format(clock, day)


def local_days(
    starts: date | datetime | None, ends: date | datetime | None, zone: str | None
) -> tuple[date | None, date | None]:
    """First and last local day of an event; a night that ends within twelve hours is one day, the last None."""
    if isinstance(starts, datetime) and isinstance(ends, datetime) and ends - starts <= _NIGHT:
        ends = None
    first, last = _local_day(starts, zone), _local_day(ends, zone)
    return first, last if first != last else None


@lru_cache(maxsize=256)
def known_locale(name: str) -> Locale:
    """The locale of that name (`pt-BR` or `pt_BR`); English if Babel does not know it."""
    try:
        return Locale.parse(name, sep="-" if "-" in name else "_")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


@lru_cache(maxsize=1024)
def known_zone(name: str) -> ZoneInfo:
    """The zone of that name; UTC if there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")


def _language(context: Context) -> Locale:
    return known_locale(_of(context, "locale"))


def _of(context: Context, name: str) -> str:
    value = context.get(name)
    if value is None:
        raise TemplateRuntimeError(f"there is no ‘{name}’ here; import this file “with context”")
    return str(value)


def _zone_text(local: datetime, language: Locale) -> str:
    name = get_timezone_name(local, "short", locale=language)
    return name if name[:1].isalpha() else get_timezone_gmt(local, "long", locale=language)


def _local_day(moment: date | datetime | None, zone: str | None) -> date | None:
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(known_zone(zone)) if zone else moment).date()
