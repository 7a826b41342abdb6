"""What one value of a story file may be: texts with their limits, ids, addresses, zones, times, days, counts."""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from typing import Annotated, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, PlainValidator, StringConstraints
from pydantic_core import PydanticCustomError

from digestbot.domain.slug import slug

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?: ?([Zz]|[+-]\d\d:?\d\d))?", re.ASCII)
_COUNT = re.compile(r"\d{1,6}", re.ASCII)
_YEARS = range(1000, 3000)
_NOT_IN_A_URL = re.compile(r'["<>\\^`{|}\s]')


def wrong(sentence: str, *path: str | int) -> PydanticCustomError:
    """An error in our own words; `path` leads from the validated value to the value that it is about."""
    return PydanticCustomError("digestbot", "{sentence}", {"sentence": sentence, "path": path})


def shown(value: object, limit: int = 60) -> str:
    """A text from a file as a message may carry it: one line, printable, not too long, in quotation marks."""
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(value))
    return f"“{text if len(text) <= limit else text[: limit - 1] + '…'}”"


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """“ Did you mean …?”, with a space before it, or nothing."""
    near = get_close_matches(typed.casefold(), list(known), n=1, cutoff=0.7)
    return f" Did you mean “{near[0]}”?" if near else ""


# --- texts -------------------------------------------------------------------------------------------------------


def _one_line(text: str) -> str:
    return " ".join(text.split("\n")) if "\n" in text else text


def _name(text: str) -> str:
    """One object for all mentions of a name: most stories share theirs with others."""
    return sys.intern(_one_line(text))


def _text(limit: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=limit)


Headline = Annotated[str, _text(300), AfterValidator(_one_line)]
Name = Annotated[str, _text(200), AfterValidator(_name)]
Remark = Annotated[str, _text(500), AfterValidator(_one_line)]
Description = Annotated[str, _text(1000), AfterValidator(_one_line)]
"""A picture's: Discord takes 1,024 characters."""
Saying = Annotated[str, _text(2000)]


def _topic(text: str) -> str:
    if not slug(text):
        raise wrong(f"The topic {shown(text)} holds no letter and no digit: nobody could subscribe to it.")
    return text


def check_id(text: str) -> str:
    """The id of a story or an event; else an error that proposes one."""
    if _ID.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    proposal = slug(plain)[:64].strip("-")
    example = f", e.g. {proposal}" if _ID.fullmatch(proposal) else ""
    raise wrong(f"{shown(text)} cannot be an id: use a-z, 0-9 and inner hyphens, 64 at most{example}.")


def _url(text: str) -> str:
    if bad := _NOT_IN_A_URL.search(text):
        raise wrong(f"A web address cannot hold {shown(bad[0])}: write %{ord(bad[0]):02X} instead, or take it out.")
    if not text.isprintable():
        raise wrong("This web address holds a character that cannot be seen: type the address anew.")
    try:
        parts = urlsplit(text)
        whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise wrong(f"{shown(text)} is no web address: write one like https://example.org/page.")
    if "@" in parts.netloc:
        raise wrong("A web address must not hold a user name: take out the “@” and what stands before it.")
    return text


def _zone(text: str) -> str:
    zones = _zones()
    if text in zones.values():
        return text
    near = get_close_matches(text.casefold(), list(zones), n=1, cutoff=0.7)
    hint = f" Did you mean “{zones[near[0]]}”?" if near else ""
    raise wrong(f"There is no timezone {shown(text)}: write one like Europe/Paris or America/Los_Angeles.{hint}")


@cache
def _zones() -> dict[str, str]:
    """Zones by their names and by their cities, in lower case; whole names win."""
    names = sorted(available_timezones())
    return {name.rpartition("/")[2].casefold(): name for name in names} | {name.casefold(): name for name in names}


Topic = Annotated[Name, AfterValidator(_topic)]
Id = Annotated[Name, AfterValidator(check_id)]
Url = Annotated[str, _text(2000), AfterValidator(_url)]
Zone = Annotated[Name, AfterValidator(_zone)]

# --- times -------------------------------------------------------------------------------------------------------


def _time(value: object) -> datetime:
    text = _scalar(value, "a time, e.g. 2020-10-15T09:00:00-07:00")
    if _DAY.fullmatch(text):
        raise wrong(f"The time of day is missing: write e.g. {text}T09:00:00-07:00.")
    match = _TIME.fullmatch(text)
    if not match:
        raise wrong(f"{shown(text)} is no time: write one like 2020-10-15T09:00:00-07:00.")
    day, clock, offset = match.groups()
    if offset is None:
        raise wrong(f"The time has no offset from UTC: add an offset, e.g. {day}T{clock}-07:00.")
    return _calendar(datetime.fromisoformat, f"{day}T{clock}{offset.upper()}")


def _day_or_time(value: object) -> date | datetime:
    text = _scalar(value, "a date, e.g. 2020-10-14")
    if _DAY.fullmatch(text):
        return _calendar(date.fromisoformat, text)
    if not _TIME.fullmatch(text):
        raise wrong(f"{shown(text)} is no date: write one like 2020-10-14, or a time like 2020-10-14T20:00:00-07:00.")
    return _time(text)


_Moment = TypeVar("_Moment", date, datetime)


def _calendar(read: Callable[[str], _Moment], text: str) -> _Moment:
    try:
        moment = read(text)
    except ValueError:
        raise wrong(f"{shown(text)} does not exist: check the month, the day, the hour and the offset.") from None
    if moment.year not in _YEARS:
        raise wrong(f"The year {moment.year} cannot be right: years go from {_YEARS.start} to {_YEARS.stop - 1}.")
    return moment


Time = Annotated[datetime, PlainValidator(_time)]
DayOrTime = Annotated[date | datetime, PlainValidator(_day_or_time)]

# --- the others --------------------------------------------------------------------------------------------------


def _scalar(value: object, wanted: str) -> str:
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str) and text:
        return text
    raise wrong(f"Write {wanted}{'.' if text in (None, '') else ', and nothing else here.'}")


def _count(value: object) -> int:
    text = _scalar(value, "a whole number")
    if not _COUNT.fullmatch(text):
        raise wrong(f"{shown(text)} is no whole number: write one in digits, 999999 at most.")
    return int(text)


def _yes_or_no(value: object) -> bool:
    text = _scalar(value, "true or false")
    if text.casefold() not in {"true", "false"}:
        raise wrong(f"{shown(text)} is neither true nor false: write one of these two.")
    return text.casefold() == "true"


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise wrong(f"{shown(text)} is no SHA-256 of a source text: that has 64 digits, 0-9 and a-f.")
    return text


Count = Annotated[int, PlainValidator(_count)]
YesOrNo = Annotated[bool, PlainValidator(_yes_or_no)]
Sha256 = Annotated[Name, AfterValidator(_sha256)]


def one_of(kind: type[StrEnum]) -> PlainValidator:
    """Validates the values of an enumeration, with a “did you mean”."""
    values = [str(value) for value in kind]

    def check(value: object) -> StrEnum:
        text = _scalar(value, f"one of {', '.join(values)}")
        if text not in values:
            raise wrong(f"{shown(text)} is not among {', '.join(values)}.{did_you_mean(text, values)}")
        return kind(text)

    return PlainValidator(check)
