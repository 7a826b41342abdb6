"""Measure: what one Slack message may hold of a card, counted by laying out its blocks."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from digestbot.domain.card import Actions, Block, Button, Card, Divider
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
_DIGITS = 3
"""By which the number in an action id may be longer in the page than alone."""
_DIVIDER = (1, len('{"type":"divider"},'))


class BlocksMeasure:
    """Blocks of a page of this card, and the characters of their JSON, its “More” button among them.

    How Slack counts is not documented; no reading of it gives more than this. Each block is laid out and counted by
    itself: buttons that share a row in the page cost as if they did not. The limits leave room for a mention on top.
    """

    def __init__(self, card: Card) -> None:
        self._reveal = reveal(card)
        self._more = _weight(_most_of_more(card), None) if card.command else (0, 0)

    @property
    def limit(self) -> tuple[int, ...]:
        return MOST_BLOCKS - 1, MOST_CHARACTERS - _MENTION_CHARACTERS

    def cost(self, blocks: Sequence[Block]) -> tuple[int, ...]:
        weights = [self._more, *(_weight(block, self._reveal) for block in blocks)]
        return sum(count for count, _ in weights), sum(characters for _, characters in weights)


@lru_cache(maxsize=4096)
def _weight(block: Block, reveal: Button | None) -> tuple[int, int]:
    """Blocks and characters; remembered, because paging asks for the same blocks again and again."""
    if isinstance(block, Divider):
        return _DIVIDER
    found = laid((block,), reveal)
    return len(found), sum(map(_characters, found))


def _characters(block: Native) -> int:
    """Texts count as escaped, mrkdwn is: no text costs less where it does not fit into small print any more."""
    written = json.dumps(block, ensure_ascii=False, separators=(",", ":"))
    longer = _DIGITS * len(block["elements"]) if block["type"] == "actions" else 0
    return units(written if block["type"] == "context" else escaped(written)) + len(",") + longer


def _most_of_more(card: Card) -> Block:
    """The largest “More” button that a page of the card can have."""
    return Actions((Button(f"More ({_MANY}/{_MANY})", command=f"{card.command} page:{_MANY}"),))
