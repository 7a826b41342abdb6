"""Completion: the values that can be picked for an option, as far as this member may know them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from zoneinfo import available_timezones

from babel.localedata import locale_identifiers

from digestbot.commands.desk import Desk
from digestbot.commands.follow import event_of, followed_in
from digestbot.commands.help import allowed
from digestbot.commands.here import subscriptions_here
from digestbot.commands.sight import Sight, folded
from digestbot.commands.winners import categories_and_names
from digestbot.domain.command import Choice, Option, Request
from digestbot.domain.slug import slug
from digestbot.domain.story import Importance
from digestbot.errors import UserMistake

MOST = 25  # Discord's limit of choices
LONGEST = 100  # Discord's limit of a choice's characters
PATIENCE = 0.5
"""Seconds for what does not come from memory; then the list is empty."""


@dataclass(frozen=True, slots=True)
class Asked:
    desk: Desk
    request: Request
    typed: str

    @property
    def sight(self) -> Sight:
        return Sight(self.desk.stories, self.desk.clock.now())


Pair = tuple[str, str]
"""Label and value."""

Source = Callable[[Asked], Awaitable[Iterable[Pair]]]


async def completed(asked: Asked, option: Option) -> Sequence[Choice]:
    """At most 25, those that begin with what was typed first; empty if the store does not answer in time."""
    if option.name == "what":
        return _what(asked)
    if option.choices or option.kind == "boolean":
        return chosen([(text, text) for text in option.choices or ("yes", "no")], asked.typed)
    source = SOURCES.get(option.name)
    if source is None:
        return []
    try:
        async with asyncio.timeout(PATIENCE):
            return chosen(await source(asked), asked.typed)
    except TimeoutError:
        return []


def chosen(pairs: Iterable[Pair], typed: str) -> list[Choice]:
    """Those that hold the letters, whatever their case and accents; values too long to be sent are left out."""
    letters = folded(typed.strip())
    fitting = [pair for pair in pairs if len(pair[1]) <= LONGEST and letters in folded(f"{pair[1]} {pair[0]}")]
    fitting.sort(key=lambda pair: not (folded(pair[1]).startswith(letters) or folded(pair[0]).startswith(letters)))
    return [Choice(clipped(label), value) for label, value in islice(dict.fromkeys(fitting), MOST)]


def clipped(label: str) -> str:
    label = " ".join(label.split())
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


def _what(asked: Asked) -> list[Choice]:
    """The last term of a filter; what stands before its comma or plus is kept."""
    cut = max(asked.typed.rfind(","), asked.typed.rfind("+")) + 1
    kept, last = asked.typed[:cut], asked.typed[cut:].strip()
    minus = "-" if last.startswith("-") else ""
    space = " " if kept.endswith(",") else ""
    terms = _terms(asked.sight, alone=not kept and not minus)
    pairs = [(label, f"{kept}{space}{minus}{term}") for term, label in terms]
    letters = folded(last.removeprefix("-"))
    return chosen([pair for pair in pairs if letters in folded(f"{pair[1][len(kept) :]} {pair[0]}")], "")


def _terms(sight: Sight, *, alone: bool) -> Iterable[Pair]:
    """Terms with their labels; `all` only where nothing else stands."""
    if alone:
        yield "all", "all stories"
    yield from ((f"topic:{slug(topic)}", f"topic: {topic}") for topic in sight.topics())
    yield from ((f"event:{slug(event.id)}", f"event: {event.name}") for event in sight.events())
    yield from ((f"importance:{level}", f"importance: {level}") for level in Importance)
    yield from ((f"person:{slug(name)}", f"person: {name}") for name in sight.people())


async def _stories(asked: Asked) -> Iterable[Pair]:
    return [(story.headline, story.id) for story in asked.sight.newest]


async def _events(asked: Asked) -> Iterable[Pair]:
    """To unfollow, those that are followed."""
    events = asked.sight.events()
    if asked.request.verb == "unfollow":
        known = asked.desk.channels.get(asked.request.place.platform)
        place = await known.direct(asked.request.place.tenant, asked.request.member.id) if known else None
        there = await asked.desk.subscriptions.of_channel(place) if place else ()
        followed = {event_of(each) for each in followed_in(there)}
        events = [event for event in events if slug(event.id) in followed]
    return [(f"{event.name} ({event.id})", event.id) for event in events]


async def _winners(asked: Asked) -> Iterable[Pair]:
    """Categories and winners of the event chosen so far."""
    try:
        event = asked.sight.event(asked.request.options.get("event", ""))
    except UserMistake:
        return ()
    stories = asked.desk.stories.of_event(event.id, asked.sight.now)
    return [(name, name) for name in categories_and_names(stories)]


async def _speakers(asked: Asked) -> Iterable[Pair]:
    return [(name, name) for name in asked.sight.speakers()]


async def _verbs(asked: Asked) -> Iterable[Pair]:
    return [(f"{verb.name}: {verb.summary}", verb.name) for verb in allowed(asked.request.member)]


async def _channels(asked: Asked) -> Iterable[Pair]:
    known = asked.desk.channels.get(asked.request.place.platform)
    there = await known.all(asked.request.place.tenant) if known else ()
    return [(f"#{channel.name}", channel.id) for channel in there]


async def _subscriptions(asked: Asked) -> Iterable[Pair]:
    """Those of this channel first."""
    place = asked.request.place
    there = await subscriptions_here(asked.desk, place)
    ordered = sorted(there, key=lambda each: each.place != place)
    return [(f"{each.id}: {each.filter}, {each.cadence}", each.id) for each in ordered]


def _names(of: Callable[[Desk], Iterable[str]]) -> Source:
    async def source(asked: Asked) -> Iterable[Pair]:
        return [(name, name) for name in ("default", *sorted(of(asked.desk)))]

    return source


def _fixed(*values: str) -> Source:
    async def source(_asked: Asked) -> Iterable[Pair]:
        return [(value, value) for value in values]

    return source


async def _zones(_asked: Asked) -> Iterable[Pair]:
    return [(name, name) for name in zones()]


async def _locales(_asked: Asked) -> Iterable[Pair]:
    return [(name, name) for name in locales()]


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Places before abbreviations."""
    return tuple(sorted(available_timezones() - {"localtime", "Factory"}, key=lambda name: ("/" not in name, name)))


@lru_cache(maxsize=1)
def locales() -> tuple[str, ...]:
    return tuple(sorted(locale_identifiers(), key=lambda name: (len(name), name)))


SOURCES: Mapping[str, Source] = {
    "story": _stories,
    "event": _events,
    "filter": _winners,
    "speaker": _speakers,
    "verb": _verbs,
    "channel": _channels,
    "subscription": _subscriptions,
    "template": _names(lambda desk: desk.templates),
    "layout": _names(lambda desk: desk.layouts),
    "style": _names(lambda desk: desk.styles),
    "timezone": _zones,
    "locale": _locales,
    "when": _fixed(
        "instant", "daily 09:00", "daily 18:00", "daily 09:00; daily 18:00", "weekly mon,thu 18:30", "0 9 * * mon-fri"
    ),
    "spoilers": _fixed("show", "hide", "hide 24h", "hide 72h"),
    "catchup": _fixed("6h", "1d", "2d", "none"),
    "quiet": _fixed("22:00-07:00", "23:00-08:00", "none"),
}
