"""A filter: which stories a subscription wants, in the words that admins type."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from digestbot.domain.story import Importance, Story
from digestbot.errors import UserMistake

Kind = Literal["event", "topic", "person", "importance"]
KINDS: tuple[Kind, ...] = get_args(Kind)


_EMOJI_STYLE = dict.fromkeys(range(0xFE00, 0xFE10))  # variation selectors: marks by category, letters to nobody


def slug(text: str) -> str:
    """Lower case, words joined by hyphens, so that `Top Gun!` and `top-gun` are one."""
    if text.isascii():
        return "-".join(re.findall(r"[a-z0-9]+", text.lower()))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_EMOJI_STYLE)
    return "-".join("".join(c if _in_word(c) else " " for c in folded).split())


def _in_word(character: str) -> bool:
    """Letters, digits and marks: the vowel signs of Hindi or Thai are marks, and names differ by them."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """One condition, written `kind:value`; an importance means that one or a higher one."""

    kind: Kind
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Any of the alternatives (each: all of its terms; none at all means every story), none of the excluded terms."""

    any_of: tuple[tuple[Term, ...], ...] = ()
    none_of: tuple[Term, ...] = ()

    def __str__(self) -> str:
        """The canonical text; `parse_filter` reads it back."""
        wanted = ["+".join(map(str, terms)) for terms in self.any_of] or ["all"]
        return ", ".join([*wanted, *(f"-{term}" for term in self.none_of)])

    @property
    def keys(self) -> frozenset[str]:
        """One of these is among `story_keys` of every story that can match: an index for instant subscriptions."""
        return frozenset(str(terms[0]) for terms in self.any_of) or frozenset({"all"})

    def included(self, story: Story) -> bool:
        keys = story_keys(story)
        return not self.any_of or any(all(str(t) in keys for t in terms) for terms in self.any_of)

    def excluded_by(self, story: Story) -> Term | None:
        """The first excluding term that the story meets."""
        keys = story_keys(story)
        return next((term for term in self.none_of if str(term) in keys), None)

    def matches(self, story: Story) -> bool:
        return self.included(story) and self.excluded_by(story) is None


def story_keys(story: Story) -> frozenset[str]:
    """Every term that the story meets, as text, and `all`."""
    return frozenset(_keys(story))


def _keys(story: Story) -> Iterator[str]:
    yield "all"
    if story.event:
        yield f"event:{slug(story.event.id)}"
    yield from (f"topic:{slug(topic)}" for topic in story.topics)
    yield from (f"person:{slug(name)}" for name in story.people)
    yield from (f"importance:{level}" for level in Importance if level.rank <= story.importance.rank)


def parse_filter(text: str) -> Filter:
    """Read `all`, `event:x`, `topic:a+importance:high`, `-topic:b`, several with commas.

    Raises `UserMistake` with one sentence saying what to write instead.
    """
    any_of: list[tuple[Term, ...]] = []
    none_of: list[Term] = []
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not words:
        raise UserMistake("Say what to subscribe to: `all`, `event:…`, `topic:…` or `person:…`.")
    for word in words:
        if word.startswith("-"):
            none_of.append(_excluded(word[1:]))
        elif word.casefold() != "all":
            any_of.append(tuple(_term(part) for part in word.split("+")))
    if any(word.casefold() == "all" for word in words):
        any_of = []
    return Filter(tuple(dict.fromkeys(any_of)), tuple(dict.fromkeys(none_of)))


def _excluded(text: str) -> Term:
    if "+" in text:
        raise UserMistake(f"Leave out one thing at a time: write `-{text.replace('+', ', -')}`.")
    return _term(text)


def _term(text: str) -> Term:
    kind, colon, value = text.strip().partition(":")
    found: Kind | None = next((known for known in KINDS if known == kind.strip().casefold()), None)
    value = slug(value)
    if not colon or found is None or not value:
        raise UserMistake(
            f"“{text.strip()}” is not something to subscribe to: write `all`, `event:…`, `topic:…`,"
            " `person:…` or `importance:…`, several with commas, `-topic:…` to leave one out."
        )
    if found == "importance" and value not in list(Importance):
        raise UserMistake(f"“{value}” is no importance: take {', '.join(Importance)}.")
    return Term(found, value)
