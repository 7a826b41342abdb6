"""Markdown: lines of a card in Discord's own dialect, every text in it literal."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from digestbot.domain.card import Inline, Line, Link, Text, Time
from digestbot.domain.link import host, safe_url, with_host
from digestbot.domain.visible import in_rows, without_invisible

_SIGNS = r"\*_~|`<>[](#-+:@./"
"""What can begin, carry or end markup: formats, mentions, links, emoji, times, commands, headings, lists, invites.

Discord takes a backslash before a sign that is no letter, digit or space for “the next sign is literal”. The other
signs mean nothing there and stay as they are, because every backslash counts towards the limits.
"""
_LITERAL = {ord(sign): f"\\{sign}" for sign in _SIGNS}

_STYLES = {"date": "D", "time": "t", "datetime": "f", "relative": "R"}
_UNMASKABLE = ("[", "]", "://")


@dataclass(frozen=True, slots=True)
class _Run:
    """Markdown of one look; where it has a look, without white space at its ends."""

    text: str
    struck: bool = False
    strong: bool = False
    emphasis: bool = False


def escaped(text: str) -> str:
    """Literal characters; line feeds stay, other breaks become spaces, what nobody can see is left out."""
    return in_rows(text).translate(_LITERAL)


@lru_cache(maxsize=4096)
def markdown(line: Line) -> str:
    """A line of a card; its line feeds stand between rows, each of which has marks of its own.

    Remembered, because paging lays the same lines out again and again.
    """
    return "\n".join(map(_row, _rows(line)))


def _rows(line: Line) -> Iterator[list[Inline]]:
    row: list[Inline] = []
    for part in line:
        if not isinstance(part, Text):
            row.append(part)
            continue
        for number, text in enumerate(part.text.split("\n")):
            if number:
                yield row
                row = []
            row.append(replace(part, text=text))
    yield row


def _row(parts: Iterable[Inline]) -> str:
    """Each mark around the longest stretch that has its look, so that no two of them touch."""
    runs = list(_merged(run for part in parts for run in _runs(part)))
    neighbours = zip([None, *runs], runs, [*runs[1:], None], strict=False)
    marked = [replace(run, text=_emphasized(before, run, after)) for before, run, after in neighbours]
    stretches = ((struck, _strong(alike)) for struck, alike in groupby(marked, attrgetter("struck")))
    return "".join(_struck(text) if struck else text for struck, text in stretches)


def _strong(runs: Iterable[_Run]) -> str:
    stretches = ((strong, _text(alike)) for strong, alike in groupby(runs, attrgetter("strong")))
    return "".join(f"**{text}**" if strong else text for strong, text in stretches)


def _struck(text: str) -> str:
    """Its last `~` stay outside: Discord looks for `~~` before it looks for backslashes."""
    core = text
    while core.endswith("\\~"):
        core = core.removesuffix("\\~").rstrip()
    return f"~~{core}~~{text[len(core) :]}" if core else text


def _runs(part: Inline) -> Iterator[_Run]:
    if isinstance(part, Text):
        text = escaped(part.text)
        core = text.strip()
        before, _, after = text.partition(core) if core else (text, "", "")
        yield _Run(before)
        yield _Run(core, part.struck, part.strong, part.emphasis)
        yield _Run(after)
    else:
        yield _Run(_link(part) if isinstance(part, Link) else _time(part))


def _merged(runs: Iterable[_Run]) -> Iterator[_Run]:
    looks = attrgetter("struck", "strong", "emphasis")
    for shared, alike in groupby((run for run in runs if run.text), looks):
        yield _Run(_text(alike), *shared)


def _emphasized(before: _Run | None, run: _Run, after: _Run | None) -> str:
    """With `*`; beside `**` with `_`, which cannot touch a letter or stand behind `~~`: there the emphasis is lost."""
    if not run.emphasis:
        return run.text
    beside = [other for other in (before, after) if other is not None and other.struck == run.struck]
    if run.strong or not any(other.strong for other in beside):
        return f"*{run.text}*"
    behind_struck = before is not None and before.struck and not run.struck
    letters = "".join(other.text[-1 if other is before else 0] for other in beside if not other.strong)
    return run.text if behind_struck or any(map(_in_word, letters)) else f"_{run.text}_"


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _text(runs: Iterable[_Run]) -> str:
    return "".join(run.text for run in runs)


def _link(part: Link) -> str:
    """Only the label if the address may not be shown; beside the link if Discord would not take it for a label."""
    address = safe_url(part.url)
    label = " ".join(without_invisible(part.label).split())
    if address is None:
        return escaped(label)
    shown = with_host(label, address)
    if any(sign in shown for sign in _UNMASKABLE):
        return f"{escaped(label)} \\([{escaped(host(address))}](<{address}>))"
    return f"[{escaped(shown)}](<{address}>)"


def _time(part: Time) -> str:
    return f"<t:{math.floor(part.at.timestamp())}:{_STYLES[part.style]}>"
