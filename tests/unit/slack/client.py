"""A small model of what Slack's clients make of a message: what is read, who is called, where links lead.

Written from Slack's pages on formatting and rich text, not from our layout.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

Node = Mapping[str, Any]
Seen = tuple[str, str]

_CONTROL = re.compile(r"<([@#!]|[a-zA-Z][a-zA-Z0-9+.-]*:)([^<>]*)>")
_NAMES = re.compile(r"(?<!\w)@(?:everyone|here|channel)\b|(?<![\w&])#[a-z]\w*|(?<!\w)@[a-z]\w*")
_ADDRESSES = re.compile(r"(?:https?://|www\.|mailto:)\S+|\b[\w-]+\.example\b|\S+@\S+\.\w+", re.IGNORECASE)
_FORMATS = (
    ("bold", re.compile(r"(?<![^\W_])\*(?!\s)[^*\n]+\*")),
    ("italic", re.compile(r"(?<![^\W_])_(?!\s)[^_\n]+_")),
    ("strike", re.compile(r"(?<![^\W_])~(?!\s)[^~\n]+~")),
    ("code", re.compile(r"`[^`]+`")),
    ("quote", re.compile(r"^ *(?:>|&gt;)", re.MULTILINE)),
    ("emoji", re.compile(r":[^\s:]+:")),
)


@dataclass(frozen=True)
class Read:
    """`objects` are mentions, links, dates and the like as (kind, what it names); `marks` what formats a text."""

    text: str
    objects: tuple[Seen, ...] = ()
    marks: frozenset[str] = frozenset()

    @property
    def kinds(self) -> set[str]:
        return {kind for kind, _ in self.objects}


def together(found: Iterator[Read], between: str = "") -> Read:
    parts = list(found)
    objects = tuple(each for part in parts for each in part.objects)
    return Read(between.join(part.text for part in parts), objects, frozenset().union(*(part.marks for part in parts)))


def shown(body: Node) -> Read:
    """All that the blocks show: texts, descriptions of pictures, labels of buttons; a line for each row."""
    return together((block(each) for each in body["blocks"]), "\n")


def notified(body: Node) -> Read:
    """What a notification of a new message makes of `text`; `chat.update` sends none, and shows the blocks."""
    return mrkdwn(body["text"], bare=body.get("parse") != "none", formatted=body.get("mrkdwn", True))


def block(node: Node) -> Read:
    match node["type"]:
        case "header" | "actions" | "context" | "rich_text" | "rich_text_list":
            inner = [node["text"]] if "text" in node else node["elements"]
            return together(map(block, inner), "\n")
        case "rich_text_section" | "rich_text_quote":
            return together(map(inline, node["elements"]))
        case "button":
            return block(node["text"])
        case "plain_text":
            emoji = node.get("emoji", True) and bool(_FORMATS[-1][1].search(node["text"]))
            return Read(node["text"], (), frozenset({"emoji"} if emoji else ()))
        case "mrkdwn":
            return mrkdwn(node["text"], bare=not node.get("verbatim", False))
        case "image" | "divider":
            return Read(node.get("alt_text", ""))
    raise AssertionError(node)


def inline(node: Node) -> Read:
    marks = frozenset(name for name, worn in node.get("style", {}).items() if worn)
    match node["type"]:
        case "text":
            return Read(node["text"], (), marks)
        case "link":
            return Read(node["text"], (("link", node["url"]),), marks)
        case "date":
            return Read(node["fallback"], (("date", str(node["timestamp"])),), marks)
        case "usergroup":
            return Read("", (("ping", node["usergroup_id"]),), marks)
    raise AssertionError(node)


def mrkdwn(text: str, *, bare: bool, formatted: bool = True) -> Read:
    """`bare`: plain names and addresses are found too, as without `verbatim` or `parse: none`."""
    objects = [_control(sign, rest) for sign, rest in _CONTROL.findall(text)]
    words = _CONTROL.sub(lambda found: found[2].rpartition("|")[2] if "|" in found[2] else "\ufffc", text)
    outside = unescape(_CONTROL.sub(" ", text))
    if bare:
        objects += [("ping", name) for name in _NAMES.findall(outside)]
        objects += [("link", address) for address in _ADDRESSES.findall(outside)]
    marks = frozenset(name for name, pattern in _FORMATS if formatted and pattern.search(words))
    return Read(unescape(words), tuple(objects), marks)


def _control(sign: str, rest: str) -> Seen:
    name = rest.partition("|")[0]
    if sign == "!" and name.startswith("date^"):
        return "date", name.split("^")[1]
    return ("ping", sign + name) if sign in "@#!" else ("link", unescape(sign + name))
