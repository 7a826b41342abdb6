"""Bodies of messages as Discord would judge and show them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.unit.discord.dialect import Read, read

Body = Mapping[str, Any]
V2 = 32768


def parts(body: Body) -> list[Body]:
    """Every component, those inside others behind them."""
    return list(_parts(body.get("components", [])))


def _parts(components: Iterable[Body]) -> Iterator[Body]:
    for component in components:
        yield component
        yield from _parts(component.get("components", []))


def displays(body: Body) -> list[str]:
    return [part["content"] for part in parts(body) if part["type"] == 10]


def buttons(body: Body) -> list[Body]:
    return [part for part in parts(body) if part["type"] == 2]


def embed(body: Body) -> Body:
    (only,) = body["embeds"]
    return only  # type: ignore[no-any-return]  # JSON


def marked_texts(body: Body) -> list[str]:
    """What is read as Markdown, in the order of reading."""
    described = [each[name] for each in body.get("embeds", []) for name in ("title", "description") if name in each]
    return [*([body["content"]] if body.get("content") else []), *described, *displays(body)]


def reads(body: Body) -> list[Read]:
    return [read(text) for text in marked_texts(body)]


def letters(bodies: Iterable[Body]) -> str:
    """All that a reader can read, on any page: texts, descriptions of pictures, labels and commands of buttons."""
    found: list[str] = []
    for body in bodies:
        for each in body.get("embeds", []):
            found += [read(each[name]).text for name in ("title", "description") if name in each]
            found += [each["image"].get("description", "")] if "image" in each else []
        for part in parts(body):
            if part["type"] == 10:
                found.append(read(part["content"]).text)
            found += [item.get("description", "") for item in part.get("items", [])]
            found += [part["label"], part.get("custom_id", "")] if part["type"] == 2 else []
    return "".join(found)


def faults(body: Body) -> list[str]:
    """Every limit that it is over, as Discord documents them; characters are counted in each way there is."""
    every, shown = parts(body), body.get("embeds", [])
    texts = displays(body)
    ids = [part["id"] for part in every if "id" in part]
    names = [part["custom_id"] for part in every if "custom_id" in part]
    sums = sum(length(each.get("title", "")) + length(each.get("description", "")) for each in shown)
    sums += sum(length(each.get("footer", {}).get("text", "")) for each in shown)
    broken = {
        "40 components": len(every) > 40,
        "4000 characters of text": sum(map(length, texts)) > 4000,
        "10170 bytes of text": sum(len(text.encode()) + 12 for text in texts) > 10170,
        "64 pictures": sum(len(part.get("items", [])) for part in every) > 64,
        "an empty text": any(not text.strip() for text in marked_texts(body)),
        "an empty container, row or gallery": any(
            not part.get("components", part.get("items")) for part in every if part["type"] in {1, 12, 17}
        ),
        "5 buttons in a row": any(len(part["components"]) > 5 for part in every if part["type"] == 1),
        "10 pictures in a gallery": any(len(part["items"]) > 10 for part in every if part["type"] == 12),
        "5 rows": not body.get("flags") and len(body.get("components", [])) > 5,
        "label": any(not 0 < length(part["label"]) <= 80 for part in every if part["type"] == 2),
        "custom id": any(not 0 < length(name) <= 100 for name in names) or len(names) != len(set(names)),
        "url": any(length(part.get("url", "")) > 512 for part in every),
        "alt": any(length(item.get("description", "x")) > 1024 for part in every for item in part.get("items", [])),
        "ids": len(ids) != len(set(ids)) or any(not 0 < each < 2**31 for each in ids),
        "title": any(not 0 < length(each.get("title", "x")) <= 256 for each in shown),
        "description": any(not 0 < length(each.get("description", "x")) <= 4096 for each in shown),
        "6000 characters of embeds": sums > 6000,
        "nothing at all": not (every or shown),
        "an embed of nothing": any(not each.keys() & {"title", "description", "image"} for each in shown),
        "mixed": body.get("flags") == V2 and ("content" in body or "embeds" in body),
        "no allowed mentions": body.get("allowed_mentions", {}).get("parse") != [],
        "not JSON": json.loads(json.dumps(body)) != body,
    }
    return [name for name, is_broken in broken.items() if is_broken]


def length(text: str) -> int:
    return max(len(text), len(text.encode("utf-16-le")) // 2)
