"""A card: the blocks that one message is made of, before any platform lays them out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    """Literal characters: whatever they look like, no platform may read them as markup."""

    text: str
    strong: bool = False
    emphasis: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A label over an http or https address; layouts show the host beside a label that hides it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Time:
    """An instant that each reader sees in their own zone where the platform can; `text` elsewhere."""

    at: datetime
    text: str
    style: Literal["date", "time", "datetime", "relative"] = "datetime"


Inline = Text | Link | Time
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    content: Line
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    content: Line


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation, one line a paragraph."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class List:
    """A flat list; `start` numbers the first item of an ordered one."""

    items: tuple[Line, ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Divider:
    pass


@dataclass(frozen=True, slots=True)
class Image:
    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must not overlook: corrected, withdrawn, not official."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Small:
    """The footer: source, times."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """Opens `url`, or runs `command` (a `/news` line without the slash word) as whoever presses it.

    Because a button is a command it needs no state, survives restarts and passes the same permission checks.
    """

    label: str
    url: str | None = None
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Actions:
    buttons: tuple[Button, ...]


Plain = Heading | Paragraph | Quote | List | Divider | Image | Notice | Small | Actions


@dataclass(frozen=True, slots=True)
class Spoiler:
    """Blocks that stay hidden until the reader asks, in push texts and alt texts too."""

    blocks: tuple[Plain, ...]


Block = Plain | Spoiler


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One message; `command` is the `/news` line that shows it again (for further pages, for revealing spoilers).

    `accent` names the topic whose colour the card wears. `page` of `pages` counts from 1.
    """

    blocks: tuple[Block, ...]
    command: str | None = None
    accent: str | None = None
    locale: str = "en"
    page: int = 1
    pages: int = 1

    @property
    def title(self) -> str:
        """The first heading outside spoilers: fit for thread names and push texts. Empty if there is none."""
        headings = (block for block in self.blocks if isinstance(block, Heading))
        return next((plain_text(heading.content) for heading in headings), "")

    def numbered(self, blocks: Sequence[Block], page: int, pages: int) -> "Card":
        return replace(self, blocks=tuple(blocks), page=page, pages=pages)


def plain_text(line: Line) -> str:
    """A line without its marks."""
    return "".join(part.label if isinstance(part, Link) else part.text for part in line)


def lines_of(block: Block) -> Iterator[Line]:
    """Every line of a block in reading order, those inside spoilers included."""
    match block:
        case Heading(content=content) | Paragraph(content=content):
            yield content
        case Quote(lines=lines) | Notice(lines=lines) | Small(lines=lines) | List(items=lines):
            yield from lines
        case Spoiler(blocks=blocks):
            for inner in blocks:
                yield from lines_of(inner)
        case _:
            return
