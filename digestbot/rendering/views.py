"""Views: stories and events as the plain dicts that templates read."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from digestbot.domain.link import host, safe_url
from digestbot.domain.story import Award, AwardStatus, Correction, Event, Quote, Source, Story, Winner
from digestbot.ports import Setting
from digestbot.rendering.rollup import leading, merged, prizes
from digestbot.rendering.times import local_days

View = dict[str, Any]

EXPLAINS = timedelta(days=1)
"""A correction explains an edit of the message that follows it within this time."""

_STATUS_WORDS = {
    AwardStatus.WON: "",
    AwardStatus.TIED: "tied",
    AwardStatus.SHARED: "shared",
    AwardStatus.DECLINED: "declined",
    AwardStatus.POSTHUMOUS: "posthumous",
    AwardStatus.VACATED: "vacated",
    AwardStatus.NOT_AWARDED: "not awarded",
}


def context(stories: Sequence[Story], event: Event | None, setting: Setting) -> View:
    """Every variable of a template over stories; docs/templates.md lists them."""
    views = {story.id: story_view(story, setting) for story in stories}
    lead = leading(stories)
    standing = [story for story in stories if not story.retracted]
    newest_first = sorted(stories, key=lambda story: (story.live_at, story.id), reverse=True)
    return {
        "stories": list(views.values()),
        "story": next(iter(views.values()), None),
        "event": _event(event or _common_event(stories)),
        "lead": views[lead.id] if lead else None,
        "others": [views[story.id] for story in newest_first if not story.retracted and story is not lead],
        "withdrawn": [views[story.id] for story in newest_first if story.retracted],
        "winners": [_winner(winner) for winner in merged(stories)],
        "correction": max(
            (_correction(correction) for story in standing for correction in story.corrections),
            key=lambda correction: correction["at"],
            default=None,
        ),
        "hidden": any(story.id in setting.hidden for story in stories),
        "latest": max((story.live_at for story in stories), default=None),
        "updated": setting.edited_at if _unexplained(stories, setting) else None,
        "locale": setting.locale,
        "zone": setting.zone,
    }


def story_view(story: Story, setting: Setting) -> View:
    key = story.key_quote
    corrections = sorted(story.corrections, key=lambda correction: correction.at)
    return {
        "id": story.id,
        "headline": story.headline,
        "summary": story.summary,
        "event": _event(story.event),
        "topics": list(story.topics),
        "importance": str(story.importance),
        "result": story.result and str(story.result),
        "retracted": story.retracted,
        "hidden": story.id in setting.hidden,
        "live": story.live_at,
        "quote": _quote(key) if key else None,
        "quotes": [_quote(quote) for quote in story.quotes if quote is not key],
        "winners": [_winner(winner) for winner in story.winners],
        "performers": list(story.performers),
        "image": {"url": story.image.url, "alt": story.image.alt} if story.image and setting.pictures else None,
        "source": _source(story.source) if story.source else None,
        "corrections": [_correction(correction) for correction in corrections],
        "correction": _correction(corrections[-1]) if corrections else None,
    }


def _event(event: Event | None) -> View | None:
    if event is None:
        return None
    first, last = local_days(event.starts, event.ends, event.timezone)
    return {
        "id": event.id,
        "name": event.name,
        "kind": event.kind,
        "starts": event.starts,
        "ends": event.ends,
        "first_day": first,
        "last_day": last,
        "timezone": event.timezone,
        "venue": event.venue,
        "city": event.city,
        "country": event.country,
        "url": event.url and safe_url(event.url),
        "categories": [{"name": c.name, "nominees": list(c.nominees)} for c in event.categories],
    }


def _common_event(stories: Iterable[Story]) -> Event | None:
    """The event of all the stories, None if they have several or one has none."""
    events = {story.event.id if story.event else "": story.event for story in stories}
    return next(iter(events.values())) if len(events) == 1 else None


def _quote(quote: Quote) -> View:
    return {"text": quote.text, "speaker": quote.speaker, "when": quote.when, "verbatim": quote.verbatim}


def _winner(winner: Winner) -> View:
    named = prizes(winner.awards)
    total = named if winner.total is None else winner.total
    return {
        "name": winner.name,
        "total": total,
        "total_more": max(total - named, 0),
        "awards": [_award(award) for award in winner.awards],
    }


def _award(award: Award) -> View:
    status = _STATUS_WORDS[award.status]
    return {"category": award.category, "work": award.work, "note": award.note, "status": status}


def _source(source: Source) -> View:
    url = source.url and safe_url(source.url)
    return {"name": source.name, "url": url, "host": host(url) if url else None}


def _correction(correction: Correction) -> View:
    return {"at": correction.at, "note": correction.note}


def _unexplained(stories: Iterable[Story], setting: Setting) -> bool:
    """Whether the message was changed and nothing else on the card says why."""
    if setting.edited_at is None:
        return False
    corrected = [correction.at for story in stories for correction in story.corrections]
    return not any(setting.edited_at - at <= EXPLAINS for at in corrected)
