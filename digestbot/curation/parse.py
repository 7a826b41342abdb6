"""Reads story files once, for checks and drafts: one story, the events, a whole folder with all that is wrong in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from digestbot.curation import disk
from digestbot.curation.folder import Folder
from digestbot.curation.service import Service
from digestbot.curation.story_file import EVENTS_BYTES, STORY_BYTES, EventsFile, StoryFile, parse_events, parse_story
from digestbot.domain.story import Event, Story
from digestbot.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A folder's good stories and the events of events.yaml, by id, and every problem, in order of path and line."""

    stories: Mapping[str, Story]
    events: Mapping[str, Event]
    problems: tuple[Problem, ...]


def read_story(path: Path) -> StoryFile:
    """One file by itself: an event that it names by id is not looked up. Raises OSError if it cannot be read."""
    return parse_story(str(path), path.stem, disk.read(path, STORY_BYTES))


def read_events(path: Path) -> EventsFile:
    """Raises OSError if the file cannot be read."""
    return parse_events(str(path), disk.read(path, EVENTS_BYTES))


def read_folder(root: Path) -> Batch:
    """A folder that is not there is a problem like others."""
    folder = Folder(root)
    turn = Service(folder).take(folder.news())
    return Batch(stories=turn.served, events=turn.events, problems=turn.problems)
