"""Escaping: outside text becomes letters of Markdown, whatever it holds."""

import re
import string
import unicodedata

MARKS_PER_LETTER = 4
"""Combining marks that a letter may carry; what goes beyond is a heap, not a script."""

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Noncharacters around each escaped value. `clean` takes them out of values, the reader of Markdown out of cards.

They are neither space nor punctuation: next to them `**` always opens or closes, and nothing in the value can begin
a line. An empty value leaves no bare `****` behind.
"""

_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that are not white space
    "\u00ad\u180e\u200b\u2060-\u2065\ufeff"  # soft hyphen, zero-width space, joiners and separators
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidirectional and deprecated format controls
    "\ufff9-\ufffb\U000e0000-\U000e007f"  # annotations and tags
    "\ud800-\udfff\ufdd0-\ufdef"  # surrogates, noncharacters
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]+"
)
_SPACES = re.compile("[\t-\r\x1c-\x1f\x85 \u2028\u2029]+")
_PUNCTUATION = {ord(sign): f"\\{sign}" for sign in string.punctuation}
_FIRST_MARK = "\u0300"


class Markdown(str):
    """Markdown that is safe to print as it is. Every operation on it gives a plain `str`, which is escaped again."""

    __slots__ = ()


def clean(text: str) -> str:
    """One line of visible characters in NFC: no controls, bidi, zero-width or tag characters, few combining marks.

    Joiners that scripts and emoji need (U+200C, U+200D) stay.
    """
    return _visible(text).strip()


def escape(value: object) -> Markdown:
    """A value as letters of Markdown; `Markdown` stays as it is."""
    if isinstance(value, Markdown):
        return value
    return letters(clean(str(value)))


def letters(text: str) -> Markdown:
    """`escape` for a run inside a line: spaces at its ends stay."""
    return Markdown(f"{OPEN}{backslashed(_visible(text))}{CLOSE}")


def backslashed(text: str) -> str:
    """Every ASCII punctuation mark behind a backslash."""
    return text.translate(_PUNCTUATION)


def is_visible(text: str) -> bool:
    """Whether nothing in it is invisible or white space: what an address must be."""
    return not _INVISIBLE.search(text) and not any(sign.isspace() for sign in text)


def _visible(text: str) -> str:
    spaced = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    return spaced if spaced.isascii() else _few_marks(unicodedata.normalize("NFC", spaced))


def _few_marks(text: str) -> str:
    if max(text) < _FIRST_MARK:
        return text
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in {"Mn", "Me"} else 0
        if marks <= MARKS_PER_LETTER:
            kept.append(sign)
    return "".join(kept)
