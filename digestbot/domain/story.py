"""A story: curated facts about one piece of event news, as its file states them."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from digestbot.domain.slug import slug


class Status(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    RETRACTED = "retracted"


class Importance(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Importance)}


class Result(StrEnum):
    PROJECTED = "projected"
    ANNOUNCED = "announced"
    OFFICIAL = "official"
    DISPUTED = "disputed"
    VACATED = "vacated"


class AwardStatus(StrEnum):
    WON = "won"
    TIED = "tied"
    SHARED = "shared"
    DECLINED = "declined"
    POSTHUMOUS = "posthumous"
    VACATED = "vacated"
    NOT_AWARDED = "not_awarded"

    @property
    def held(self) -> bool:
        """Whether the prize is the winner's: not declined, vacated or not awarded."""
        return self not in {AwardStatus.DECLINED, AwardStatus.VACATED, AwardStatus.NOT_AWARDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    category: str
    work: str | None = None
    note: str | None = None
    status: AwardStatus = AwardStatus.WON


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """Who won; `total` counts all prizes, of which `awards` may name only some."""

    name: str
    awards: tuple[Award, ...] = ()
    total: int | None = None

    @property
    def prizes(self) -> int:
        """How many there are in all: as stated, else those named that are held."""
        return sum(award.status.held for award in self.awards) if self.total is None else self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a quote stands: sha256 of the source text (hex) and character offsets into it."""

    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a person said, word for word unless `verbatim` is false."""

    text: str
    speaker: str | None = None
    when: str | None = None
    key: bool = False
    verbatim: bool = True
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    name: str
    nominees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An award show, festival, final…; a date without a time means the whole local day."""

    id: str
    name: str
    kind: str | None = None
    starts: date | datetime | None = None
    ends: date | datetime | None = None
    timezone: str | None = None
    venue: str | None = None
    city: str | None = None
    country: str | None = None
    url: str | None = None
    categories: tuple[Category, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    url: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    at: datetime
    note: str


@dataclass(frozen=True, kw_only=True)
class Story:
    """One story file (docs/stories.md); every time is aware."""

    id: str
    headline: str
    published: datetime
    event: Event | None = None
    embargo: datetime | None = None
    status: Status = Status.DRAFT
    topics: tuple[str, ...] = ()
    importance: Importance = Importance.NORMAL
    result: Result | None = None
    source: Source | None = None
    quotes: tuple[Quote, ...] = ()
    winners: tuple[Winner, ...] = ()
    performers: tuple[str, ...] = ()
    image: Picture | None = None
    corrections: tuple[Correction, ...] = ()
    summary: str = ""

    @cached_property
    def revision(self) -> str:
        """Twelve hex digits over the normalized content: white space and key order do not count.

        Fields at their defaults are left out, so that a release that adds one makes no story look corrected.
        """
        canonical = json.dumps(_plain(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    @property
    def live_at(self) -> datetime:
        """The first instant at which chat may know of the story."""
        return max(self.published, self.embargo) if self.embargo else self.published

    @property
    def retracted(self) -> bool:
        return self.status is Status.RETRACTED

    @property
    def key_quote(self) -> Quote | None:
        """The quote marked as key, else the first."""
        marked = [quote for quote in self.quotes if quote.key]
        return next(iter(marked or self.quotes), None)

    @property
    def people(self) -> tuple[str, ...]:
        """Speakers, winners and performers by name, each once, in order of appearance."""
        names = [q.speaker for q in self.quotes if q.speaker]
        names += [winner.name for winner in self.winners]
        return tuple(dict.fromkeys([*names, *self.performers]))

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every filter term that the story meets, as text, and `all`."""
        return frozenset(_keys(self))

    def is_live(self, now: datetime) -> bool:
        """Whether cards, search, autocomplete and previews in chat may show it (promise 3)."""
        return self.status is Status.PUBLISHED and self.live_at <= now


def _keys(story: Story) -> Iterator[str]:
    yield "all"
    if story.event:
        yield f"event:{slug(story.event.id)}"
    yield from (f"topic:{slug(topic)}" for topic in story.topics)
    yield from (f"person:{slug(name)}" for name in story.people)
    yield from (f"importance:{level}" for level in Importance if level.rank <= story.importance.rank)


def _plain(value: object) -> object:
    if is_dataclass(value):
        given = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: _plain(content) for field, content in given if content != field.default}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return " ".join(value.split())
    return value
