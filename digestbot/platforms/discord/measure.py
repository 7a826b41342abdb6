"""Measures: what one message may hold of a card in each layout, counted by laying it out."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from digestbot.domain.card import Actions, Block, Button, Card
from digestbot.platforms.discord.components import MEDIA_GALLERY, TEXT_DISPLAY, laid
from digestbot.platforms.discord.embeds import embed
from digestbot.platforms.discord.length import units

MOST_COMPONENTS: Final = 40
"""Nested ones included (Discord: component reference)."""
MOST_TEXT: Final = 4000
"""Characters over all TextDisplays of a message."""
MOST_BYTES: Final = 10170
"""UTF-8 bytes over all TextDisplays and 12 for each; above that Discord answers with an error of its own."""
MOST_MEDIA: Final = 64
"""Pictures of a message; above that the same."""
MOST_DESCRIBED: Final = 4096
MOST_OF_EMBEDS: Final = 6000
MOST_BUTTONS: Final = 25
"""Below an embed: five rows of five."""

_SLACK = 0.975
"""Of the limits of text: nobody documents what Discord takes for a character."""
_MENTION_UNITS = 24
_MENTION_BYTES = 36
_BYTES_PER_TEXT = 12
_MANY = 999


class ComponentsMeasure:
    """Components, characters, bytes and pictures of a page of this card, its “More” button among them.

    The limits leave room for a mention on top.
    """

    def __init__(self, card: Card) -> None:
        self._more = _most_of_more(card)

    @property
    def limit(self) -> tuple[int, ...]:
        text = int(MOST_TEXT * _SLACK) - _MENTION_UNITS
        return MOST_COMPONENTS - 1, text, int(MOST_BYTES * _SLACK) - _MENTION_BYTES, MOST_MEDIA

    def cost(self, blocks: Sequence[Block]) -> tuple[int, ...]:
        parts = list(_parts(laid((*blocks, *self._more), accent=None)))
        texts = [part["content"] for part in parts if part["type"] == TEXT_DISPLAY]
        return (
            len(parts),
            sum(map(units, texts)),
            sum(len(text.encode()) + _BYTES_PER_TEXT for text in texts),
            sum(len(part["items"]) for part in parts if part["type"] == MEDIA_GALLERY),
        )


class EmbedMeasure:
    """Description, sum and buttons of a page of this card, its “More” button among them."""

    def __init__(self, card: Card) -> None:
        self._more = _most_of_more(card)

    @property
    def limit(self) -> tuple[int, ...]:
        return int(MOST_DESCRIBED * _SLACK), int(MOST_OF_EMBEDS * _SLACK), MOST_BUTTONS

    def cost(self, blocks: Sequence[Block]) -> tuple[int, ...]:
        body, rows = embed((*blocks, *self._more), accent=None)
        described = units(body.get("description", ""))
        return described, units(body.get("title", "")) + described, sum(len(row["components"]) for row in rows)


def _most_of_more(card: Card) -> tuple[Block, ...]:
    """The largest “More” button that a page of the card can have."""
    if not card.command:
        return ()
    return (Actions((Button(f"More ({_MANY}/{_MANY})", command=f"{card.command} page:{_MANY}"),)),)


def _parts(components: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _parts(component.get("components", ()))
