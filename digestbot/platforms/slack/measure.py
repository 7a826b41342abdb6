"""Measure: what one Slack message may hold of a card, counted by laying it out."""

import json
from collections.abc import Sequence
from typing import Final

from digestbot.domain.card import Actions, Block, Button, Card
from digestbot.domain.length import units
from digestbot.domain.reveal import reveal
from digestbot.platforms.slack.blocks import Block as Native
from digestbot.platforms.slack.layout import laid
from digestbot.platforms.slack.mrkdwn import escaped

MOST_BLOCKS: Final = 50
MOST_CHARACTERS: Final = 12_000
"""Over all blocks. Slack gives no number; `msg_blocks_too_long` is reported above 13,200, and for rich text earlier."""

_MENTION_CHARACTERS = 160
_MANY = 999


class BlocksMeasure:
    """Blocks of a page of this card, and the characters of their JSON, its “More” button among them.

    Slack's own count lies between that of the texts alone and this one. The limits leave room for a mention on top.
    """

    def __init__(self, card: Card) -> None:
        self._more = _most_of_more(card)
        self._reveal = reveal(card)

    @property
    def limit(self) -> tuple[int, ...]:
        return MOST_BLOCKS - 1, MOST_CHARACTERS - _MENTION_CHARACTERS

    def cost(self, blocks: Sequence[Block]) -> tuple[int, ...]:
        found = laid((*blocks, *self._more), self._reveal)
        return len(found), sum(map(_characters, found))


def _characters(block: Native) -> int:
    """Texts count as escaped, mrkdwn is: no text costs less where it does not fit into small print any more."""
    written = json.dumps(block, ensure_ascii=False, separators=(",", ":"))
    return units(written if block["type"] == "context" else escaped(written)) + 1


def _most_of_more(card: Card) -> tuple[Block, ...]:
    """The largest “More” button that a page of the card can have."""
    if not card.command:
        return ()
    return (Actions((Button(f"More ({_MANY}/{_MANY})", command=f"{card.command} page:{_MANY}"),)),)
