"""Which version of each story is in service: the last good one, with its event as all files together tell it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from digestbot.curation.disk import EVENTS
from digestbot.curation.events import FIELDS, completed, disagreements
from digestbot.curation.folder import Folder, News
from digestbot.curation.story_file import EventsFile, StoryFile
from digestbot.curation.values import did_you_mean, shown
from digestbot.domain.story import Event, Story
from digestbot.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a look at the folder came to.

    `served` came into service, `changed` are those of them that are new or have another revision, `gone` left.
    `events` are those of events.yaml in service. `problems` is everything that is wrong now.
    """

    served: Mapping[str, Story]
    changed: frozenset[str]
    gone: frozenset[str]
    events: Mapping[str, Event]
    problems: tuple[Problem, ...]


class Service:
    """Not for several threads at once."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._files: dict[str, StoryFile] = {}
        self._names: dict[str, tuple[str, ...]] = {}  # by the story's id
        self._mentions: dict[str, set[str]] = {}  # by the id of the event that a file names or describes
        self._events_file = EventsFile()
        self._events: dict[str, Event] = {}
        self._stories: dict[str, Story] = {}
        self._problems: dict[tuple[str, str], tuple[Problem, ...]] = {}

    def take(self, news: News) -> Turn:
        stories, described = self._take_stories(news.stories)
        recorded = set() if news.events is None else self._take_events(news.events)
        for event in recorded:
            stories.update(self._files[name].id for name in self._mentions.get(event, ()))
        served, changed, gone = {}, set(), set()
        for story in stories:
            old, new = self._stories.get(story), self._version(story)
            if story not in self._names:
                gone |= {story} if self._stories.pop(story, None) else set()
            elif new and new != old:
                self._stories[story] = served[story] = new
                changed |= {story} if old is None or old.revision != new.revision else set()
        for event in described | recorded:
            self._tell("event", event, self._disagreements(event))
        told = sorted(problem for problems in self._problems.values() for problem in problems)
        return Turn(
            served=served,
            changed=frozenset(changed),
            gone=frozenset(gone),
            events=dict(self._events),
            problems=(*news.troubles, *told),
        )

    def _take_stories(self, files: Mapping[str, StoryFile | None]) -> tuple[set[str], set[str]]:
        """The ids of the stories and of the events that are concerned."""
        stories, events = set(), set()
        for name, file in files.items():
            old = self._files.pop(name, None)
            if old:
                self._forget(name, old)
            if file:
                self._remember(name, file)
            versions = [version for version in (old, file) if version]
            stories |= {version.id for version in versions}
            events |= {version.event for version in versions if version.event}
        return stories, events

    def _remember(self, name: str, file: StoryFile) -> None:
        self._files[name] = file
        self._names[file.id] = (*self._names.get(file.id, ()), name)
        if file.event:
            self._mentions.setdefault(file.event, set()).add(name)

    def _forget(self, name: str, file: StoryFile) -> None:
        self._names[file.id] = tuple(other for other in self._names[file.id] if other != name)
        if not self._names[file.id]:
            del self._names[file.id]
        if file.event:
            self._mentions[file.event].discard(name)
            if not self._mentions[file.event]:
                del self._mentions[file.event]

    def _take_events(self, file: EventsFile) -> set[str]:
        """The ids of the events that are concerned. Faulty ones keep their last good version."""
        old, old_file = self._events, self._events_file
        kept = old.keys() & file.faulty if file.readable else old.keys()
        self._events = {**{event: old[event] for event in kept}, **file.events}
        self._events_file = file
        self._tell("events", "", file.problems)
        if file.readable != old_file.readable:
            return {*old, *self._events, *self._mentions}
        concerned = {event for event in old.keys() | self._events.keys() if old.get(event) != self._events.get(event)}
        return concerned | (file.faulty ^ old_file.faulty)

    def _version(self, story: str) -> Story | None:
        """The version that its file gives, if it is a good one; tells the problems if not."""
        names = sorted(self._names.get(story, ()))
        problems = [problem for name in names for problem in self._files[name].problems]
        version = None
        if len(names) > 1:
            problems += self._namesakes(names)
        elif names and not problems:
            version = self._with_event(self._files[names[0]])
            if version is None:
                problems.append(self._no_event(names[0]))
        self._tell("story", story, problems)
        return version

    def _namesakes(self, names: Sequence[str]) -> Iterator[Problem]:
        for name in names:
            others = " and ".join(self._folder.path(other) for other in names if other != name)
            message = f"{others} has the same name, and so the same id: rename one of them."
            yield self._folder.problem(name, message)

    def _with_event(self, file: StoryFile) -> Story | None:
        """None if there is no such event."""
        story = file.story
        if not story or not file.event:
            return story
        known = self._events.get(file.event)
        if story.event and known:
            whole = completed(story.event, known)
            return replace(story, event=known if whole == known else whole)
        return replace(story, event=known) if known else story if story.event else None

    def _no_event(self, name: str) -> Problem:
        event = self._files[name].event or ""
        events = self._folder.path(EVENTS)
        if event in self._events_file.faulty or not self._events_file.readable:
            message = f"The event “{event}” cannot be looked up: put {events} right first."
        else:
            hint = did_you_mean(event, self._events) or " Add it there, or describe it here: {id: …, name: …}."
            message = f"There is no event “{event}” in {events}.{hint}"
        return self._folder.problem(name, message, ("event",))

    def _disagreements(self, event: str) -> Iterator[Problem]:
        """events.yaml is believed before stories, and these in the order of their files."""
        known = self._events.get(event)
        said_by = dict.fromkeys(FIELDS, EVENTS)
        for name in sorted(self._mentions.get(event, ())):
            story = self._files[name].story
            if not story or not story.event:
                continue
            if known is None:
                known, said_by = story.event, {}
            for field, here, there in disagreements(story.event, known):
                other = self._folder.path(said_by[field])
                message = f"“{field}” of the event “{event}” is {shown(here)} here but {shown(there)} in {other}"
                ways = (("event", field), ("event", "date")) if field == "starts" else (("event", field),)
                yield self._folder.problem(name, f"{message}: make the two agree.", *ways)
            known = completed(known, story.event)
            said_by |= {field: name for field in FIELDS if field not in said_by and getattr(story.event, field)}

    def _tell(self, kind: str, key: str, problems: Iterable[Problem]) -> None:
        told = tuple(problems)
        if told:
            self._problems[kind, key] = told
        else:
            self._problems.pop((kind, key), None)
