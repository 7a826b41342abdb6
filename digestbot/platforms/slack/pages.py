"""Pages: a card as the bodies of Slack's messages, one for each page."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from digestbot.domain.card import Actions, Card, Paragraph, Text
from digestbot.domain.line import ELLIPSIS
from digestbot.domain.more import more
from digestbot.domain.paging import paginate
from digestbot.domain.reveal import reveal
from digestbot.platforms.slack.fallback import text
from digestbot.platforms.slack.layout import laid
from digestbot.platforms.slack.measure import BlocksMeasure

EVENT_TYPE: Final = "digestbot_delivery"
"""Of the metadata that a delivery's messages carry."""

Body = dict[str, Any]

_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]{1,30})>")
_NOTHING = (Paragraph((Text(ELLIPSIS),)),)


def bodies(
    card: Card, *, mention: str | None = None, delivery: str | None = None, edit: bool = False
) -> list[dict[str, Any]]:
    """Each page as the arguments of chat.postMessage, or of chat.update with `edit`, without channel and ts.

    A `mention` stands above the first page if it is a user group, `<!subteam^S…>`, and the message is new: an edit
    leaves it out, so that nobody is called twice. Nothing else pings. With `delivery` (its id) the message carries
    metadata, edits too. Bodies share their parts with each other and with later calls: send them, do not change them.
    """
    found = None if edit else _GROUP.fullmatch(mention or "")
    stamp = {"metadata": {"event_type": EVENT_TYPE, "event_payload": {"delivery_id": delivery}}} if delivery else {}
    pages = [{**page, **_handling(edit=edit), **stamp} for page in _laid(card)]
    return [_mentioning(pages[0], found[1]), *pages[1:]] if found else pages


def carries(message: Mapping[str, Any], delivery: str) -> bool:
    """Whether a message object, as Slack returns it with its metadata, was sent for this delivery."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return bool(metadata.get("event_type") == EVENT_TYPE and payload.get("delivery_id") == delivery)


def _handling(*, edit: bool) -> Body:
    """No names, addresses or marks become anything, and no previews (Slack: chat.postMessage, chat.update).

    `parse` is said in edits too, whose default is another one.
    """
    literal = {"parse": "none"}
    return literal if edit else {**literal, "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}


def _mentioning(page: Body, group: str) -> Body:
    element = {"type": "usergroup", "usergroup_id": group}
    above = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}
    return {**page, "blocks": [above, *page["blocks"]]}


@lru_cache(maxsize=512)
def _laid(card: Card) -> tuple[Body, ...]:
    """The pages without what differs from channel to channel: ten thousand of one taste lay them out once."""
    return tuple(map(_page, paginate(card, BlocksMeasure(card))))


def _page(card: Card) -> Body:
    further = more(card)
    blocks = (*card.blocks, Actions((further,))) if further else card.blocks
    shown = laid(blocks, reveal(card))
    return {"blocks": shown or laid(_NOTHING, None), "text": text(card.blocks)}
