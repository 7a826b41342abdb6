"""What people get of a message: the words they see, who is notified, and where links lead."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from tests.servers.slack.blocks import walk

CONTROL = re.compile(r"<([^<>]+)>")
BROADCAST = re.compile(r"(?<![\w@])@(here|channel|everyone)\b")
NAME = re.compile(r"(?<![\w@])@([\w.-]+)")
BARE = re.compile(
    r"(?:https?://|www\.)[^\s<>|]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|md|dev|co|tv|app)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """`auto` where Slack itself made a link of a bare address."""

    label: str
    url: str
    auto: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A text, and what Slack does to it: `mrkdwn` reads control forms; `bare` links plain names and addresses too."""

    text: str
    mrkdwn: bool = False
    bare: bool = False


def reads(text: str, blocks: Sequence[Mapping[str, Any]]) -> str:
    """A line for each block, item and row of buttons; the fallback text where there are no blocks."""
    if not blocks:
        return shown(text)
    return "\n".join(line for block in blocks for line in _lines(block) if line)


def shown(text: str) -> str:
    """What mrkdwn looks like, with its emphasis as typed."""
    return unescape(CONTROL.sub(lambda found: _label(found[1]), text))


def pings(
    text: str, blocks: Sequence[Mapping[str, Any]], names: Mapping[str, str], *, link_names: bool
) -> tuple[str, ...]:
    """`@here`, `@channel`, `@everyone`, and ids of people and groups. `names` gives ids for handles.

    Slack: formatting message text. A plain @here pings wherever text is not verbatim; other plain names ping there
    too, and in the top-level text with `link_names`.
    """
    found = [ping for words in _words(blocks) for ping in _pings(words, names)]
    found += _pings(Words(text, mrkdwn=True, bare=link_names), names)
    for node in walk(list(blocks)):
        match node:
            case {"type": "broadcast", "range": str(reach)}:
                found.append(f"@{reach}")
            case {"type": "user", "user_id": str(user)}:
                found.append(user)
            case {"type": "usergroup", "usergroup_id": str(group)}:
                found.append(group)
    return tuple(dict.fromkeys(found))


def links(text: str, blocks: Sequence[Mapping[str, Any]], *, parsed: bool = True) -> tuple[Link, ...]:
    """Those of blocks, and of the text alone where there are none; `parsed` is false with `parse: "none"`."""
    if not blocks:
        return tuple(_links(Words(text, mrkdwn=True, bare=parsed)))
    found = [link for words in _words(blocks) for link in _links(words)]
    for node in walk(list(blocks)):
        match node:
            case {"type": "link", "url": str(url)}:
                found.append(Link(node.get("text") or url, url))
            case {"type": "button", "url": str(url), "text": {"text": str(label)}}:
                found.append(Link(label, url))
    return tuple(found)


def _lines(block: Mapping[str, Any]) -> Iterator[str]:
    match block:
        case {"type": "rich_text" | "rich_text_list", "elements": list(elements)}:
            for element in elements:
                yield from _lines(element)
        case {"type": "actions", "elements": list(elements)}:
            yield " ".join(f"[{_button(element)}]" for element in elements)
        case {"type": "context", "elements": list(elements)}:
            yield " ".join(_inline(element) for element in elements)
        case {"type": "section"}:
            yield " ".join(_inline(part) for part in (block.get("text"), block.get("accessory")) if part)
            yield from (_inline(part) for part in block.get("fields", ()))
        case {"child_blocks": list(children)} | {"type": "carousel", "elements": list(children)}:
            yield from (line for child in children for line in _lines(child))
        case {"type": "table" | "data_table", "rows": list(rows)}:
            yield from (" | ".join(_inline(cell) for cell in row) for row in rows)
        case {"type": "input"}:
            yield _inline(block["label"])
        case _:
            yield _inline(block)


def _button(element: Mapping[str, Any]) -> str:
    label = element.get("text") or element.get("placeholder") or {}
    return str(label.get("text", element["type"]))


def _inline(part: Mapping[str, Any]) -> str:
    match part:
        case {"type": "mrkdwn", "text": str(text)}:
            seen = shown(text)
        case {"type": "link", "url": url}:
            seen = str(part.get("text") or url)
        case {"type": "broadcast", "range": name} | {"type": "user", "user_id": name}:
            seen = f"@{name}"
        case {"type": "usergroup", "usergroup_id": name}:
            seen = f"@{name}"
        case {"type": "emoji", "name": name}:
            seen = f":{name}:"
        case {"alt_text": str(alt)}:
            seen = f"[{alt}]"
        case {"elements": list(elements)}:
            seen = "".join(_inline(element) for element in elements)
        case {"type": "button" | "overflow" | "static_select" | "external_select"}:
            seen = f"[{_button(part)}]"
        case _:
            seen = _plain(part)
    return seen


def _plain(part: Mapping[str, Any]) -> str:
    """Texts of a part one after another, whether they are strings or text objects."""
    texts = (part.get(key) for key in ("title", "subtitle", "text", "body"))
    return " ".join(text if isinstance(text, str) else _inline(text) for text in texts if text)


def _words(blocks: Sequence[Mapping[str, Any]]) -> Iterator[Words]:
    for node in walk(list(blocks)):
        match node:
            case {"type": "mrkdwn", "text": str(text)}:
                yield Words(text, mrkdwn=True, bare=not node.get("verbatim", False))
            case {"type": "markdown", "text": str(text)}:
                yield Words(text, mrkdwn=True, bare=True)


def _pings(words: Words, names: Mapping[str, str]) -> list[str]:
    found = [ping for control in CONTROL.findall(words.text) for ping in _control(control)]
    if words.bare:
        rest = CONTROL.sub(" ", words.text)
        found += [f"@{reach}" for reach in BROADCAST.findall(rest)]
        found += [names[name] for name in NAME.findall(rest) if name in names]
    return found


def _control(control: str) -> Iterator[str]:
    name = control.partition("|")[0]
    if name.startswith("@"):
        yield name[1:]
    elif name.startswith("!subteam^"):
        yield name.removeprefix("!subteam^")
    elif name in {"!here", "!channel", "!everyone", "!group"}:
        yield f"@{name[1:]}"


def _links(words: Words) -> Iterator[Link]:
    for control in CONTROL.findall(words.text):
        url, _, label = control.partition("|")
        if re.match(r"[a-z][a-z0-9+.-]*:", url, re.IGNORECASE):
            yield Link(unescape(label or url), unescape(url))
    if words.bare:
        for bare in BARE.findall(CONTROL.sub(" ", words.text)):
            yield Link(unescape(bare), unescape(bare), auto=True)


def _label(control: str) -> str:
    name, _, label = control.partition("|")
    if label:
        return label
    return f"@{name[1:].rpartition('^')[2]}" if name[0] in "!@" else name
