"""Visible: what readers can see of a text from outside."""

import re
import unicodedata

MARKS_PER_LETTER = 4
"""Combining marks that a letter may carry; what goes beyond is a heap, not a script."""

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
_BREAKS = str.maketrans(dict.fromkeys("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))
_FIRST_MARK = "\u0300"
_UNSEEN = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}


def clean(text: str) -> str:
    """One line of visible characters in NFC: no controls, bidi, zero-width or tag characters, few combining marks.

    Joiners that scripts and emoji need (U+200C, U+200D) stay.
    """
    return visible(text).strip()


def visible(text: str) -> str:
    """`clean` for a run inside a line: spaces at its ends stay."""
    spaced = _SPACES.sub(" ", without_invisible(text))
    return spaced if spaced.isascii() else _few_marks(unicodedata.normalize("NFC", spaced))


def without_invisible(text: str) -> str:
    """The same characters but for those that nobody sees; white space stays as it is."""
    return _INVISIBLE.sub("", text)


def in_rows(text: str) -> str:
    """`without_invisible`, and no other breaks than line feeds: the others become spaces."""
    return without_invisible(text).translate(_BREAKS)


def is_visible(text: str) -> bool:
    """Whether nothing in it is invisible or white space: what an address must be."""
    return not _INVISIBLE.search(text) and not any(sign.isspace() for sign in text)


def shows(text: str) -> bool:
    """Whether there is anything to see: platforms refuse texts of white space."""
    return any(unicodedata.category(sign) not in _UNSEEN for sign in text)


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
