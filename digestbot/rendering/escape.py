"""Escaping: outside text becomes letters of Markdown, whatever it holds."""

import string

from digestbot.domain.visible import clean, visible

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Noncharacters around each escaped value. `clean` takes them out of values, the reader of Markdown out of cards.

They are neither space nor punctuation: next to them `**` always opens or closes, and nothing in the value can begin
a line. An empty value leaves no bare `****` behind.
"""

_PUNCTUATION = {ord(sign): f"\\{sign}" for sign in string.punctuation}


class Markdown(str):
    """Markdown that is safe to print as it is. Every operation on it gives a plain `str`, which is escaped again."""

    __slots__ = ()


def escape(value: object) -> Markdown:
    """A value as letters of Markdown; `Markdown` stays as it is."""
    if isinstance(value, Markdown):
        return value
    return letters(clean(str(value)))


def letters(text: str) -> Markdown:
    """`escape` for a run inside a line: spaces at its ends stay."""
    return Markdown(f"{OPEN}{backslashed(visible(text))}{CLOSE}")


def backslashed(text: str) -> str:
    """Every ASCII punctuation mark behind a backslash."""
    return text.translate(_PUNCTUATION)
