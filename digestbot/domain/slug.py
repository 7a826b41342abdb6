"""A slug: the form in which topics, names and events are compared."""

import re
import unicodedata

_EMOJI_STYLE = dict.fromkeys(range(0xFE00, 0xFE10))  # variation selectors: marks by category, letters to nobody


def slug(text: str) -> str:
    """Lower case, words joined by hyphens, so that `Top Gun!` and `top-gun` are one."""
    if text.isascii():
        return "-".join(re.findall(r"[a-z0-9]+", text.lower()))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_EMOJI_STYLE)
    return "-".join("".join(c if _in_word(c) else " " for c in folded).split())


def _in_word(character: str) -> bool:
    """Letters, digits and marks: the vowel signs of Hindi or Thai are marks, and names differ by them."""
    return character.isalnum() or unicodedata.category(character).startswith("M")
