"""Pieces: what a block comes to on Discord, before a layout arranges it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from digestbot.domain.card import Actions, Button, Divider, Image, Paragraph, Plain, Text
from digestbot.domain.link import safe_url
from digestbot.domain.visible import clean, shows
from digestbot.platforms.discord.blocks import Words, words
from digestbot.platforms.discord.buttons import Component, component, instead
from digestbot.platforms.discord.length import fitted

LONGEST_ALT: Final = 1024


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with a safe address; `alt` is cut to fit, and may be empty."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button as Discord takes it."""

    button: Component


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


Piece = Words | Picture | Pressable | Rule
AnyPiece = TypeVar("AnyPiece", bound=Piece)


def pieces(block: Plain, used: set[str]) -> Iterator[Piece]:
    """The pieces of a block in order, none of them empty. `used` holds the message's custom ids, and gets more.

    What Discord has no button or picture for is a text in its place; a second button with the same command is left out.
    """
    match block:
        case Divider():
            yield Rule()
        case Image():
            yield from _picture(block)
        case Actions(buttons=buttons):
            yield from _pressable(buttons, used)
        case _:
            yield from _shown(words(block))


def without_outer_rules(found: list[AnyPiece]) -> list[AnyPiece]:
    """Rules divide: at the edges there is nothing to divide from."""
    solid = [index for index, piece in enumerate(found) if not isinstance(piece, Rule)]
    return found[solid[0] : solid[-1] + 1] if solid else []


def _picture(image: Image) -> Iterator[Piece]:
    address, alt = safe_url(image.url), clean(image.alt)
    if address is None:
        yield from _shown(words(Paragraph((Text(alt),))))
    else:
        yield Picture(address, fitted(alt, LONGEST_ALT) if shows(alt) else "")


def _pressable(buttons: tuple[Button, ...], used: set[str]) -> Iterator[Piece]:
    native = [(button, component(button)) for button in buttons]
    for button, found in native:
        if found is None:
            yield from _shown(Words(instead(button)))
    for _, found in native:
        if found and found.get("custom_id") not in used:
            used.update(filter(None, [found.get("custom_id")]))
            yield Pressable(found)


def _shown(found: Words) -> Iterator[Piece]:
    if shows(found.text):
        yield found
