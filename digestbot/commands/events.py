"""`event` and `upcoming`: what an event has brought so far, and which are still to come."""

from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digestbot.commands.visit import Visit
from digestbot.domain.command import Reply
from digestbot.domain.story import Event


async def event(visit: Visit) -> Reply:
    """The roll-up; before the first story, what is known of the event itself."""
    found = visit.sight.event(visit.arguments.required("event"))
    stories = visit.desk.stories.of_event(found.id, visit.now)
    if not stories:
        return visit.reply("event", about(found))
    return visit.show(visit.desk.renderer.event("event", found, stories, visit.setting(stories)))


async def upcoming(visit: Visit) -> Reply:
    zone = visit.settings.zone
    today = visit.now.astimezone(ZoneInfo(zone)).date()
    coming = [event for event in visit.sight.events() if event.starts and _day(event.starts, zone) >= today]
    if not coming:
        return visit.reply("nothing", {"sentence": "Nothing is coming up: no event with a date to come is known."})
    coming.sort(key=lambda each: (_instant(each), each.id))
    return visit.reply("upcoming", {"events": [about(each) for each in coming]})


def about(found: Event) -> dict[str, Any]:
    """Plain values of an event, for reply templates: an aware instant `at`, or a `day` and perhaps a `last_day`."""
    where = [part for part in (found.venue, found.city, found.country) if part]
    starts = _aware(found.starts, found.timezone)
    whole = None if isinstance(starts, datetime) else starts
    return {
        "id": found.id,
        "name": found.name,
        "kind": found.kind,
        "at": starts if isinstance(starts, datetime) else None,
        "day": whole,
        "last_day": _last_day(found) if whole else None,
        "where": ", ".join(where),
        "url": found.url,
        "categories": [category.name for category in found.categories],
    }


def _last_day(found: Event) -> date | None:
    ends = _aware(found.ends, found.timezone)
    return ends.astimezone(_zone(found.timezone)).date() if isinstance(ends, datetime) else ends


def _aware(moment: date | datetime | None, zone: str | None) -> date | datetime | None:
    if isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=_zone(zone))
    return moment


def _day(moment: date | datetime, zone: str) -> date:
    """The reader's day of an instant; a date without a time is the event's own local day."""
    if not isinstance(moment, datetime):
        return moment
    return moment.astimezone(ZoneInfo(zone)).date() if moment.tzinfo else moment.date()


def _instant(found: Event) -> datetime:
    """When an event begins; a whole day begins at its local midnight."""
    starts = _aware(found.starts, found.timezone)
    if isinstance(starts, datetime):
        return starts
    day = starts or date.max
    return datetime(day.year, day.month, day.day, tzinfo=_zone(found.timezone))


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
