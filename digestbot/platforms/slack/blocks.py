"""Blocks: one text of a card in Block Kit, as a header, as rich text or as small print."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from digestbot.domain.card import Heading, Inline, Line, List, Notice, Paragraph, Quote, Small, Text
from digestbot.domain.length import units
from digestbot.platforms.slack.inline import Element, bold, elements, joined
from digestbot.platforms.slack.mrkdwn import mrkdwn

Block = dict[str, Any]
TextBlock = Heading | Paragraph | Quote | List | Notice | Small

LONGEST_HEADER: Final = 150
LONGEST_MRKDWN: Final = 3000

WARNING: Final = Text("⚠️ ")


def written(block: TextBlock) -> Block | None:
    """The block, or None if there is nothing in it that a reader would see."""
    match block:
        case Heading(content=content, level=level):
            return _heading(content, level)
        case Paragraph(content=content):
            return _rich("rich_text_section", elements(content))
        case Quote(lines=lines):
            return _rich("rich_text_quote", elements(joined(lines)))
        case Notice(lines=lines):
            text = joined(lines)
            return _rich("rich_text_section", elements((WARNING, *text)) if text else ())
        case Small(lines=lines):
            return _small(joined(lines))
        case _:
            return _list(block)


def _rich(kind: str, found: Sequence[Element], **more: Any) -> Block | None:  # noqa: ANN401  # JSON
    return _rich_text({"type": kind, **more, "elements": list(found)}) if found else None


def _rich_text(inner: Element) -> Block:
    return {"type": "rich_text", "elements": [inner]}


def _heading(content: Line, level: int) -> Block | None:
    """A header where it can hold it: it has no links or times, no looks of its own, and at most 150 characters."""
    found = elements(tuple(_in_a_row(content)))
    text = found[0]["text"] if len(found) == 1 and found[0].keys() == {"type", "text"} else ""
    if level == 1 and text and units(text) <= LONGEST_HEADER:
        return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}
    return _rich("rich_text_section", bold(found))


def _in_a_row(line: Line) -> Iterator[Inline]:
    """Without breaks, and without strong texts: all of a heading is strong."""
    for part in line:
        yield replace(part, text=part.text.replace("\n", " "), strong=False) if isinstance(part, Text) else part


def _small(text: Line) -> Block | None:
    """Small print if its characters are literal there too, else text of the usual size."""
    found = mrkdwn(text)
    if found is None or not elements(text) or units(found) > LONGEST_MRKDWN:
        return _rich("rich_text_section", elements(text))
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": found, "verbatim": True}]}


def _list(block: List) -> Block | None:
    """`offset` is what comes before the first number (Slack: rich text list)."""
    sections = [{"type": "rich_text_section", "elements": list(found)} for found in map(elements, block.items) if found]
    start = {"offset": block.start - 1} if block.ordered and block.start > 1 else {}
    return _rich("rich_text_list", sections, style="ordered" if block.ordered else "bullet", **start)
