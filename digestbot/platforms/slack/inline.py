"""Inline: lines of a card as typed elements of rich text, in which every character is literal."""

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from digestbot.domain.card import Inline, Line, Link, Text, Time
from digestbot.domain.length import fitted
from digestbot.domain.line import trimmed
from digestbot.domain.link import safe_url, with_host
from digestbot.domain.visible import clean, in_rows, shows

Element = dict[str, Any]

FORMATS: Final = {"date": "{date}", "time": "{time}", "datetime": "{date_short}, {time}", "relative": "{ago}"}
"""How Slack writes a time of each style in the reader's own zone (Slack: formatting dates)."""

LONGEST_FALLBACK: Final = 255

_BREAK: Final = Text("\n")


@lru_cache(maxsize=4096)
def elements(line: Line) -> tuple[Element, ...]:
    """The elements of a line, its line feeds in their texts; none if a reader would see nothing of it.

    Remembered, because paging lays the same lines out again and again: do not change them.
    """
    found = list(_merged(map(_element, trimmed(line))))
    return tuple(found) if any(map(_is_seen, found)) else ()


def joined(lines: Iterable[Line]) -> Line:
    """Lines as rows of one, those that show nothing left out."""
    parts: list[Inline] = []
    for line in filter(elements, lines):
        parts += [*([_BREAK] if parts else []), *trimmed(line)]
    return tuple(parts)


def bold(found: Iterable[Element]) -> list[Element]:
    return [{**each, "style": {**each.get("style", {}), "bold": True}} for each in found]


def target(link: Link) -> tuple[str, str | None]:
    """What a link shows, its host beside a label that hides it, and its address: None if that may not be shown."""
    address, label = safe_url(link.url), " ".join(in_rows(link.label).split())
    return (label, None) if address is None else (with_host(label, address), address)


def instant(time: Time) -> tuple[int, str]:
    """Seconds since 1970, and the text where a client shows no dates, never empty."""
    written = fitted(clean(time.text), LONGEST_FALLBACK)
    return math.floor(time.at.timestamp()), written if shows(written) else time.at.isoformat(timespec="minutes")


def _element(part: Inline) -> Element:
    if isinstance(part, Text):
        looks = {"bold": part.strong, "italic": part.emphasis, "strike": part.struck}
        return _text(in_rows(part.text), {name: True for name, worn in looks.items() if worn})
    if isinstance(part, Link):
        shown, address = target(part)
        return _text(shown, {}) if address is None else {"type": "link", "url": address, "text": shown}
    seconds, written = instant(part)
    return {"type": "date", "timestamp": seconds, "format": FORMATS[part.style], "fallback": written}


def _text(text: str, style: dict[str, bool]) -> Element:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _merged(found: Iterable[Element]) -> Iterator[Element]:
    """Neighbouring texts of one look as one element; Slack refuses empty ones."""
    solid = (each for each in found if each["type"] != "text" or each["text"])
    for (kind, _), alike in groupby(solid, lambda each: (each["type"], each.get("style"))):
        if kind != "text":
            yield from alike
            continue
        first, *rest = alike
        yield {**first, "text": "".join([first["text"], *(each["text"] for each in rest)])}


def _is_seen(element: Element) -> bool:
    return element["type"] != "text" or shows(element["text"])
