"""Markdown to blocks: CommonMark without HTML, and the containers spoiler, actions, small and notice."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from markdown_it.token import Token

from digestbot.domain.card import (
    Actions,
    Block,
    Divider,
    Heading,
    Line,
    List,
    Notice,
    Paragraph,
    Plain,
    Quote,
    Small,
    Spoiler,
)
from digestbot.rendering import syntax
from digestbot.rendering.inline import Misplaced, buttons, images, line, lines

CONTAINERS = ("spoiler", "actions", "small", "notice")
DEEPEST_HEADING = 3

_NAMES = {
    "fence": "code blocks",
    "table_open": "tables",
    "html_block": "HTML (for a comment write {# … #})",
    "blockquote_open": "a quote",
    "bullet_list_open": "a list",
    "ordered_list_open": "a list",
    "heading_open": "a heading",
    "hr": "a divider",
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What cards do not have, at a line of the Markdown counted from 0."""

    line: int
    message: str


def parse(markdown: str) -> tuple[tuple[Block, ...], tuple[Fault, ...]]:
    """The blocks, and every fault; the blocks are whole only if there is none."""
    reader = _Reader(markdown)
    blocks = tuple(reader.blocks())
    return blocks, tuple(sorted(set(reader.faults)))


class _Reader:
    """Walks the tokens once; each method takes what belongs to its block."""

    def __init__(self, markdown: str) -> None:
        self.faults: list[Fault] = []
        self._rows = markdown.split("\n")
        self._tokens = iter(syntax.READER.parse(markdown))

    def blocks(self) -> Iterator[Block]:
        for token in self._tokens:
            if token.type == syntax.BOX and token.info.strip() == "spoiler":
                inner = tuple(self._spoiled(token))
                yield from (Spoiler(inner),) if inner else ()
            else:
                yield from self._plain(token, len(self._rows))

    def _spoiled(self, opened: Token) -> Iterator[Plain]:
        """The blocks in a spoiler."""
        self._check_closed(opened, len(self._rows))
        for token in self._tokens:
            if token.type == syntax.BOX_CLOSE and token.level == opened.level:
                return
            yield from self._plain(token, _last_row(opened))

    def _plain(self, token: Token, end: int) -> Iterator[Plain]:
        match token.type:
            case "heading_open":
                yield from self._heading(token)
            case "paragraph_open":
                yield from self._paragraph(token)
            case "blockquote_open":
                yield from _if_any(Quote, self._rows_of(token, "a quote"))
            case "bullet_list_open" | "ordered_list_open":
                yield from self._list(token)
            case "hr":
                yield Divider()
            case syntax.BOX:
                self._check_closed(token, end)
                yield from self._box(token, token.info.strip())
            case _:
                self._refuse(token, "cards have no {}")

    def _box(self, opened: Token, name: str) -> Iterator[Plain]:
        match name:
            case "small":
                yield from _if_any(Small, self._rows_of(opened, "::: small"))
            case "notice":
                yield from _if_any(Notice, self._rows_of(opened, "::: notice"))
            case "actions":
                yield from self._actions(opened)
            case "spoiler":
                self._refuse(opened, "a spoiler cannot stand inside a spoiler")
            case _:
                self._refuse(opened, f"there is no container ‘{name}’, only {', '.join(CONTAINERS)}")

    def _heading(self, opened: Token) -> Iterator[Plain]:
        level = int(opened.tag[1:])
        content = self._line(self._inline())
        if level > DEEPEST_HEADING:
            self._fault(opened, f"cards have headings of {DEEPEST_HEADING} levels, # to ###")
        elif content:
            yield Heading(content, level)

    def _paragraph(self, _opened: Token) -> Iterator[Plain]:
        inline = self._inline()
        try:
            pictures = images(inline.children or [])
        except Misplaced as fault:
            self._fault(inline, str(fault))
            return
        if pictures:
            yield from pictures
        elif content := self._line(inline):
            yield Paragraph(content)

    def _list(self, opened: Token) -> Iterator[Plain]:
        kept = tuple(filter(None, [self._item(token) for token in self._until(opened)]))
        ordered = opened.type == "ordered_list_open"
        if kept:
            yield List(kept, ordered=ordered, start=int(opened.attrGet("start") or 1) if ordered else 1)

    def _item(self, opened: Token) -> Line:
        found: list[Line] = []
        for inline in self._paragraphs_of(opened, "a list item"):
            if found:
                self._fault(inline, "a list item holds one paragraph")
            found.append(self._line(inline))
        return found[0] if found else ()

    def _actions(self, opened: Token) -> Iterator[Plain]:
        try:
            rows = [buttons(inline.children or []) for inline in self._paragraphs_of(opened, "::: actions")]
        except Misplaced as fault:
            self._fault(opened, str(fault))
            return
        found = tuple(button for button in chain.from_iterable(rows) if button.label)
        yield from (Actions(found),) if found else ()

    def _rows_of(self, opened: Token, name: str) -> tuple[Line, ...]:
        """The lines of all paragraphs up to the token's close."""
        found: list[Line] = []
        for inline in self._paragraphs_of(opened, name):
            try:
                found += lines(inline.children or [])
            except Misplaced as fault:
                self._fault(inline, str(fault), fault.offset)
        return tuple(found)

    def _paragraphs_of(self, opened: Token, name: str) -> Iterator[Token]:
        for token in self._until(opened):
            if token.type == "paragraph_open":
                yield self._inline()
            else:
                self._refuse(token, name + " holds text only, not {}")

    def _line(self, inline: Token) -> Line:
        try:
            return line(inline.children or [])
        except Misplaced as fault:
            self._fault(inline, str(fault), fault.offset)
            return ()

    def _inline(self) -> Token:
        """The inline token of a paragraph or heading that was just opened."""
        inline = next(self._tokens)
        next(self._tokens)
        return inline

    def _until(self, opened: Token) -> Iterator[Token]:
        """Tokens up to the one that closes."""
        closing = opened.type.removesuffix("_open") + "_close"
        for token in self._tokens:
            if token.type == closing and token.level == opened.level:
                return
            yield token

    def _refuse(self, token: Token, sentence: str) -> None:
        """Say that a block cannot stand here, and skip it."""
        name = f"::: {token.info.strip()}" if token.type == syntax.BOX else _NAMES.get(token.type, token.type)
        self._fault(token, sentence.format(name))
        if token.nesting == 1:
            deque(self._until(token), maxlen=0)

    def _check_closed(self, opened: Token, end: int) -> None:
        last = _last_row(opened)
        if last >= end or not self._rows[last].strip().startswith(opened.markup):
            self._fault(opened, f"::: {opened.info.strip()} is never closed; end it with a line of {opened.markup}")

    def _fault(self, token: Token, message: str, offset: int = 0) -> None:
        self.faults.append(Fault((token.map or [0])[0] + offset, message))


def _last_row(opened: Token) -> int:
    return (opened.map or [0, 0])[1]


def _if_any(kind: type[Quote | Notice | Small], found: tuple[Line, ...]) -> Iterable[Plain]:
    return (kind(found),) if found else ()
