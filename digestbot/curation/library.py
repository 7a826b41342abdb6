"""The library: every story in service, answered from memory and reloaded in one piece."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

import structlog

from digestbot.curation.changes import Changes, Listener
from digestbot.curation.folder import Folder
from digestbot.curation.search import Search
from digestbot.curation.service import Service, Turn
from digestbot.curation.shelf import Shelf
from digestbot.domain.slug import slug
from digestbot.domain.story import Event, Status, Story
from digestbot.errors import Problem

_log = structlog.get_logger("stories")


class Library:
    """`ports.Stories` over a folder. `async with` reads it first; then `reload` or `watch.watch` keeps it fresh.

    A file that breaks leaves its last good version in service; a file that vanishes takes its story away, and is no
    change that anybody hears of: only `status: retracted` withdraws what was posted.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folder = Folder(root)
        self._service = Service(self._folder)
        self._search = Search()
        self._shelf = Shelf()
        self._problems: tuple[Problem, ...] = ()
        self._changes = Changes()
        self._reloading = asyncio.Lock()
        self._reloads: set[asyncio.Task[frozenset[str]]] = set()

    async def __aenter__(self) -> Self:
        """Raises `StartupError` if there can be no search; broken files are problems and no errors."""
        await self._search.__aenter__()
        try:
            await self.reload()
        except BaseException:
            await self._search.__aexit__()
            raise
        _log.info("stories.loaded", stories=len(self._shelf.stories), problems=len(self._problems))
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*self._reloads, return_exceptions=True)
        await self._search.__aexit__()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong with the files now, by path, line and column."""
        return self._problems

    async def reload(self, names: Iterable[str] | None = None) -> frozenset[str]:
        """Read what changed, among these paths below the root or in the whole folder. Returns the changed ids.

        Files are read on a thread, and all answers change at once. Cancelling the caller does not stop it half way.
        """
        task = asyncio.create_task(self._reload(names), name="stories-reload")
        self._reloads.add(task)
        task.add_done_callback(self._reloads.discard)
        return await asyncio.shield(task)

    async def _reload(self, names: Iterable[str] | None) -> frozenset[str]:
        async with self._reloading:
            turn, shelf = await asyncio.to_thread(self._read, names)
            before, self._shelf = self._shelf.stories, shelf
            concerned = [before[story] for story in (*turn.served, *turn.gone) if story in before]
            self._search.update([*filter(_published, concerned)], [*filter(_published, turn.served.values())])
            self._tell(turn.problems)
            self._changes.tell(turn.changed)
            return turn.changed

    def _read(self, names: Iterable[str] | None) -> tuple[Turn, Shelf]:
        turn = self._service.take(self._folder.news(names))
        return turn, self._shelf.changed(turn.served, turn.gone, turn.events)

    def _tell(self, problems: tuple[Problem, ...]) -> None:
        """Each problem is logged once, for as long as it lasts."""
        known, self._problems = set(self._problems), problems
        for problem in problems:
            if problem not in known:
                place = f"{problem.path}:{problem.line}:{problem.column}"
                _log.warning("stories.problem", place=place, fault=problem.message)

    # --- answers -------------------------------------------------------------------------------------------------

    def get(self, story: str) -> Story | None:
        return self._shelf.stories.get(story)

    def all(self) -> Collection[Story]:
        return self._shelf.newest_first()

    def live(self, now: datetime) -> Sequence[Story]:
        return self._shelf.live(now)

    def event(self, event: str) -> Event | None:
        return self._shelf.event(event)

    def events(self) -> Collection[Event]:
        return self._shelf.events()

    def public_events(self, now: datetime) -> Collection[Event]:
        return self._shelf.public_events(now)

    def of_event(self, event: str, now: datetime) -> Sequence[Story]:
        return self._shelf.row("event", event).until(now)

    def by_person(self, name: str, now: datetime) -> Sequence[Story]:
        """Newest first."""
        return self._shelf.row("person", slug(name)).until(now)[::-1]

    def by_topic(self, topic: str, now: datetime) -> Sequence[Story]:
        """Newest first."""
        return self._shelf.row("topic", slug(topic)).until(now)[::-1]

    def topics(self, now: datetime) -> Sequence[str]:
        return self._shelf.topics(now)

    def people(self, now: datetime) -> Sequence[str]:
        return self._shelf.people(now)

    def next_live(self, after: datetime) -> datetime | None:
        return self._shelf.published.next_time(after)

    def went_live(self, after: datetime, until: datetime) -> Sequence[Story]:
        return self._shelf.published.between(after, until)

    async def search(self, words: str, now: datetime, limit: int = 50) -> Sequence[Story]:
        found = map(self._shelf.stories.get, await self._search.find(words, now, limit))
        return [story for story in found if story and story.is_live(now)]

    def changes(self) -> Listener:
        return self._changes.listen()


def _published(story: Story) -> bool:
    return story.status is Status.PUBLISHED
