"""A filter: which stories a subscription wants, in the words that admins type."""

from dataclasses import dataclass
from typing import Literal, get_args

from digestbot.domain.slug import slug
from digestbot.domain.story import Importance, Story
from digestbot.errors import UserMistake

Kind = Literal["event", "topic", "person", "importance"]
KINDS: tuple[Kind, ...] = get_args(Kind)


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
        """One of these is among the `keys` of every story that can match: an index for instant subscriptions."""
        return frozenset(str(terms[0]) for terms in self.any_of) or frozenset({"all"})

    def included(self, story: Story) -> bool:
        keys = story.keys
        return not self.any_of or any(all(str(t) in keys for t in terms) for terms in self.any_of)

    def excluded_by(self, story: Story) -> Term | None:
        """The first excluding term that the story meets."""
        keys = story.keys
        return next((term for term in self.none_of if str(term) in keys), None)

    def matches(self, story: Story) -> bool:
        return self.included(story) and self.excluded_by(story) is None


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
