"""Sight: what chat may know of at this moment, and nothing else (promise 3).

Who asks for a story that is not live hears the same words as for one that never was; no hint names one either.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.domain.slug import slug
from digestbot.domain.story import Event, Quote, Story
from digestbot.errors import UserMistake
from digestbot.ports import Stories

NEWEST = 2_000
"""How many stories are gone through for hints and completion, so that neither holds up the others."""

_MOST_NAMES = 5
_SEARCH = "`/news search` finds stories by their words."
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Sight:
    stories: Stories
    now: datetime

    @property
    def newest(self) -> Sequence[Story]:
        return self.stories.live(self.now)[:NEWEST]

    def story(self, text: str) -> Story:
        """The live story of that id, however its case and hyphens were typed. Raises `UserMistake`."""
        for candidate in dict.fromkeys((text, slug(text))):
            story = self.stories.get(candidate)
            if story and story.is_live(self.now):
                return story
        raise no_story(text, (story.id for story in self.newest))

    def events(self) -> Sequence[Event]:
        """Those of events.yaml and those of live stories."""
        return list(self.stories.public_events(self.now))

    def event(self, text: str) -> Event:
        """By id or by whole name. Raises `UserMistake`."""
        wanted = slug(text)
        events = self.events()
        for names in ([event.id for event in events], [event.name for event in events]):
            slugs = [slug(name) for name in names]
            if wanted in slugs:
                return events[slugs.index(wanted)]
        ids = [event.id for event in events]
        raise UserMistake(f"There is no event ‘{shortened(text)}’.{did_you_mean(text, ids, _SEARCH)}")

    def speaker(self, text: str) -> str:
        """The name of somebody who is quoted, from a part of it. Raises `UserMistake`."""
        wanted = slug(text)
        exact = [quote.speaker for _, quote in self.quotes(text) if quote.speaker]
        if exact:
            return exact[0]
        names = [name for name in self.speakers() if set(wanted.split("-")) <= set(slug(name).split("-"))]
        if len(names) == 1:
            return names[0]
        if names:
            raise UserMistake(f"Several people match ‘{shortened(text)}’: {', '.join(names[:_MOST_NAMES])}. Say which.")
        hint = did_you_mean(text, self.speakers())
        raise UserMistake(f"Nobody called ‘{shortened(text)}’ is quoted.{hint}")

    def quotes(self, speaker: str) -> Sequence[tuple[Story, Quote]]:
        """What a person said, newest story first; paraphrases too."""
        wanted = slug(speaker)
        found = sorted(self.stories.by_person(speaker, self.now), key=lambda story: story.live_at, reverse=True)
        return [(s, quote) for s in found for quote in s.quotes if quote.speaker and slug(quote.speaker) == wanted]

    def speakers(self) -> Sequence[str]:
        """Everybody quoted in the newest stories, most recent first."""
        return list(dict.fromkeys(q.speaker for story in self.newest for q in story.quotes if q.speaker))

    def topics(self) -> Sequence[str]:
        return list(islice(self.stories.topics(self.now), NEWEST))

    def people(self) -> Sequence[str]:
        return list(islice(self.stories.people(self.now), NEWEST))


def no_story(text: str, candidates: Iterable[str]) -> UserMistake:
    hint = did_you_mean(slug(text), candidates, _SEARCH)
    return UserMistake(f"There is no story ‘{shortened(text)}’.{hint}")


def folded(text: str) -> str:
    """Without case and diacritics: for finding `Chœur` and `Beyoncé` as people type them."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
