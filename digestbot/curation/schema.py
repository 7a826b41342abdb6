"""The keys of story and event files, and what becomes of them."""

from datetime import date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Tag,
    ValidationInfo,
    field_validator,
)

from digestbot.curation.events import day
from digestbot.curation.values import (
    Count,
    DayOrTime,
    Description,
    Headline,
    Id,
    Name,
    Remark,
    Saying,
    Sha256,
    Time,
    Topic,
    Url,
    YesOrNo,
    Zone,
    one_of,
    wrong,
)
from digestbot.domain import story as domain
from digestbot.domain.story import AwardStatus, Importance, Result, Status

ID_OF_AN_EVENT = "<id>"
AN_EVENT_ITSELF = "<event>"
TAGS = frozenset({ID_OF_AN_EVENT, AN_EVENT_ITSELF})
"""What pydantic puts among the keys of an error's path."""


class Keys(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _none_as_empty(value: object) -> object:
    return () if value is None else value


Items = BeforeValidator(_none_as_empty)
Texts = Annotated[tuple[Name, ...], Items]


class AwardKeys(Keys):
    category: Name
    work: Name | None = None
    note: Remark | None = None
    status: Annotated[AwardStatus, one_of(AwardStatus)] = AwardStatus.WON

    def domain(self) -> domain.Award:
        return domain.Award(category=self.category, work=self.work, note=self.note, status=self.status)


def _category_alone(value: object) -> object:
    return {"category": value} if isinstance(value, str) else value


class WinnerKeys(Keys):
    name: Name
    awards: Annotated[tuple[Annotated[AwardKeys, BeforeValidator(_category_alone)], ...], Items] = ()
    total: Count | None = None

    @field_validator("total")
    @classmethod
    def _holds_the_awards(cls, total: int | None, info: ValidationInfo) -> int | None:
        named = len(info.data.get("awards", ()))
        if total == 0:
            raise wrong("“total” counts prizes: make it 1 or more, or take it out.")
        if total is not None and total < named:
            raise wrong(f"“total” is {total} but {named} awards are named: make it {named} or more, or take it out.")
        return total

    def domain(self) -> domain.Winner:
        awards = tuple(award.domain() for award in self.awards)
        return domain.Winner(name=self.name, awards=awards, total=self.total)


class EvidenceKeys(Keys):
    source: Sha256
    start: Count
    end: Count

    @field_validator("end")
    @classmethod
    def _after_its_start(cls, end: int, info: ValidationInfo) -> int:
        if end <= info.data.get("start", -1):
            raise wrong("“end” must be greater than “start”: both count characters of the source text.")
        return end

    def domain(self) -> domain.Evidence:
        return domain.Evidence(source=self.source, start=self.start, end=self.end)


class QuoteKeys(Keys):
    text: Saying
    speaker: Name | None = None
    when: Remark | None = None
    key: YesOrNo = False
    verbatim: YesOrNo = True
    evidence: EvidenceKeys | None = None

    def domain(self) -> domain.Quote:
        return domain.Quote(
            text=self.text,
            speaker=self.speaker,
            when=self.when,
            key=self.key,
            verbatim=self.verbatim,
            evidence=self.evidence.domain() if self.evidence else None,
        )


def _one_key_quote(quotes: tuple[QuoteKeys, ...]) -> tuple[QuoteKeys, ...]:
    marked = [number for number, quote in enumerate(quotes) if quote.key]
    if len(marked) > 1:
        raise wrong(f"Quote {marked[0] + 1} is the key quote already: leave “key: true” on one only.", marked[1], "key")
    return quotes


class CategoryKeys(Keys):
    name: Name
    nominees: Texts = ()

    def domain(self) -> domain.Category:
        return domain.Category(name=self.name, nominees=self.nominees)


class EventKeys(Keys):
    id: Id
    name: Name
    kind: Name | None = None
    date: DayOrTime | None = None
    starts: DayOrTime | None = None
    ends: DayOrTime | None = None
    timezone: Zone | None = None
    venue: Name | None = None
    city: Name | None = None
    country: Name | None = None
    url: Url | None = None
    categories: Annotated[tuple[CategoryKeys, ...], Items] = ()

    @field_validator("starts")
    @classmethod
    def _said_once(cls, starts: DayOrTime | None, info: ValidationInfo) -> DayOrTime | None:
        if starts and info.data.get("date"):
            raise wrong("“date” and “starts” mean the same: keep one of the two.")
        return starts

    @field_validator("ends")
    @classmethod
    def _after_its_start(cls, ends: DayOrTime | None, info: ValidationInfo) -> DayOrTime | None:
        starts = info.data.get("starts") or info.data.get("date")
        if ends and starts and _before(ends, starts):
            raise wrong("The event ends before it starts: check “starts” and “ends”.")
        return ends

    def domain(self) -> domain.Event:
        return domain.Event(
            id=self.id,
            name=self.name,
            kind=self.kind,
            starts=self.starts or self.date,
            ends=self.ends,
            timezone=self.timezone,
            venue=self.venue,
            city=self.city,
            country=self.country,
            url=self.url,
            categories=tuple(category.domain() for category in self.categories),
        )


def _before(one: date | datetime, other: date | datetime) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return day(one) < day(other)


def _shape(value: object) -> str:
    return ID_OF_AN_EVENT if isinstance(value, str) else AN_EVENT_ITSELF


IdOrEvent = Annotated[
    Annotated[Id, Tag(ID_OF_AN_EVENT)] | Annotated[EventKeys, Tag(AN_EVENT_ITSELF)], Discriminator(_shape)
]


class SourceKeys(Keys):
    name: Name
    url: Url | None = None


class PictureKeys(Keys):
    url: Url
    alt: Description


class CorrectionKeys(Keys):
    at: Time
    note: Remark


class StoryKeys(Keys):
    headline: Headline
    event: IdOrEvent | None = None
    published: Time
    embargo: Time | None = None
    status: Annotated[Status, one_of(Status)] = Status.DRAFT
    topics: Annotated[tuple[Topic, ...], Items] = ()
    importance: Annotated[Importance, one_of(Importance)] = Importance.NORMAL
    result: Annotated[Result, one_of(Result)] | None = None
    source: SourceKeys | None = None
    quotes: Annotated[tuple[QuoteKeys, ...], Items, AfterValidator(_one_key_quote)] = ()
    winners: Annotated[tuple[WinnerKeys, ...], Items] = ()
    performers: Texts = ()
    image: PictureKeys | None = None
    corrections: Annotated[tuple[CorrectionKeys, ...], Items] = ()

    def domain(self, story: str, summary: str) -> domain.Story:
        """Without its event, if the file gives only that one's id."""
        return domain.Story(
            id=story,
            headline=self.headline,
            published=self.published,
            event=self.event.domain() if isinstance(self.event, EventKeys) else None,
            embargo=self.embargo,
            status=self.status,
            topics=tuple(dict.fromkeys(self.topics)),
            importance=self.importance,
            result=self.result,
            source=domain.Source(name=self.source.name, url=self.source.url) if self.source else None,
            quotes=tuple(quote.domain() for quote in self.quotes),
            winners=tuple(winner.domain() for winner in self.winners),
            performers=self.performers,
            image=domain.Picture(url=self.image.url, alt=self.image.alt) if self.image else None,
            corrections=tuple(domain.Correction(at=entry.at, note=entry.note) for entry in self.corrections),
            summary=summary,
        )
