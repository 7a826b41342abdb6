"""Blocks of text in Discord's Markdown, with block markup or flat."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from digestbot.domain.card import Heading, Line, List, Notice, Paragraph, Quote, Small, Text
from digestbot.domain.visible import shows
from digestbot.platforms.discord.markdown import markdown

TextBlock = Heading | Paragraph | Quote | List | Notice | Small

_WARNING = "⚠️ "


@dataclass(frozen=True, slots=True)
class Words:
    """The text of a block; `title` if what follows belongs right below it, `listed` if it is a list of Discord's."""

    text: str
    title: bool = False
    listed: bool = False


def words(block: TextBlock) -> Words:
    """A block with its markup; its text is empty if there is nothing in it that a reader would see."""
    match block:
        case Heading(content=content, level=level):
            found = Words(_prefixed(f"{'#' * level} ", [" ".join(_rows([content]))]), title=True)
        case Paragraph(content=content):
            found = Words("\n".join(_rows([content], blank=True)).strip())
        case Quote(lines=lines):
            found = Words(_prefixed("> ", _rows(lines)))
        case Small(lines=lines):
            found = Words(_prefixed("-# ", _rows(lines)))
        case Notice(lines=lines):
            found = Words(_noticed(_rows(lines)))
        case List():
            found = Words("\n".join(_items(block)), listed=True)
    return found if shows(found.text) else Words("")


def flat(block: TextBlock) -> list[str]:
    """Its rows without block markup, where Discord would not read it: inside spoilers of text."""
    match block:
        case Heading(content=content):
            return list(_rows([_strong(content)]))
        case Paragraph(content=content):
            return list(_rows([content]))
        case Quote(lines=lines) | Small(lines=lines):
            return list(_rows(lines))
        case Notice(lines=lines):
            return _noticed(_rows(lines)).splitlines()
        case List(items=items):
            marks = (f"{block.start + index}\\. " if block.ordered else "• " for index in range(len(items)))
            return [mark + row for mark, item in zip(marks, items, strict=True) if (row := " ".join(_rows([item])))]


def together(found: Sequence[Words]) -> str:
    """Several of them, an empty line between, none below a heading."""
    gaps = ["", *("\n" if each.title else "\n\n" for each in found)]
    return "".join(gap + each.text for gap, each in zip(gaps, found, strict=False))


def _strong(line: Line) -> Line:
    return tuple(replace(part, strong=True) if isinstance(part, Text) else part for part in line)


def _rows(lines: Iterable[Line], *, blank: bool = False) -> Iterator[str]:
    rows = (row.strip() for line in lines for row in markdown(line).split("\n"))
    return rows if blank else filter(shows, rows)


def _prefixed(mark: str, rows: Iterable[str]) -> str:
    return "\n".join(mark + row for row in rows if row)


def _noticed(rows: Iterable[str]) -> str:
    text = "\n".join(rows)
    return _WARNING + text if text else ""


def _items(block: List) -> Iterator[str]:
    for index, item in enumerate(block.items):
        mark = f"{block.start + index}. " if block.ordered else "- "
        if rows := list(_rows([item])):
            yield mark + ("\n" + " " * len(mark)).join(rows)
