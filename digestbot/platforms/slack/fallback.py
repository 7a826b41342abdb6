"""Fallback: a page as plain words, for notifications and for screen readers, which read nothing else."""

from collections.abc import Iterable, Iterator
from typing import Final

from digestbot.domain.card import Block, Image, Line, List, Notice, Plain, Text, lines_of
from digestbot.domain.grapheme import boundaries
from digestbot.domain.length import units
from digestbot.domain.line import ELLIPSIS, most
from digestbot.domain.visible import clean, shows
from digestbot.platforms.slack.blocks import WARNING
from digestbot.platforms.slack.inline import elements
from digestbot.platforms.slack.layout import opened
from digestbot.platforms.slack.mrkdwn import escaped, fallback

LONGEST: Final = 3000
"""Slack advises at most 4,000; escapes count."""


def text(blocks: Iterable[Block]) -> str:
    """Never empty, escaped, without what spoilers hide, buttons and dividers; cut with “…”."""
    lines = (line for block in opened(blocks, None) for line in _lines(block))
    return _cut("\n".join(filter(shows, fallback(lines).split("\n"))) or ELLIPSIS)


def _lines(block: Plain) -> Iterator[Line]:
    match block:
        case Image(alt=alt):
            yield (Text(clean(alt)),)
        case List():
            yield from _items(block)
        case Notice(lines=lines):
            yield from ((WARNING, *line) for line in lines if elements(line))
        case _:
            yield from lines_of(block)


def _items(block: List) -> Iterator[Line]:
    for number, item in enumerate(filter(elements, block.items), start=block.start):
        yield (Text(f"{number}. " if block.ordered else "• "), *item)


def _cut(words: str) -> str:
    """Escaped, cut between graphemes, never inside an escape."""
    if units(escaped(words)) <= LONGEST:
        return escaped(words)
    places = [0, *boundaries(words[: LONGEST + 1])]
    room = LONGEST - units(ELLIPSIS)
    last = most(len(places) - 1, lambda number: units(escaped(words[: places[number]])) <= room)
    return escaped(words[: places[last]].rstrip()) + ELLIPSIS
