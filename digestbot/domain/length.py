"""Length: characters as chat clients count them, and texts that are made to fit."""

from digestbot.domain.grapheme import boundaries
from digestbot.domain.line import ELLIPSIS


def units(text: str) -> int:
    """UTF-16 units: platforms say “characters”, and their clients count these; no reading of the word gives more."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitted(text: str, limit: int) -> str:
    """At most so many units, cut between graphemes and with “…” if something is missing."""
    if units(text) <= limit:
        return text
    room = limit - units(ELLIPSIS)
    cut = 0
    for offset in boundaries(text):
        if units(text[:offset]) > room:
            break
        cut = offset
    return text[:cut].rstrip() + ELLIPSIS
