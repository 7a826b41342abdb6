"""The stories folder as it changes: reads what is new, and only that."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from digestbot.curation import disk
from digestbot.curation.story_file import (
    EVENTS_BYTES,
    STORY_BYTES,
    EventsFile,
    StoryFile,
    parse_events,
    parse_story,
    place_of,
)
from digestbot.errors import Problem
from digestbot.notation.yaml_loader import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Files read anew, by name; None for those that vanished. `events` is None if events.yaml is as it was."""

    stories: Mapping[str, StoryFile | None]
    events: EventsFile | None
    troubles: tuple[Problem, ...]
    """What is wrong with the folder itself, now."""


class Folder:
    """Not for several threads at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stamps: dict[str, disk.Stamp] = {}
        self._troubles: tuple[Problem, ...] = ()

    def news(self, names: Iterable[str] | None = None) -> News:
        """What changed since the last call, among these names below the root or at all.

        A folder that is gone brings trouble and no news: what was read stays as it is.
        """
        try:
            found = self._look() if names is None else disk.glance(self.root, names)
        except OSError as error:
            return News(stories={}, events=None, troubles=(self._gone(error),))
        changed = [name for name, stamp in found.items() if stamp is None or names or stamp != self._stamps.get(name)]
        events: EventsFile | None = None
        stories: dict[str, StoryFile | None] = {}
        for name in changed:
            if name == disk.EVENTS:
                events = self._read_events(found[name])
            else:
                stories[name] = self._read_story(name, found[name])
        return News(stories=stories, events=events, troubles=self._troubles)

    def path(self, name: str) -> str:
        """A file as messages name it: below the root as it was given, and printable whatever its name."""
        text = str(self.root / name)
        if text.isprintable():
            return text
        text = os.fsencode(text).decode(errors="replace")
        return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)

    def problem(self, name: str, message: str, *ways: Steps) -> Problem:
        """A problem of a file that is good by itself, at the first of these values that it has."""
        try:
            line, column = place_of(disk.read(self.root / name, EVENTS_BYTES), *ways) if ways else (0, 0)
        except OSError:
            line, column = 0, 0
        return Problem(self.path(name), line, column, message)

    def _look(self) -> dict[str, disk.Stamp | None]:
        seen = disk.look(self.root)
        self._troubles = tuple(
            Problem(self.path(folder), 0, 0, f"This folder cannot be read ({reason}): give digestbot the right to.")
            for folder, reason in seen.closed.items()
        )
        closed = tuple(seen.closed)
        vanished = (name for name in self._stamps if name not in seen.files and not name.startswith(closed))
        return {**dict.fromkeys(vanished), **seen.files}

    def _gone(self, error: OSError) -> Problem:
        reason = error.strerror or str(error)
        message = f"The stories folder cannot be read ({reason}): create it, or give digestbot the right to read it."
        return Problem(self.path(""), 0, 0, message)

    def _read_story(self, name: str, stamp: disk.Stamp | None) -> StoryFile | None:
        data = self._read(name, stamp, STORY_BYTES)
        path, stem = self.path(name), PurePosixPath(name).stem
        if isinstance(data, Problem):
            return StoryFile(path=path, id=stem, problems=(data,))
        return None if data is None else parse_story(path, stem, data)

    def _read_events(self, stamp: disk.Stamp | None) -> EventsFile:
        data = self._read(disk.EVENTS, stamp, EVENTS_BYTES)
        if isinstance(data, Problem):
            return EventsFile(readable=False, problems=(data,))
        return EventsFile() if data is None else parse_events(self.path(disk.EVENTS), data)

    def _read(self, name: str, stamp: disk.Stamp | None, limit: int) -> bytes | Problem | None:
        self._stamps.pop(name, None)
        if stamp is None:
            return None
        try:
            data = disk.read(self.root / name, limit)
        except FileNotFoundError:
            return None
        except OSError as error:
            message = f"The file cannot be read ({error.strerror}): give digestbot the right to."
            return Problem(self.path(name), 0, 0, message)
        self._stamps[name] = stamp
        return data
