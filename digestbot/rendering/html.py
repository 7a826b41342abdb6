"""Cards as HTML for the sandbox and the web: every text escaped, no markup but ours."""

from collections.abc import Iterable
from html import escape

from digestbot.domain.card import (
    Actions,
    Block,
    Button,
    Card,
    Divider,
    Heading,
    Image,
    Inline,
    Line,
    Link,
    List,
    Notice,
    Paragraph,
    Quote,
    Small,
    Spoiler,
    Text,
    Time,
)
from digestbot.domain.link import safe_url, with_host
from digestbot.domain.more import more
from digestbot.rendering.size import PageSize


class HtmlMeasure(PageSize):
    """Pages as large as Discord's, less the “More” button, so that the sandbox breaks cards where it does."""

    def __init__(self) -> None:
        super().__init__(characters=4000 - len("More (99/99)"), parts=40 - 2)


def html(card: Card) -> str:
    """One page of a card: elements of the classes `db-…`, a “More” button if there are further pages."""
    further = more(card)
    blocks = (*card.blocks, Actions((further,))) if further else card.blocks
    return "".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Heading(content=content, level=level):
            shown = f'<h{level + 1} class="db-heading" dir="auto">{_line(content)}</h{level + 1}>'
        case Paragraph(content=content):
            shown = f'<p class="db-paragraph" dir="auto">{_line(content)}</p>'
        case Quote() | Notice() | Small():
            shown = _lined(block)
        case List():
            shown = _list(block)
        case Divider():
            shown = '<hr class="db-divider">'
        case Image(url=url, alt=alt):
            shown = _image(url, alt)
        case Actions(buttons=buttons):
            shown = f'<div class="db-actions">{"".join(map(_button, buttons))}</div>'
        case Spoiler(blocks=blocks):
            inner = "".join(map(_block, blocks))
            shown = f'<details class="db-spoiler"><summary>Spoiler</summary><div>{inner}</div></details>'
    return shown


def _lined(block: Quote | Notice | Small) -> str:
    element, name = {Quote: ("blockquote", "quote"), Notice: ("aside", "notice"), Small: ("footer", "small")}[
        type(block)
    ]
    return f'<{element} class="db-{name}">{_rows("p", block.lines)}</{element}>'


def _list(block: List) -> str:
    items = _rows("li", block.items)
    if not block.ordered:
        return f'<ul class="db-list">{items}</ul>'
    start = f' start="{block.start}"' if block.start != 1 else ""
    return f'<ol class="db-list"{start}>{items}</ol>'


def _rows(element: str, lines: Iterable[Line]) -> str:
    return "".join(f'<{element} dir="auto">{_line(line)}</{element}>' for line in lines)


def _line(line: Line) -> str:
    return "".join(map(_inline, line))


def _inline(part: Inline) -> str:
    match part:
        case Text(text=text):
            return _text(part, escape(text).replace("\n", "<br>"))
        case Link(label=label, url=url):
            return _anchor(with_host(label, url), url)
        case Time(at=at, text=text, style=style):
            return f'<time datetime="{escape(at.isoformat())}" data-style="{style}">{escape(text)}</time>'


def _text(part: Text, words: str) -> str:
    marks = (("s", part.struck), ("em", part.emphasis), ("strong", part.strong))
    for element, wanted in marks:
        words = f"<{element}>{words}</{element}>" if wanted else words
    return words


def _anchor(label: str, url: str) -> str:
    """Only the label if the address is not one that cards may hold."""
    address = safe_url(url)
    if address is None:
        return escape(label)
    return f'<a href="{escape(address)}" rel="noopener noreferrer nofollow" target="_blank">{escape(label)}</a>'


def _button(button: Button) -> str:
    if button.url is not None:
        return _anchor(button.label, button.url)
    return f'<button type="button" data-command="{escape(button.command or "")}">{escape(button.label)}</button>'


def _image(url: str, alt: str) -> str:
    address = safe_url(url)
    if address is None:
        return f'<p class="db-paragraph" dir="auto">{escape(alt)}</p>'
    source = f'src="{escape(address)}" alt="{escape(alt)}"'
    return f'<figure class="db-image"><img {source} loading="lazy" referrerpolicy="no-referrer"></figure>'
