"""Suggestions: how a line that is being typed can go on."""

import re
from collections.abc import Sequence

from digestbot.commands.completion import MOST, Asked, clipped, completed
from digestbot.commands.desk import Desk
from digestbot.commands.help import allowed
from digestbot.commands.line import LONGEST, Word, main_text, quotable, words_of
from digestbot.commands.verbs import option_of
from digestbot.domain.command import Choice, Option, Request, Verb

_SLASH = re.compile(r"\s*/news(?:\s+|$)", re.IGNORECASE)
_MOST_VALUES = 15  # so that the names of options have a place in the list too


async def suggested(desk: Desk, request: Request, line: str) -> Sequence[Choice]:
    """Whole new lines for what this member may use; empty where nothing is to be said."""
    if len(line) > LONGEST:
        return []
    head, rest = _head(line)
    words = list(words_of(rest))
    fresh = not words or (rest[-1:].isspace() and not words[-1].open)
    verbs = allowed(request.member)
    if not words or (len(words) == 1 and not fresh):
        typed = words[0].text.casefold() if words else ""
        return [_verb(head, verb) for verb in verbs if typed in verb.name][:MOST]
    verb = next((verb for verb in verbs if verb.name == words[0].text.casefold()), None)
    if verb is None:
        return []
    return await _Going(desk, request, verb, words[1:], head=head, rest=rest, fresh=fresh).on()


def _head(line: str) -> tuple[str, str]:
    """What stays before the verb, and the rest; half a `/news` is completed."""
    match = _SLASH.match(line)
    if match:
        return f"{line[: match.end()].rstrip()} ", line[match.end() :]
    if line.strip() and "/news".startswith(line.strip().casefold()):
        return "/news ", ""
    return "", line.lstrip()


def _verb(head: str, verb: Verb) -> Choice:
    return Choice(clipped(f"{verb.name}: {verb.summary}"), f"{head}{verb.name}{' ' if verb.options else ''}")


class _Going:
    """A verb with the words typed so far; the last of them is still being typed unless `fresh`."""

    def __init__(
        self, desk: Desk, request: Request, verb: Verb, words: Sequence[Word], *, head: str, rest: str, fresh: bool
    ) -> None:
        self._desk = desk
        self._verb = verb
        self._head = head
        self._rest = rest if not fresh or rest[-1:].isspace() else f"{rest} "
        self._done = list(words if fresh else words[:-1])
        self._current = None if fresh else words[-1]
        given = {word.name.casefold(): word.value for word in self._done if word.name and self._is_option(word)}
        main = " ".join(word.text for word in self._done if not self._is_option(word))
        self._given = given | ({verb.main.name: main} if verb.main and main else {})
        self._request = Request(place=request.place, member=request.member, verb=verb.name, options=self._given)

    async def on(self) -> list[Choice]:
        if self._current and self._current.name and self._is_option(self._current):
            name = self._current.name.casefold()
            return await self._values(name, self._current)
        return [*await self._main(), *self._names()][:MOST]

    def _is_option(self, word: Word) -> bool:
        return word.name is not None and option_of(self._verb, word.name.casefold()) is not None

    async def _values(self, name: str, word: Word) -> list[Choice]:
        option = option_of(self._verb, name)
        choices = await self._complete(option, word.value) if option else []
        before = f"{self._head}{self._rest[: word.start]}"
        return [Choice(choice.label, f"{before}{name}:{quotable(choice.value)}") for choice in choices]

    async def _main(self) -> list[Choice]:
        """Values for the main option, which may be several words long: the unnamed ones at the end."""
        main = self._verb.main
        every = [*self._done, *([self._current] if self._current else [])]
        run: list[Word] = []
        while every and not self._is_option(every[-1]):
            run.insert(0, every.pop())
        if main is None or main.name in {(word.name or "").casefold() for word in every}:
            return []
        if any(not self._is_option(word) for word in every):
            return []
        start = run[0].start if run else len(self._rest)
        before = f"{self._head}{self._rest[:start]}"
        typed = " ".join(word.text for word in run)
        choices = (await self._complete(main, typed))[:_MOST_VALUES]
        return [Choice(choice.label, f"{before}{main_text(self._verb, choice.value)}") for choice in choices]

    def _names(self) -> list[Choice]:
        """Options not given yet that begin like the current word."""
        typed = self._current.text.casefold() if self._current else ""
        start = self._current.start if self._current else len(self._rest)
        before = f"{self._head}{self._rest[:start]}"
        left = [each for each in self._verb.options if each.name not in self._given and each.name.startswith(typed)]
        return [Choice(clipped(f"{each.name}: {each.summary}"), f"{before}{each.name}:") for each in left]

    async def _complete(self, option: Option, typed: str) -> Sequence[Choice]:
        return await completed(Asked(self._desk, self._request, typed), option)
