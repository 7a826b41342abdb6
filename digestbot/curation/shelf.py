"""An immutable snapshot of all stories in service, indexed by event, topic, person and time."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TypeVar, cast

from digestbot.curation.events import day, merged
from digestbot.curation.timeline import Timeline
from digestbot.domain.slug import slug
from digestbot.domain.story import Event, Status, Story

T = TypeVar("T")
_NONE = Timeline()
_slug = lru_cache(100_000)(slug)
"""A few thousand names and topics make up all stories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One state of the folder.

    `rows` are timelines of published stories by `event:<id>`, `topic:<slug>` and `person:<slug>`, and of stories of
    every status by `told:<id of their event>`. `spellings` says how the latest story to come writes the value of a key.
    `record` are the events of events.yaml.
    """

    stories: Mapping[str, Story] = field(default_factory=dict)
    record: Mapping[str, Event] = field(default_factory=dict)
    everything: Timeline = _NONE
    published: Timeline = _NONE
    rows: Mapping[str, Timeline] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    _answers: dict[str, tuple[int, object]] = field(default_factory=dict, repr=False)

    def changed(self, served: Mapping[str, Story], gone: Collection[str], record: Mapping[str, Event]) -> "Shelf":
        """The next snapshot: costs what changed, and copies of the indexes."""
        leaving = [story for story in map(self.stories.get, (*served, *gone)) if story]
        coming = [*served.values()]
        stories = {**self.stories, **served}
        for story in gone:
            stories.pop(story, None)
        return Shelf(
            stories=stories,
            record=record,
            everything=self.everything.changed(leaving, coming),
            published=self.published.changed([*filter(_published, leaving)], [*filter(_published, coming)]),
            rows=_changed_rows(self.rows, leaving, coming),
            spellings={**self.spellings, **{key: word for story in coming for key, word in _keys(story)}},
        )

    def row(self, kind: str, value: str) -> Timeline:
        return self.rows.get(f"{kind}:{value}", _NONE)

    def newest_first(self) -> Sequence[Story]:
        return self._once("newest", 0, lambda: self.everything.stories[::-1])

    def live(self, now: datetime) -> Sequence[Story]:
        return self._once("live", self.published.count(now), lambda: self.published.until(now)[::-1])

    def topics(self, now: datetime) -> Sequence[str]:
        return self._most_used("topic", now)

    def people(self, now: datetime) -> Sequence[str]:
        return self._most_used("person", now)

    def event(self, event: str) -> Event | None:
        return self._merged(event, self.row("told", event).stories)

    def events(self) -> Sequence[Event]:
        """By day, those without one last; those of drafts and of stories to come too."""
        return self._once("events", 0, lambda: _by_day(map(self.event, self._known_events())))

    def public_events(self, now: datetime) -> Sequence[Event]:
        """The same, by what events.yaml and live stories say."""
        live = self.published.count(now)
        return self._once(
            "public events", live, lambda: _by_day(self._public(event, now) for event in self._known_events())
        )

    def _public(self, event: str, now: datetime) -> Event | None:
        row = self.row("event", event)
        return self._once(f"event:{event}", row.count(now), lambda: self._merged(event, row.until(now)))

    def _known_events(self) -> Collection[str]:
        return {*self.record, *(key.removeprefix("told:") for key in self.rows if key.startswith("told:"))}

    def _merged(self, event: str, stories: Sequence[Story]) -> Event | None:
        """What events.yaml says counts first, then what the newest story says."""
        told = (story.event for story in reversed(stories) if story.event)
        return merged((self.record[event], *told) if event in self.record else told)

    def _most_used(self, kind: str, now: datetime) -> Sequence[str]:
        """Those of live stories; equally used ones in alphabetical order."""

        def count() -> Sequence[str]:
            uses = ((key, row.count(now)) for key, row in self.rows.items() if key.startswith(f"{kind}:"))
            used = [(-live, key) for key, live in uses if live]
            return [self.spellings[key] for _, key in sorted(used)]

        return self._once(kind, self.published.count(now), count)

    def _once(self, question: str, live: int, answer: Callable[[], T]) -> T:
        """Remembers the latest answer: it holds for as long as no other number of stories is live."""
        known = self._answers.get(question)
        if known is None or known[0] != live:
            known = self._answers[question] = (live, answer())
        return cast("T", known[1])


def _published(story: Story) -> bool:
    return story.status is Status.PUBLISHED


def _by_day(events: Iterable[Event | None]) -> Sequence[Event]:
    known = [event for event in events if event]
    return sorted(known, key=lambda event: (day(event.starts) if event.starts else date.max, event.id))


def _keys(story: Story) -> Iterator[tuple[str, str]]:
    """With what the story writes for each."""
    if story.event:
        yield f"told:{story.event.id}", story.event.id
    if not _published(story):
        return
    if story.event:
        yield f"event:{story.event.id}", story.event.id
    yield from ((f"topic:{_slug(topic)}", topic) for topic in story.topics)
    yield from ((f"person:{_slug(name)}", name) for name in story.people)


def _changed_rows(
    rows: Mapping[str, Timeline], leaving: Iterable[Story], coming: Iterable[Story]
) -> Mapping[str, Timeline]:
    gone: dict[str, list[Story]] = defaultdict(list)
    new: dict[str, list[Story]] = defaultdict(list)
    for stories, by_key in ((leaving, gone), (coming, new)):
        for story in stories:
            for key in dict(_keys(story)):
                by_key[key].append(story)
    changed = {key: rows.get(key, _NONE).changed(gone[key], new[key]) for key in {*gone, *new}}
    return {key: row for key, row in {**rows, **changed}.items() if row.stories}
