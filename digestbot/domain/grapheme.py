"""Graphemes: where a text may be cut without taking apart what a reader sees as one character."""

import unicodedata
from collections.abc import Iterator

_JOINER = "\u200d"
_EXTENDING = {"Mn", "Me", "Mc"}
_FLAGS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_JAMO = range(0x1100, 0x1200)
_LEADING_JAMO = range(0x1100, 0x1160)
_SYLLABLES = range(0xAC00, 0xD7A4)


def boundaries(text: str) -> Iterator[int]:
    """Offsets between graphemes, rising, both ends left out (UAX 29 but for rare prepended signs)."""
    flags = 0
    for offset in range(1, len(text)):
        flags = flags + 1 if ord(text[offset - 1]) in _FLAGS else 0
        if not _belongs(text[offset - 1], text[offset], flags):
            yield offset


def _belongs(before: str, sign: str, flags: int) -> bool:
    last, code = ord(before), ord(sign)
    hangul = last in _JAMO or last in _SYLLABLES
    return (
        unicodedata.category(sign) in _EXTENDING
        or sign in "\u200c\u200d\uff9e\uff9f"
        or before == _JOINER
        or code in _SKIN_TONES
        or code in _TAGS
        or (code in _FLAGS and flags % 2 == 1)
        or (code in _LEADING_JAMO and last in _LEADING_JAMO)
        or (code in _JAMO and code not in _LEADING_JAMO and hangul)
        or (before, sign) == ("\r", "\n")
    )
