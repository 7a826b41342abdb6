"""Layout: a card as Block Kit blocks, what is hidden behind a button, neighbouring buttons in one row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from typing import Final

from digestbot.domain.card import Actions, Block, Button, Divider, Image, Paragraph, Plain, Spoiler, Text
from digestbot.domain.length import fitted
from digestbot.domain.link import host, safe_url
from digestbot.domain.visible import clean, shows
from digestbot.platforms.slack import blocks as kit
from digestbot.platforms.slack.buttons import MOST_IN_A_BLOCK, Element, element, instead, numbered

LONGEST_ALT: Final = 2000
HIDDEN: Final = Paragraph((Text("Spoilers are hidden.", emphasis=True),))
"""What stands for a spoiler in a card without a command."""

_DIVIDER: Final[kit.Block] = {"type": "divider"}


@dataclass(frozen=True, slots=True)
class _Press:
    button: Element


_Piece = kit.Block | _Press


def laid(blocks: Iterable[Block], reveal: Button | None) -> list[kit.Block]:
    """The blocks of a message, none of them empty; none at all if there is nothing to see.

    Nothing of what a spoiler holds is in them: `reveal` stands for it, or a sentence where there is none.
    """
    found = [piece for block in opened(blocks, reveal) for piece in _pieces(block)]
    numbers = count(1)
    arranged = [each for pressed, alike in groupby(found, _is_press) for each in _arranged(alike, numbers)]
    return _without_outer_dividers(arranged)


def opened(blocks: Iterable[Block], reveal: Button | None) -> Iterator[Plain]:
    """The blocks without spoilers: what stands for them once for each run of them that holds anything."""
    hidden = False
    for block in blocks:
        if not isinstance(block, Spoiler):
            hidden = False
            yield block
        elif block.blocks and not hidden:
            hidden = True
            yield Actions((reveal,)) if reveal else HIDDEN


def _pieces(block: Plain) -> Iterator[_Piece]:
    match block:
        case Divider():
            yield _DIVIDER
        case Image():
            yield from _picture(block)
        case Actions(buttons=buttons):
            yield from _presses(buttons)
        case _:
            yield from _written(block)


def _picture(image: Image) -> Iterator[_Piece]:
    """Slack wants a description: the host where there is none."""
    address, alt = safe_url(image.url), clean(image.alt)
    if address is None:
        yield from _written(Paragraph((Text(alt),)))
    else:
        described = fitted(alt, LONGEST_ALT) if shows(alt) else host(address)
        yield {"type": "image", "image_url": address, "alt_text": described}


def _presses(buttons: Sequence[Button]) -> Iterator[_Piece]:
    """What Slack has no button for is text before the others."""
    native = [(button, element(button)) for button in buttons]
    for button, found in native:
        if found is None:
            yield from _written(Paragraph(instead(button)))
    yield from (_Press(found) for _, found in native if found)


def _written(block: kit.TextBlock) -> Iterator[_Piece]:
    found = kit.written(block)
    if found:
        yield found


def _is_press(piece: _Piece) -> bool:
    return isinstance(piece, _Press)


def _arranged(alike: Iterable[_Piece], numbers: Iterator[int]) -> Iterator[kit.Block]:
    row: list[Element] = []
    for piece in alike:
        if isinstance(piece, _Press):
            row.append(numbered(piece.button, next(numbers)))
        else:
            yield piece
    for start in range(0, len(row), MOST_IN_A_BLOCK):
        yield {"type": "actions", "elements": row[start : start + MOST_IN_A_BLOCK]}


def _without_outer_dividers(found: list[kit.Block]) -> list[kit.Block]:
    """Dividers divide: at the edges there is nothing to divide from."""
    solid = [index for index, block in enumerate(found) if block["type"] != "divider"]
    return found[solid[0] : solid[-1] + 1] if solid else []
