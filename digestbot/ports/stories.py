"""The library of stories, as the other rooms ask for it."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Protocol

from digestbot.domain.story import Event, Story


class Stories(Protocol):
    """The library: every story that is in service, whatever its status; callers ask `is_live` before showing one.

    All answers come from memory. Ids are looked up exactly; topics and people by `domain.filter.slug`.
    """

    def get(self, story: str) -> Story | None: ...

    def all(self) -> Collection[Story]:
        """Every story, newest `live_at` first."""
        ...

    def live(self, now: datetime) -> Sequence[Story]:
        """The live ones, newest first."""
        ...

    def event(self, event: str) -> Event | None:
        """An event known from events.yaml or from any story."""
        ...

    def events(self) -> Collection[Event]: ...

    def public_events(self, now: datetime) -> Collection[Event]:
        """Those of events.yaml and of live stories: all that chat may know of (promise 3)."""
        ...

    def of_event(self, event: str, now: datetime) -> Sequence[Story]:
        """Live stories of an event, oldest first."""
        ...

    def by_person(self, name: str, now: datetime) -> Sequence[Story]: ...

    def by_topic(self, topic: str, now: datetime) -> Sequence[Story]: ...

    def topics(self, now: datetime) -> Sequence[str]:
        """Topics of live stories, most used first."""
        ...

    def people(self, now: datetime) -> Sequence[str]:
        """People of live stories, most named first."""
        ...

    def next_live(self, after: datetime) -> datetime | None:
        """The earliest `live_at` of a published story later than `after`: an embargo or a future publication."""
        ...

    def went_live(self, after: datetime, until: datetime) -> Sequence[Story]:
        """Published stories with `after` < `live_at` <= `until`, oldest first."""
        ...

    async def search(self, words: str, now: datetime, limit: int = 50) -> Sequence[Story]:
        """Live stories that hold all the words, then those that hold any, best first; off the event loop."""
        ...

    def changes(self) -> AsyncIterator[frozenset[str]]:
        """Ids of stories added or changed (in content or status) at each reload; never ends by itself."""
        ...
