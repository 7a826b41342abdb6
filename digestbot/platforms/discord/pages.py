"""Pages: a card as the bodies of Discord's messages, one for each page."""

import re
from functools import lru_cache
from typing import Any, Final, Literal

from digestbot.domain.card import Actions, Card, Paragraph, Text
from digestbot.domain.line import ELLIPSIS
from digestbot.domain.more import more
from digestbot.domain.paging import paginate
from digestbot.platforms.discord.accents import accent
from digestbot.platforms.discord.components import laid, text_display
from digestbot.platforms.discord.embeds import embed
from digestbot.platforms.discord.marker import Body, carries, marked
from digestbot.platforms.discord.measure import ComponentsMeasure, EmbedMeasure

__all__ = ["Layout", "bodies", "carries"]

Layout = Literal["components", "embed"]

COMPONENTS_V2: Final = 1 << 15
"""The flag of a message made of components; it can never be taken from a message (Discord: component reference)."""

_ROLE = re.compile(r"<@&([0-9]{1,20})>")


def bodies(
    card: Card, layout: Layout, *, mention: str | None = None, marker: str | None = None, edit: bool = False
) -> list[dict[str, Any]]:
    """Each page as the JSON of POST /channels/{id}/messages, or of PATCH with `edit`.

    A `mention` is shown on the first page if it is a role, `<@&digits>`, and pings only when the message is new;
    nothing else pings, on any page. With a `marker` (a delivery's id) `carries` recognises the message. An edit must
    have the layout that the message was sent with. Bodies share their parts with each other and with later calls:
    send them, do not change them.
    """
    found = _ROLE.fullmatch(mention or "")
    pages = [marked(page, marker) if marker else page for page in _laid(card, layout)]
    return [_body(page, found if index == 0 else None, edit=edit) for index, page in enumerate(pages)]


def _body(page: Body, role: re.Match[str] | None, *, edit: bool) -> Body:
    pinged = {"roles": [role[1]]} if role and not edit else {}
    shown = _mentioning(page, role[0] if role else "", edit=edit) if role or edit else page
    return {**shown, "allowed_mentions": {"parse": [], **pinged}}


def _mentioning(page: Body, mention: str, *, edit: bool) -> Body:
    """The mention above the card; the edit of an embed takes an older one away."""
    if "embeds" in page:
        return {"content": mention, **page} if mention or edit else page
    return {**page, "components": [text_display(mention), *page["components"]]} if mention else page


@lru_cache(maxsize=512)
def _laid(card: Card, layout: Layout) -> tuple[Body, ...]:
    """The pages without what differs from channel to channel: ten thousand of one taste lay them out once."""
    measure = ComponentsMeasure(card) if layout == "components" else EmbedMeasure(card)
    return tuple(_page(page, layout) for page in paginate(card, measure))


def _page(card: Card, layout: Layout) -> Body:
    further = more(card)
    blocks = (*card.blocks, Actions((further,))) if further else card.blocks
    colour = accent(card.accent)
    if layout == "embed":
        body, rows = embed(blocks, accent=colour)
        return {"embeds": [body], "components": rows}
    shown = laid(blocks, accent=colour) or laid((Paragraph((Text(ELLIPSIS),)),), accent=colour)
    return {"flags": COMPONENTS_V2, "components": shown}
