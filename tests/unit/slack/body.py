"""Bodies of messages as Slack would judge them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Body = Mapping[str, Any]


def walk(node: object) -> Iterator[Body]:
    """Each mapping within, in reading order."""
    if isinstance(node, Mapping):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from walk(value)


def of_type(body: Body, *kinds: str) -> list[Body]:
    return [node for node in walk(body["blocks"]) if node.get("type") in kinds]


def buttons(body: Body) -> list[Body]:
    return of_type(body, "button")


def kinds(body: Body) -> list[str]:
    return [block["type"] for block in body["blocks"]]


def faults(body: Body) -> list[str]:
    """Every limit that it is over, as Slack documents them; characters are counted in each way there is."""
    blocks = body["blocks"]
    names = [node["action_id"] for node in walk(blocks) if "action_id" in node]
    pressed, pictures = buttons(body), of_type(body, "image")
    texts = [node["text"] for node in walk(blocks) if isinstance(node.get("text"), str)]
    labels = [node["text"]["text"] for node in pressed]
    broken = {
        "50 blocks": not 0 < len(blocks) <= 50,
        "12000 characters": length(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > 12000,
        "header": any(not 0 < length(block["text"]["text"]) <= 150 for block in of_type(body, "header")),
        "mrkdwn": any(not 0 < length(node["text"]) <= 3000 for node in of_type(body, "mrkdwn")),
        "10 in a context": any(not 0 < len(block["elements"]) <= 10 for block in of_type(body, "context")),
        "25 in a row": any(not 0 < len(block["elements"]) <= 25 for block in of_type(body, "actions")),
        "label": any(not 0 < length(label) <= 75 for label in labels),
        "value": any(not 0 < length(node.get("value", "x")) <= 2000 for node in pressed),
        "url": any(not 0 < length(node.get("url", "x")) <= 3000 for node in walk(blocks)),
        "value or url": any(("value" in node) == ("url" in node) for node in pressed),
        "action ids": len(names) != len(set(names)) or len(names) != len(pressed) or any(map(is_long, names)),
        "picture": any(
            length(node["image_url"]) > 3000 or not 0 < length(node["alt_text"]) <= 2000 for node in pictures
        ),
        "an empty text": any(not text for text in texts),
        "an empty list of elements": any(node.get("elements", "x") == [] for node in walk(blocks)),
        "date": any(not 0 < length(node["fallback"]) <= 255 for node in of_type(body, "date")),
        "divider at an edge": "divider" in {blocks[0]["type"], blocks[-1]["type"]},
        "text": not 0 < length(body["text"]) <= 3000 or not body["text"].strip(),
        "emoji": any(node["emoji"] for node in of_type(body, "plain_text")),
        "not verbatim": any(not node["verbatim"] for node in of_type(body, "mrkdwn")),
        "addresses": any(
            not is_address(node[key]) for node in walk(blocks) for key in ("url", "image_url") if key in node
        ),
        "link_names": "link_names" in body or body["parse"] != "none",
        "not JSON": json.loads(json.dumps(body)) != body,
    }
    return [name for name, is_broken in broken.items() if is_broken]


def is_long(name: str) -> bool:
    return length(name) > 255


def is_address(address: str) -> bool:
    return address.startswith(("http://", "https://")) and not set(address) & set(" <>|\n")


def length(text: str) -> int:
    return max(len(text), len(text.encode("utf-16-le")) // 2)


def none_of(pages: Iterable[Body]) -> bool:
    """Whether every page keeps every limit; says which it breaks."""
    found = [faults(page) for page in pages]
    assert found == [[]] * len(found)
    return True
