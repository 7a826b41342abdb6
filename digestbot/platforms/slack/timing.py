"""Timing: the option `when` as a choice, a time, days and a line to write, and those as one text again."""

import re
from collections.abc import Mapping
from typing import Final

from digestbot.domain.command import Option
from digestbot.domain.schedule import DAYS as DAY_NAMES
from digestbot.platforms.slack.inputs import Block, Element, choices, framed, select, written

HOW: Final = "when"
AT: Final = "when.at"
DAYS: Final = "when.days"
WRITTEN: Final = "when.text"
PARTS: Final = (HOW, AT, DAYS, WRITTEN)

_KEEP: Final = "keep"
_AS_WRITTEN: Final = "text"
_HOWS: Final = (
    ("At once, each as soon as it is out", "instant"),
    ("Every day", "daily"),
    ("On certain days", "weekly"),
    ("As written below, such as a cron expression", _AS_WRITTEN),
)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_USUAL: Final = "09:00"
_TIME: Final = r"((?:[01][0-9]|2[0-3]):[0-5][0-9])"
_DAILY: Final = re.compile(rf"daily {_TIME}")
_WEEKLY: Final = re.compile(rf"weekly ((?:{'|'.join(DAY_NAMES)})(?:,(?:{'|'.join(DAY_NAMES)}))*) {_TIME}")


def timing_blocks(option: Option, text: str | None, *, keeps: bool) -> list[Block]:
    """Filled with the text; `keeps` where none means that nothing changes, else it means at once."""
    parts = decomposed(text) if text else {HOW: _KEEP if keeps else "instant"}
    hows = (("As it stands", _KEEP), *_HOWS) if keeps else _HOWS
    at: Element = {"type": "timepicker", "initial_time": parts.get(AT) or _USUAL}
    return [
        framed(select(hows, parts[HOW]), HOW, "How often", option.summary, optional=False),
        framed(at, AT, "Time", "For every day, and for certain days", optional=True),
        framed(_days(parts.get(DAYS, "")), DAYS, "Days", "For certain days", optional=True),
        framed(
            written(parts.get(WRITTEN, "")),
            WRITTEN,
            "Anything else",
            "A cron expression such as 0 9 * * mon-fri, or several times: daily 09:00; daily 18:00",
            optional=True,
        ),
    ]


def decomposed(text: str) -> dict[str, str]:
    """The parts of a text; what has more than one time, or is no more than a cron expression, stays as written."""
    plain = " ".join(text.casefold().split())
    if plain == "instant":
        return {HOW: "instant"}
    if daily := _DAILY.fullmatch(plain):
        return {HOW: "daily", AT: daily[1]}
    if weekly := _WEEKLY.fullmatch(plain):
        return {HOW: "weekly", DAYS: weekly[1], AT: weekly[2]}
    return {HOW: _AS_WRITTEN, WRITTEN: text}


def composed(parts: Mapping[str, str]) -> str:
    """The text that commands read; empty where it stays as it stands, or where something is missing."""
    at, days = parts.get(AT, ""), parts.get(DAYS, "")
    match parts.get(HOW):
        case "instant":
            return "instant"
        case "daily":
            return f"daily {at}" if at else ""
        case "weekly":
            return f"weekly {days} {at}" if at and days else ""
        case "text":
            return parts.get(WRITTEN, "")
        case _:
            return ""


def timing_faults(parts: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each part that is missing, or that counts for nothing though it was written; by block."""
    how, faults = parts.get(HOW), {}
    if how in {"daily", "weekly"} and not parts.get(AT):
        faults[AT] = "Pick a time."
    if how == "weekly" and not parts.get(DAYS):
        faults[DAYS] = "Pick at least one day."
    if how == _AS_WRITTEN and not parts.get(WRITTEN):
        faults[WRITTEN] = "Write when, such as 0 9 * * mon-fri."
    if how != _AS_WRITTEN and parts.get(WRITTEN) and parts.get(WRITTEN) != before.get(WRITTEN):
        faults[HOW] = "You wrote something under “Anything else”: pick “As written below”, or empty that line."
    return faults


def _days(text: str) -> Element:
    """In the order of the week."""
    offered = choices(zip(_DAYS, DAY_NAMES, strict=True))
    first = [one for one in offered if one["value"] in text.split(",")]
    return {"type": "multi_static_select", "options": offered, **({"initial_options": first} if first else {})}
