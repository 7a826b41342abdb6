"""Replies: a reply's page as a modal or as the App Home, and what stands there until it comes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from digestbot.domain.card import Button
from digestbot.domain.command import File, Reply
from digestbot.domain.length import fitted
from digestbot.domain.visible import in_rows, shows
from digestbot.platforms.slack.buttons import Element, element
from digestbot.platforms.slack.forms import CALLBACK, View, modal
from digestbot.platforms.slack.inputs import Block, plain
from digestbot.platforms.slack.memo import Memo
from digestbot.platforms.slack.pages import bodies

BACK: Final = "news:0"
"""An action id like those of a card's own buttons, which count from 1."""

LONGEST_FILE: Final = 3000
LONGEST_PLAIN: Final = 3000

_ENDS: Final = "unsubscribe "


def waiting(title: str, memo: Memo, external_id: str | None = None) -> View:
    """`external_id` finds it again, and tells when Slack shows it."""
    view = modal(title, [{"type": "section", "text": plain("One moment…", LONGEST_PLAIN)}], memo, close="Close")
    return {**view, "external_id": external_id} if external_id else view


def said(title: str, sentence: str, memo: Memo) -> View:
    return modal(title, [{"type": "section", "text": plain(sentence, LONGEST_PLAIN)}], memo, close="Close")


def answer(title: str, reply: Reply, memo: Memo) -> View:
    """Its buttons are `/news` lines, which change the modal; a file is shown as far as it fits."""
    own = replace(memo, fixed={}, changed=frozenset(), more=False)
    file = _file(reply.file, memo) if reply.file else []
    return modal(title, [*page_of(reply), *file], own, close="Done")


def home_view(reply: Reply) -> View:
    return {"type": "home", "callback_id": CALLBACK, "blocks": page_of(reply)}


def page_of(reply: Reply) -> list[Block]:
    """The blocks of the page that was asked for, or of the last, with a way back: at most 51 (Slack takes 100).

    Pages are those of a message: a view's characters have a limit too, of which Slack's page says nothing.
    """
    pages = bodies(reply.card)
    number = min(max(reply.page, 1), len(pages))
    back = _back(reply, number, len(pages))
    return [*map(_asking_first, pages[number - 1]["blocks"]), *([back] if back else [])]


def _back(reply: Reply, number: int, count: int) -> Block | None:
    if number == 1 or not reply.card.command:
        return None
    button = Button(f"Back ({number - 1}/{count})", command=f"{reply.card.command} page:{number - 1}")
    found = element(button)
    return {"type": "actions", "elements": [{**found, "action_id": BACK}]} if found else None


def _asking_first(block: Block) -> Block:
    """What cannot be taken back is asked once more (Slack: confirmation dialog); blocks are shared, so a copy."""
    if block["type"] != "actions":
        return block
    return {**block, "elements": [_confirmed(each) for each in block["elements"]]}


def _confirmed(button: Element) -> Element:
    if not str(button.get("value", "")).startswith(_ENDS):
        return button
    words = {"title": "End it?", "text": "It posts nothing any more.", "confirm": "End", "deny": "Keep"}
    return {**button, "confirm": {key: plain(text, 100 if key == "title" else 30) for key, text in words.items()}}


def _file(file: File, memo: Memo) -> Sequence[Block]:
    text = in_rows(file.text).strip("\n")
    if not shows(text):
        return []
    written = {"type": "text", "text": fitted(text, LONGEST_FILE)}
    shown = {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [written]}]}
    way = " Type /news export to get it as a file." if memo.verb == "export" else ""
    told = f"{file.name}, as far as it fits here.{way}"
    return [shown, {"type": "section", "text": plain(told, LONGEST_PLAIN)}]
