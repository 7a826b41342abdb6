"""A small model of how Discord's clients read a text: each visible letter with what formats it.

Made of patterns at a position, as theirs is: a pattern looks at the raw rest of the text, backslashes included, and
what it encloses is read again. Where several fit, the longest counts, as among `*`, `**` and `__` there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

Letter = tuple[str, frozenset[str]]

_FORMATS = (
    ("spoiler", re.compile(r"\|\|([\s\S]+?)\|\|")),
    ("strong", re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)")),
    ("underline", re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)")),
    (
        "emphasis",
        re.compile(
            r"\b_((?:__|\\[\s\S]|[^\\_])+?)_\b"
            r"|\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)",
            re.ASCII,
        ),
    ),
    ("struck", re.compile(r"~~([\s\S]+?)~~(?!_)")),
)
_OBJECTS = (
    ("code", re.compile(r"```[\s\S]+?```|(`+)[\s\S]*?[^`]\1(?!`)")),
    ("time", re.compile(r"<t:-?\d{1,17}(?::[tTdDfFR])?>")),
    ("mention", re.compile(r"<@[!&]?\d+>|@everyone|@here")),
    ("channel", re.compile(r"<#\d+>|<id:[a-z-]+>")),
    ("command", re.compile(r"</[\w -]+:\d+>")),
    ("emoji", re.compile(r"<a?:\w+:\d+>|:[^\s:]+:")),
    ("address", re.compile(r"<(?:[^: >]+:/[^ >]+|[^ >]+@[^ >]+|\+\d+)>|(?:https?|steam|discord)://[^\s<]+")),
)
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_LINK = re.compile(r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\)")
_BLOCKS = (
    ("heading", re.compile(r" *#{1,3}\s+(?=\S)")),
    ("small", re.compile(r" *-# +(?=\S)")),
    ("quote", re.compile(r" *>(?:>>)? ")),
    ("item", re.compile(r" *(?:[*+-]|\d+\.) +(?=\S)")),
)
INVITE = re.compile(r"(?:discord\.gg|discord(?:app)?\.com/invite)/\w", re.IGNORECASE)
"""Looked for in the raw text, not only where an address stands."""


@dataclass(frozen=True)
class Read:
    """`objects` are mentions, links and the like, as (kind, what it names); in `letters` one of them is one sign."""

    letters: tuple[Letter, ...]
    objects: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return "".join(sign for sign, _ in self.letters)

    @property
    def marks(self) -> frozenset[str]:
        return frozenset(mark for _, marks in self.letters for mark in marks)


def read(source: str) -> Read:
    found = list(_read(source, frozenset(), fresh=True))
    if invite := INVITE.search(source):
        found.append((("invite", invite[0]), frozenset()))
    letters = tuple((piece if isinstance(piece, str) else "\ufffc", marks) for piece, marks in found)
    return Read(letters, tuple(piece for piece, _ in found if not isinstance(piece, str)))


Piece = tuple[str | tuple[str, str], frozenset[str]]


def _read(source: str, around: frozenset[str], *, fresh: bool) -> Iterator[Piece]:
    """`fresh`: a block may begin here."""
    marks, at = around, 0
    while at < len(source):
        if fresh and (block := _block(source[at:])):
            marks, at, fresh = around | {block[0]}, at + block[1], False
            continue
        rest = source[at:]
        length, pieces = _inline(rest, marks)
        yield from pieces
        fresh = rest[0] == "\n" or (fresh and rest[0] == " ")
        marks = around if rest[0] == "\n" else marks
        at += length


def _block(rest: str) -> tuple[str, int] | None:
    found = ((name, pattern.match(rest)) for name, pattern in _BLOCKS)
    return next(((name, match.end()) for name, match in found if match), None)


def _inline(rest: str, marks: frozenset[str]) -> tuple[int, list[Piece]]:
    """How much the first thing takes, and what is seen of it."""
    if escape := _ESCAPE.match(rest):
        return escape.end(), [(escape[1], marks)]
    for name, pattern in _OBJECTS:
        if match := pattern.match(rest):
            return match.end(), [((name, match[0]), marks)]
    if link := _LINK.match(rest):
        inner = list(_read(link[1], marks | {"link"}, fresh=False))
        return link.end(), [*inner, (("link", link[2]), marks)]
    formats = [(name, match) for name, pattern in _FORMATS if (match := pattern.match(rest))]
    if formats:
        name, match = max(formats, key=lambda each: each[1].end())
        inside = next(group for group in match.groups() if group is not None)
        return match.end(), list(_read(inside, marks | {name}, fresh=False))
    return 1, [(rest[0], marks)]
