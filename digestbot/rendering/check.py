"""The check of templates at start-up: every file compiles, and every card can be made of every kind of story."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from digestbot.domain.story import Event, Story
from digestbot.errors import BrokenFiles, Problem
from digestbot.ports import Setting
from digestbot.rendering.samples import AT, BARE_EVENT, FULL_EVENT, HOSTILE, MAXIMAL, MINIMAL, RETRACTED, STORIES
from digestbot.rendering.templates import SUFFIX, Templates
from digestbot.rendering.views import View, context

STORY_TEMPLATES = ("card", "compact", "digest")
EVENT_TEMPLATES = ("event", "winners")


def check_templates(templates: Templates) -> None:
    """Raises `BrokenFiles` with every problem at once: syntax, undefined variables, Markdown that cards do not have.

    Partials and replies are compiled; what partials write is seen in the templates that include them.
    """
    problems: set[Problem] = set()
    for name in (*STORY_TEMPLATES, *EVENT_TEMPLATES):
        if name not in templates.names:
            problems.add(Problem(name + SUFFIX, 0, 0, "this template is missing"))
    for name in templates.parts:
        problems |= _problems(templates.compile, name)
    for name in templates.names:
        for values in _event_samples() if name in EVENT_TEMPLATES else _story_samples():
            problems |= _problems(templates.blocks, name, values)
    if problems:
        raise BrokenFiles(sorted(problems))


def _problems(work: Callable[..., object], *arguments: object) -> set[Problem]:
    try:
        work(*arguments)
    except BrokenFiles as broken:
        return set(broken.problems)
    return set()


def _story_samples() -> Iterator[View]:
    for stories in (*((story,) for story in STORIES), STORIES, (MAXIMAL, RETRACTED)):
        yield from (context(stories, None, setting) for setting in _settings(stories))


def _event_samples() -> Iterator[View]:
    choices: Sequence[tuple[Event, Sequence[Story]]] = (
        (BARE_EVENT, ()),
        (BARE_EVENT, (MINIMAL,)),
        (FULL_EVENT, (RETRACTED,)),
        (FULL_EVENT, STORIES),
        (FULL_EVENT, (HOSTILE,)),
    )
    for event, stories in choices:
        yield from (context(stories, event, setting) for setting in _settings(stories))


def _settings(stories: Sequence[Story]) -> tuple[Setting, ...]:
    everything = frozenset(story.id for story in stories)
    return (
        Setting(),
        Setting(hidden=everything, pictures=False),
        Setting(edited_at=AT + timedelta(days=9), locale="fr", zone="Asia/Tokyo"),
    )
