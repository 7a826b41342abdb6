"""Components: a card as Discord's Components V2, containers of texts, pictures, rules and buttons."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from digestbot.domain.card import Block, Plain, Spoiler
from digestbot.platforms.discord.blocks import Words, together
from digestbot.platforms.discord.buttons import Component, rows
from digestbot.platforms.discord.pieces import Picture, Piece, Pressable, Rule, pieces, without_outer_rules

TEXT_DISPLAY: Final = 10
MEDIA_GALLERY: Final = 12
SEPARATOR: Final = 14
CONTAINER: Final = 17

_GALLERY = 10


def laid(blocks: Iterable[Block], *, accent: int | None) -> list[Component]:
    """The top-level components: a container for each spoiler and for what stands between them, none of them empty."""
    used: set[str] = set()
    containers = (_container(inner, accent, used, hidden=hidden) for hidden, inner in _sections(blocks))
    return [container for container in containers if container["components"]]


def text_display(text: str) -> Component:
    return {"type": TEXT_DISPLAY, "content": text}


def _sections(blocks: Iterable[Block]) -> Iterator[tuple[bool, Sequence[Plain]]]:
    """The blocks of each container, and whether it is a spoiler."""
    plain: list[Plain] = []
    for block in blocks:
        if isinstance(block, Spoiler):
            yield False, plain
            yield True, block.blocks
            plain = []
        else:
            plain.append(block)
    yield False, plain


def _container(blocks: Iterable[Plain], accent: int | None, used: set[str], *, hidden: bool) -> Component:
    found = without_outer_rules([piece for block in blocks for piece in pieces(block, used)])
    inner = [each for _, alike in groupby(found, type) for each in _arranged(list(alike), hidden=hidden)]
    colour = {} if accent is None else {"accent_color": accent}
    return {"type": CONTAINER, **colour, **({"spoiler": True} if hidden else {}), "components": inner}


def _arranged(alike: Sequence[Piece], *, hidden: bool) -> Iterator[Component]:
    """The components of neighbours of one kind."""
    match alike[0]:
        case Words():
            yield from map(text_display, _texts([piece for piece in alike if isinstance(piece, Words)]))
        case Picture():
            items = [_item(piece, hidden=hidden) for piece in alike if isinstance(piece, Picture)]
            for start in range(0, len(items), _GALLERY):
                yield {"type": MEDIA_GALLERY, "items": items[start : start + _GALLERY]}
        case Pressable():
            yield from rows(piece.button for piece in alike if isinstance(piece, Pressable))
        case Rule():
            yield {"type": SEPARATOR, "divider": True, "spacing": 1}


def _texts(found: Sequence[Words]) -> Iterator[str]:
    """All as one text, but for lists that follow each other: Discord would read them as one."""
    start = 0
    for index in range(1, len(found)):
        if found[index].listed and found[index - 1].listed:
            yield together(found[start:index])
            start = index
    yield together(found[start:])


def _item(picture: Picture, *, hidden: bool) -> Component:
    described = {"description": picture.alt} if picture.alt else {}
    return {"media": {"url": picture.url}, **described, **({"spoiler": True} if hidden else {})}
