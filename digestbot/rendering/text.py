"""Cards as text for the terminal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.rule import Rule
from rich.segment import Segment
from rich.style import Style
from rich.text import Text as Rich

from digestbot.domain.card import (
    Actions,
    Block,
    Button,
    Card,
    Divider,
    Heading,
    Image,
    Line,
    Link,
    List,
    Notice,
    Paragraph,
    Quote,
    Small,
    Spoiler,
    Text,
)
from digestbot.domain.link import with_host
from digestbot.domain.more import more
from digestbot.domain.paging import paginate
from digestbot.rendering.size import PageSize

_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code != ord("\n")}


class TextMeasure(PageSize):
    """Generous: a terminal scrolls."""

    def __init__(self) -> None:
        super().__init__(characters=4000, parts=40)


def print_card(card: Card, *, reveal: bool = False) -> None:
    """Every page to standard output, in colour where the terminal has it; `reveal` opens the spoilers."""
    console = Console(markup=False, emoji=False, highlight=False)
    for page in paginate(card, TextMeasure()):
        console.print(renderable(page, reveal=reveal))


def as_text(card: Card, width: int = 80, *, reveal: bool = False) -> str:
    """One page as plain text, wrapped at so many cells."""
    console = Console(
        file=StringIO(),
        width=width,
        color_system=None,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    with console.capture() as capture:
        console.print(renderable(card, reveal=reveal))
    return "\n".join(row.rstrip() for row in capture.get().splitlines()) + "\n"


def renderable(card: Card, *, reveal: bool = False) -> RenderableType:
    """One page for a rich console."""
    return Group(*_spaced(_block(block, reveal=reveal) for block in (*card.blocks, *_hint(card))))


def _spaced(blocks: Iterable[RenderableType]) -> Iterator[RenderableType]:
    for block in blocks:
        yield block
        yield ""


def _hint(card: Card) -> Iterator[Block]:
    if card.pages > 1:
        further = more(card)
        way = f" More: /news {further.command}" if further else ""
        yield Small(((Text(f"Page {card.page} of {card.pages}.{way}"),),))


@dataclass(frozen=True, slots=True)
class _Prefixed:
    """Text whose first row begins with `first` and whose others begin with `rest`, of the same width."""

    content: RenderableType
    first: str
    rest: str
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        inner = options.update_width(max(options.max_width - len(self.first), 1))
        style = console.get_style(self.style)
        for number, row in enumerate(console.render_lines(self.content, inner, pad=False)):
            yield Segment(self.rest if number else self.first, style)
            yield from row
            yield Segment.line()


def _block(block: Block, *, reveal: bool) -> RenderableType:
    shown: RenderableType
    match block:
        case Heading(content=content, level=level):
            shown = _rich(content, "bold" if level > 1 else "bold underline")
        case Paragraph(content=content):
            shown = _rich(content)
        case Quote() | Notice() | Small():
            shown = _lined(block)
        case List():
            shown = _list(block)
        case Divider():
            shown = Rule(style="dim")
        case Image(url=url, alt=alt):
            shown = _rich((Text("Picture: "), Link(alt, url)))
        case Actions(buttons=buttons):
            shown = Group(*map(_button, buttons))
        case Spoiler(blocks=blocks):
            shown = _spoiler(blocks, reveal=reveal)
    return shown


def _lined(block: Quote | Notice | Small) -> RenderableType:
    if isinstance(block, Small):
        return Group(*(_rich(line, "dim") for line in block.lines))
    bar, style = ("│ ", "cyan") if isinstance(block, Quote) else ("▌ ", "yellow")
    return _Prefixed(Group(*map(_rich, block.lines)), bar, bar, style)


def _list(block: List) -> RenderableType:
    marks = [f"{block.start + index}. " if block.ordered else "• " for index in range(len(block.items))]
    items = zip(marks, block.items, strict=True)
    return Group(*(_Prefixed(_rich(item), mark, " " * len(mark)) for mark, item in items))


def _spoiler(blocks: Iterable[Block], *, reveal: bool) -> RenderableType:
    if not reveal:
        return Rich("▒▒▒ Spoiler ▒▒▒", style="dim")
    inner = list(_spaced(_block(block, reveal=True) for block in blocks))[:-1]
    return _Prefixed(Group(*inner), "▒ ", "▒ ", "dim")


def _button(button: Button) -> Rich:
    if button.url is not None:
        return _rich((Text("› "), Link(button.label, button.url)))
    return _rich((Text("› "), Text(button.label, strong=True), Text(f"  /news {button.command}")))


def _rich(line: Line, style: str = "") -> Rich:
    rich = Rich(style=style)
    for part in line:
        if isinstance(part, Link):
            rich.append(_clean(with_host(part.label, part.url)), Style(link=part.url))
        elif isinstance(part, Text):
            looks = Style(bold=part.strong or None, italic=part.emphasis or None, strike=part.struck or None)
            rich.append(_clean(part.text), looks)
        else:
            rich.append(_clean(part.text))
    return rich


def _clean(text: str) -> str:
    """No control characters: a terminal would obey them."""
    return text.translate(_CONTROLS)
