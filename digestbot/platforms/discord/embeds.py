"""Embeds: a card as one classic embed with its buttons below, for servers that ask for `layout:embed`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from digestbot.domain.card import (
    Actions,
    Block,
    Divider,
    Heading,
    Image,
    Link,
    List,
    Plain,
    Spoiler,
    Text,
    plain_text,
)
from digestbot.domain.line import ELLIPSIS
from digestbot.domain.visible import clean, shows
from digestbot.platforms.discord.blocks import Words, flat, together
from digestbot.platforms.discord.buttons import LONGEST_LABEL, Component, instead, rows
from digestbot.platforms.discord.length import fitted, units
from digestbot.platforms.discord.markdown import markdown
from digestbot.platforms.discord.pieces import Picture, Piece, Pressable, Rule, pieces, without_outer_rules

LONGEST_TITLE: Final = 256

_RULE = "───"


def embed(blocks: Sequence[Block], *, accent: int | None) -> tuple[dict[str, Any], list[Component]]:
    """The embed and the rows of buttons of a page, none of it empty but, perhaps, the rows.

    The heading that a card begins with is the title. One picture is shown, further ones are links; what is in a spoiler
    is text, row by row, because neither pictures nor buttons can hide.
    """
    title = _title(blocks)
    found = list(_placed(blocks, titled=bool(title)))
    picture = next((piece for _, piece in found if isinstance(piece, Picture)), None)
    described = _description([piece for _, piece in found if not isinstance(piece, Pressable) and piece is not picture])
    body = {
        **({"title": title} if title else {}),
        **({"description": described} if described else {}),
        **({"color": accent} if accent is not None else {}),
        **({"image": _image(picture)} if picture else {}),
    }
    shown = body if title or described or picture else {"description": ELLIPSIS, **body}
    return shown, rows(_told_apart([(under, piece.button) for under, piece in found if isinstance(piece, Pressable)]))


def _title(blocks: Sequence[Block]) -> str:
    """The first heading, if a title can hold it: no links or times, and not too long. Else it is text like others."""
    first = blocks[0] if blocks else None
    if not isinstance(first, Heading) or not all(isinstance(part, Text) for part in first.content):
        return ""
    title = " ".join(markdown(first.content).split("\n")).strip()
    return title if shows(title) and units(title) <= LONGEST_TITLE else ""


def _placed(blocks: Sequence[Block], *, titled: bool) -> Iterator[tuple[str, Piece]]:
    """Pieces in order, without that of the title, each with the heading that it stands under."""
    used: set[str] = set()
    under, listed = "", False
    for index, block in enumerate(blocks):
        if isinstance(block, Heading):
            under = plain_text(block.content)
        if titled and not index:
            continue
        for piece in _hidden(block.blocks) if isinstance(block, Spoiler) else _pieces(block, used, listed=listed):
            listed = piece.listed if isinstance(piece, Words) else listed
            yield under, piece


def _pieces(block: Plain, used: set[str], *, listed: bool) -> Iterator[Piece]:
    """A list right behind another is flat: Discord would read them as one, and count on."""
    if not (isinstance(block, List) and listed):
        yield from pieces(block, used)
    elif items := flat(block):
        yield Words("\n".join(items))


def _hidden(blocks: Iterable[Plain]) -> Iterator[Piece]:
    for block in blocks:
        if spoiled := [f"||{_apart(row)}||" for row in _rows(block) if shows(row)]:
            yield Words("\n".join(spoiled))


def _rows(block: Plain) -> Sequence[str]:
    match block:
        case Divider():
            return []
        case Image(url=url, alt=alt):
            return [markdown((Link(alt, url),))]
        case Actions(buttons=buttons):
            return list(map(instead, buttons))
        case _:
            return flat(block)


def _description(found: list[Words | Picture | Rule]) -> str:
    return together(list(map(_text, without_outer_rules(found))))


def _text(piece: Words | Picture | Rule) -> Words:
    match piece:
        case Words():
            return piece
        case Picture(url=url, alt=alt):
            return Words(markdown((Link(alt, url),)))
        case Rule():
            return Words(_RULE)


def _image(picture: Picture) -> dict[str, str]:
    return {"url": picture.url, **({"description": picture.alt} if picture.alt else {})}


def _told_apart(placed: Sequence[tuple[str, Component]]) -> Iterator[Component]:
    """Buttons of one label name the heading that they stood under: below an embed they are all in one place."""
    labels = Counter(button["label"] for _, button in placed)
    for under, button in placed:
        if labels[button["label"]] > 1 and under:
            yield {**button, "label": fitted(f"{button['label']}: {clean(under)}", LONGEST_LABEL)}
        else:
            yield button


def _apart(row: str) -> str:
    """Not ending with the sign that ends a spoiler: Discord looks for `||` before it looks for backslashes."""
    return f"{row} " if row.endswith("|") else row
