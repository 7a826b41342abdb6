"""An event that several files describe: what they say together, and where they disagree."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from digestbot.domain.story import Event

TEXTS = ("name", "kind", "timezone", "venue", "city", "country", "url")
TIMES = ("starts", "ends")

FIELDS = (*TEXTS, *TIMES, "categories")

Moment = date | datetime


def merged(events: Iterable[Event]) -> Event | None:
    """One event out of descriptions of the same: the first to say a thing is believed; None out of none."""
    result: Event | None = None
    for event in events:
        result = event if result is None else completed(result, event)
    return result


def completed(event: Event, other: Event) -> Event:
    """The event with what only the other says: details, categories, the hour of a day."""
    if event == other:
        return event
    said: dict[str, Any] = {name: getattr(event, name) or getattr(other, name) for name in TEXTS}
    said |= {name: _more_exact(getattr(event, name), getattr(other, name)) for name in TIMES}
    known = {category.name for category in event.categories}
    more = tuple(category for category in other.categories if category.name not in known)
    return replace(event, **said, categories=event.categories + more)


def disagreements(event: Event, other: Event) -> Iterator[tuple[str, str, str]]:
    """Key, what the event says and what the other says, where these cannot both be true."""
    for name in TEXTS:
        here, there = getattr(event, name), getattr(other, name)
        if here and there and here.split() != there.split():
            yield name, here, there
    for name in TIMES:
        here, there = getattr(event, name), getattr(other, name)
        if here and there and not _same(here, there):
            yield name, here.isoformat(), there.isoformat()
    nominees = {category.name: category.nominees for category in other.categories}
    for category in event.categories:
        here, there = category.nominees, nominees.get(category.name)
        if here and there and set(here) != set(there):
            yield "categories", f"{category.name}: {', '.join(here)}", f"{category.name}: {', '.join(there)}"


def _same(here: Moment, there: Moment) -> bool:
    """A day agrees with any hour of it."""
    if isinstance(here, datetime) and isinstance(there, datetime):
        return here == there
    return day(here) == day(there)


def day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _more_exact(moment: Moment | None, other: Moment | None) -> Moment | None:
    if moment is None or other is None:
        return moment or other
    better = isinstance(other, datetime) and not isinstance(moment, datetime) and _same(moment, other)
    return other if better else moment
