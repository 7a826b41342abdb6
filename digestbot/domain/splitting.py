"""Splitting: one block that is too long for its page into what fits and what is left."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from digestbot.domain.card import (
    Actions,
    Block,
    Button,
    Divider,
    Heading,
    Image,
    Line,
    List,
    Notice,
    Paragraph,
    Plain,
    Quote,
    Small,
    Spoiler,
    Text,
    plain_text,
)
from digestbot.domain.line import ELLIPSIS, cut, most, shortened

AnyBlock = TypeVar("AnyBlock", bound=Block)


@dataclass(frozen=True, slots=True)
class Room:
    """What a page has left: `fits` asks whether a block can stand here, `whole` whether it could on the next page.

    On a `fresh` page there are only headings before it, so the next page would not be better. With `force` something
    must come of it: words are cut between graphemes, and what cannot be cut is shortened.
    """

    fits: Callable[[Block], bool]
    whole: Callable[[Block], bool]
    fresh: bool = False
    force: bool = False


Halves = tuple[Block | None, Block | None]
"""What stands here and what is left; None twice for a block that no page can hold."""


def split(block: Block, room: Room) -> Halves:
    """The largest beginning of a block that fits, and the rest.

    A list is cut between items, other text between lines, then words, then (forced) graphemes; text that fits whole on
    the next page is not cut. Without `force` the beginning may be None; with it only if nothing at all can stand here.
    """
    match block:
        case Spoiler():
            halves = _split_spoiler(block, room)
        case List():
            halves = _split_list(block, room)
        case _ if not room.fresh and room.whole(block):
            halves = None, block
        case Heading() | Paragraph():
            halves = _split_content(block, room)
        case Quote() | Notice() | Small():
            halves = _split_lines(block, room)
        case Actions():
            halves = _split_actions(block, room)
        case Image():
            halves = _split_image(block, room)
        case Divider():
            halves = None, None if room.force else block
    return halves


def titles_only(blocks: Sequence[Block]) -> bool:
    """Whether there is nothing but headings and dividers: such a page would end with a promise."""
    return all(isinstance(block, Heading | Divider) for block in blocks)


def without_last_titles(blocks: Sequence[AnyBlock]) -> Sequence[AnyBlock]:
    """The blocks before the headings and dividers at the end."""
    end = len(blocks)
    while end and isinstance(blocks[end - 1], Heading | Divider):
        end -= 1
    return blocks[:end]


def _split_spoiler(block: Spoiler, room: Room) -> Halves:
    taken: list[Plain] = []
    rest: list[Plain] = list(block.blocks)
    while rest:
        if room.fits(Spoiler((*taken, rest[0]))):
            taken.append(rest.pop(0))
            continue
        head, left = split(rest[0], _inside(room, tuple(taken)))
        rest[:1] = [left] if left else []  # type: ignore[list-item]  # halves of a plain block are plain
        if head:
            taken.append(head)  # type: ignore[arg-type]  # the same
        if head or left:
            break
    if rest and not (room.force and titles_only(taken)):
        kept = without_last_titles(taken)
        taken, rest = list(kept), [*taken[len(kept) :], *rest]
    return Spoiler(tuple(taken)) if taken else None, Spoiler(tuple(rest)) if rest else None


def _inside(room: Room, taken: tuple[Plain, ...]) -> Room:
    """The room that a spoiler has left for its next block."""

    def wrapped(block: Block) -> tuple[Plain, ...]:
        return (block,)  # type: ignore[return-value]  # only plain blocks are asked about inside a spoiler

    return Room(
        fits=lambda block: room.fits(Spoiler((*taken, *wrapped(block)))),
        whole=lambda block: room.whole(Spoiler(wrapped(block))),
        fresh=room.fresh and titles_only(taken),
        force=room.force and titles_only(taken),
    )


def _split_list(block: List, room: Room) -> Halves:
    def part(items: Sequence[Line], skipped: int = 0) -> List:
        return replace(block, items=tuple(items), start=block.start + skipped if block.ordered else block.start)

    count = most(len(block.items), lambda count: room.fits(part(block.items[:count])))
    if not count and not room.force:
        return None, block
    head = block.items[:count]
    if not head and (short := shortened(block.items[0], lambda line: room.fits(part([line])))):
        head = (short,)
    rest = block.items[max(count, 1) :]
    return part(head) if head else None, part(rest, max(count, 1)) if rest else None


def _split_content(block: Heading | Paragraph, room: Room) -> Halves:
    head, rest = cut(block.content, lambda line: room.fits(replace(block, content=line)), force=room.force)
    return replace(block, content=head) if head else None, replace(block, content=rest) if rest else None


def _split_lines(block: Quote | Notice | Small, room: Room) -> Halves:
    count = most(len(block.lines), lambda count: room.fits(replace(block, lines=block.lines[:count])))
    if count:
        rest = block.lines[count:]
        return replace(block, lines=block.lines[:count]), replace(block, lines=rest) if rest else None
    head, left = cut(block.lines[0], lambda line: room.fits(replace(block, lines=(line,))), force=room.force)
    rest = (*((left,) if left else ()), *block.lines[1:])
    return replace(block, lines=(head,)) if head else None, replace(block, lines=rest) if rest else None


def _split_actions(block: Actions, room: Room) -> Halves:
    count = most(len(block.buttons), lambda count: room.fits(Actions(block.buttons[:count])))
    if not count and not room.force:
        return None, block
    head = block.buttons[:count] or tuple(_short_button(block.buttons[0], room))
    rest = block.buttons[max(count, 1) :]
    return Actions(head) if head else None, Actions(rest) if rest else None


def _short_button(button: Button, room: Room) -> Iterator[Button]:
    short = shortened(
        (Text(button.label),), lambda line: room.fits(Actions((replace(button, label=plain_text(line)),)))
    )
    if short:
        yield replace(button, label=plain_text(short))


def _split_image(block: Image, room: Room) -> Halves:
    if not room.force:
        return None, block
    alt = shortened((Text(block.alt),), lambda line: room.fits(replace(block, alt=plain_text(line))))
    missing = Paragraph((Text(ELLIPSIS),))
    return (replace(block, alt=plain_text(alt)) if alt else missing if room.fits(missing) else None), None
