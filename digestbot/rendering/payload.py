"""Payloads: the pages of a card as JSON, for `digestbot preview --json` on the layouts that are ours.

Those of a chat platform come from its room, as the bodies that it sends.
"""

from typing import Any

from digestbot.domain.card import Card
from digestbot.domain.paging import paginate
from digestbot.rendering.html import HtmlMeasure, html
from digestbot.rendering.text import TextMeasure, as_text


def pages(card: Card, platform: str) -> list[dict[str, Any]]:
    """For each page its number, the count of pages, the title, and `text` or `html`. Raises `KeyError` for others."""
    measure, show = {"text": (TextMeasure(), as_text), "html": (HtmlMeasure(), html)}[platform]
    return [
        {"page": page.page, "pages": page.pages, "title": card.title, platform: show(page)}
        for page in paginate(card, measure)
    ]
