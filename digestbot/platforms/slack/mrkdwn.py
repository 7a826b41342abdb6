"""Mrkdwn: the few lines that Slack's own markup says as well as typed elements do, and the escaping of all texts."""

import re
from collections.abc import Iterable
from typing import Final

from digestbot.domain.card import Inline, Line, Link, Text, Time
from digestbot.domain.visible import in_rows
from digestbot.platforms.slack.inline import FORMATS, instant, target

_BITES: Final = re.compile(r"[*_~`>|]|:[^\s:]+:")
"""What may format, quote, name an emoji or end a label, and has no escape."""


def escaped(text: str) -> str:
    """With the three signs replaced that begin control sequences and entities (Slack: formatting message text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(line: Line) -> str | None:
    """A line for a `verbatim` text object; None if characters of it could be read as markup, or a text has a look."""
    shown = "".join(map(_shown, line))
    if _BITES.search(shown) or any(isinstance(part, Text) and _has_look(part) for part in line):
        return None
    return "".join(map(_written, line))


def fallback(lines: Iterable[Line]) -> str:
    """Rows of plain words, each link with its host, as notifications and screen readers get them; not escaped."""
    return "\n".join("".join(map(_shown, line)).strip() for line in lines)


def _has_look(part: Text) -> bool:
    return part.strong or part.emphasis or part.struck


def _shown(part: Inline) -> str:
    if isinstance(part, Text):
        return in_rows(part.text)
    return target(part)[0] if isinstance(part, Link) else instant(part)[1]


def _written(part: Inline) -> str:
    shown = escaped(_shown(part))
    if isinstance(part, Time):
        return f"<!date^{instant(part)[0]}^{FORMATS[part.style]}|{shown}>"
    address = target(part)[1] if isinstance(part, Link) else None
    return shown if address is None else f"<{escaped(address)}|{shown}>"
