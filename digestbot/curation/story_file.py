"""A story file and the file of events: from bytes to what they say, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic_core import PydanticCustomError

from digestbot.curation.page import Page
from digestbot.curation.schema import EventKeys, StoryKeys
from digestbot.curation.values import check_id
from digestbot.domain.story import Event, Story
from digestbot.errors import BrokenFiles, Problem
from digestbot.notation.yaml_faults import YamlFault
from digestbot.notation.yaml_loader import Steps, Tree

STORY_BYTES = 64 * 1024
EVENTS_BYTES = 1024 * 1024
SUMMARY = 10_000
"""Characters."""
PROBLEMS = 100
"""Told of one file; whoever has more made one mistake many times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFile:
    """`story` is None if there are problems; it lacks its event if the file gives only that one's id, `reference`."""

    path: str
    id: str
    story: Story | None = None
    reference: str | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def event(self) -> str | None:
        """The id of the event that the file names or describes."""
        described = self.story.event if self.story else None
        return described.id if described else self.reference


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsFile:
    """The good events by id, and the ids of the faulty ones; `readable` is False if no event could be told at all."""

    events: Mapping[str, Event] = field(default_factory=dict)
    faulty: frozenset[str] = frozenset()
    readable: bool = True
    problems: tuple[Problem, ...] = ()


def parse_story(path: str, stem: str, data: bytes) -> StoryFile:
    """Never raises: whatever is wrong with the name and the bytes is among the problems, all at once."""
    problems = _wrong_name(path, stem)
    keys, summary = None, ""
    try:
        page = Page(path, data, STORY_BYTES)
        summary = page.split().strip()
        if len(summary) > SUMMARY:
            message = f"The summary has {len(summary)} characters, and {SUMMARY} are the most: shorten it."
            problems.append(page.problem(page.text.index(summary, page.body), message))
        keys = page.read(StoryKeys, page.tree() or {})
    except BrokenFiles as broken:
        problems += broken.problems
    if problems or not keys:
        return StoryFile(path=path, id=stem, problems=_few(problems))
    reference = keys.event if isinstance(keys.event, str) else None
    return StoryFile(path=path, id=stem, story=keys.domain(stem, summary), reference=reference)


def _wrong_name(path: str, stem: str) -> list[Problem]:
    try:
        check_id(stem)
    except PydanticCustomError as error:
        return [Problem(path, 0, 0, f"{error.message()} A story's id is its file's name: rename the file.")]
    return []


def parse_events(path: str, data: bytes) -> EventsFile:
    """Never raises; an event with a fault costs the others nothing."""
    try:
        page = Page(path, data, EVENTS_BYTES)
        tree = page.tree() or []
    except BrokenFiles as broken:
        return EventsFile(readable=False, problems=_few(broken.problems))
    if isinstance(tree, list):
        return _events(page, tree)
    return EventsFile(readable=False, problems=(page.at((), "The events must be a list: begin each with “- id: …”."),))


def _events(page: Page, items: list[Tree]) -> EventsFile:
    events: dict[str, Event] = {}
    numbers: dict[str, int] = {}
    faulty: set[str] = set()
    problems: list[Problem] = []
    for number, item in enumerate(items):
        try:
            event = page.read(EventKeys, item, (number,)).domain()
        except BrokenFiles as broken:
            problems += broken.problems
            faulty |= {str(item.get("id"))} if isinstance(item, dict) else set()
            continue
        if event.id in events:
            line = page.at((numbers[event.id], "id"), "").line
            problems.append(page.at((number, "id"), f"The event “{event.id}” is on line {line} already: keep one."))
            continue
        events[event.id], numbers[event.id] = event, number
    return EventsFile(events=events, faulty=frozenset(faulty), problems=_few(problems))


def _few(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    few = sorted(problems)[:PROBLEMS]
    if more := len(problems) - len(few):
        last = few[-1]
        few.append(Problem(last.path, last.line, last.column, f"{more} more problems follow: put these right first."))
    return tuple(few)


def place_of(data: bytes, *ways: Steps) -> tuple[int, int]:
    """Line and column of the first of these values that the file has, else of the nearest that holds the first."""
    try:
        page = Page("", data, EVENTS_BYTES)
        if page.text.startswith("---"):
            page.split()
        found = page.at(next(filter(page.has, ways), ways[0]), "")
    except (BrokenFiles, YamlFault):
        return 0, 0
    return found.line, found.column
