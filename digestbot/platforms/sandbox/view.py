"""What the page shows: messages, replies and channels as JSON for the browser, their cards as safe HTML."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from digestbot.domain.card import Card, Notice, Text
from digestbot.domain.command import Choice, Reply
from digestbot.platforms.sandbox.rows import Received
from digestbot.platforms.sandbox.visitor import Visitor, name_of

Pages = Callable[[Card], Sequence[Card]]
Html = Callable[[Card], str]

_KEPT: Final = 1000


class View:
    """Lays out cards through `pages` and `html`; what a message looked like is kept until it is edited."""

    def __init__(self, pages: Pages, html: Html) -> None:
        self._pages = pages
        self._html = html
        self._laid_out: dict[tuple[str, int], str] = {}

    def message(self, message: Received, who: Visitor) -> Mapping[str, Any]:
        """A message as it stands; of a deleted one only where it was."""
        shown = {"id": int(message.id), "channel": who.shown(message.channel), "deleted": message.deleted}
        if message.deleted:
            return shown
        asked_by = message.asked_by and ("You" if message.asked_by == who.id else name_of(message.asked_by))
        return shown | {
            "at": message.received_at.isoformat(),
            "editedAt": message.edited_at and message.edited_at.isoformat(),
            "edits": message.edits,
            "title": message.card.title,
            "accent": message.card.accent,
            "locale": message.card.locale,
            "mention": message.mention,
            "askedBy": asked_by,
            "asked": message.asked,
            "html": self._message_html(message),
        }

    def reply(self, reply: Reply) -> Mapping[str, Any]:
        """A private reply, on the page that was asked for, with the file that comes with it."""
        return {
            "private": True,
            "mistake": reply.mistake,
            "accent": reply.card.accent,
            "locale": reply.card.locale,
            "html": self._page(reply.card, reply.page),
            "file": reply.file and {"name": reply.file.name, "text": reply.file.text},
        }

    def mistake(self, sentence: str) -> Mapping[str, Any]:
        return self.reply(Reply(card=Card(blocks=(Notice(((Text(sentence),),)),)), mistake=True))

    def _message_html(self, message: Received) -> str:
        key = (message.id, message.edits)
        if key not in self._laid_out:
            if len(self._laid_out) >= _KEPT:
                self._laid_out.pop(next(iter(self._laid_out)))
            self._laid_out[key] = self._page(message.card, message.page)
        return self._laid_out[key]

    def _page(self, card: Card, page: int) -> str:
        pages = self._pages(card)
        return self._html(pages[min(max(page, 1), len(pages)) - 1])


def choices(offered: Sequence[Choice]) -> Sequence[Mapping[str, str]]:
    return [{"label": choice.label, "value": choice.value} for choice in offered]
