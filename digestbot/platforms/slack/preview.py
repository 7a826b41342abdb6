"""Preview: the body of a message as text for a terminal."""

from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

Part = Mapping[str, Any]

_RULE = "─" * 40


def readable(body: Part) -> str:
    """Every text, picture and button in order, an empty line between blocks."""
    return "\n\n".join("\n".join(_rows(block)) for block in body["blocks"]) + "\n"


def _rows(block: Part) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield f"# {block['text']['text']}"
        case "divider":
            yield _RULE
        case "image":
            yield f"[picture] {block['alt_text']} {block['image_url']}"
        case "actions":
            yield from map(_button, block["elements"])
        case "context":
            yield from (f"-# {row}" for each in block["elements"] for row in unescape(each["text"]).split("\n"))
        case _:
            yield from (row for inner in block["elements"] for row in _rich(inner))


def _rich(inner: Part) -> Iterator[str]:
    if inner["type"] == "rich_text_list":
        for number, item in enumerate(inner["elements"], start=inner.get("offset", 0) + 1):
            yield (f"{number}. " if inner["style"] == "ordered" else "- ") + _line(item)
        return
    mark = "> " if inner["type"] == "rich_text_quote" else ""
    yield from (mark + row for row in _line(inner).split("\n"))


def _line(section: Part) -> str:
    return "".join(map(_inline, section["elements"]))


def _inline(element: Part) -> str:
    match element["type"]:
        case "link":
            return f"{element['text']} <{element['url']}>"
        case "date":
            return str(element["fallback"])
        case "usergroup":
            return f"@{element['usergroup_id']}"
        case _:
            return str(element["text"])


def _button(button: Part) -> str:
    return f"[ {button['text']['text']} ] {button.get('url') or '/news ' + button['value']}"
