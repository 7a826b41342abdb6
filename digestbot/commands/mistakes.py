"""“Did you mean”: the nearest of what could have been typed."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

_MOST = 2_000  # candidates: some ten milliseconds, so that a typo never holds up the others
_LONGEST = 60
_SHORTEST = 3  # letters from which on a part is a hint and not a coincidence


def nearest(wanted: str, candidates: Iterable[str]) -> str | None:
    """The most similar candidate, else the first that holds what was typed; None if there is neither.

    Case does not count. Only the first 2,000 are looked at.
    """
    folded = {candidate.casefold(): candidate for candidate in islice(candidates, _MOST)}
    typed = wanted.strip().casefold()[:_LONGEST]
    found = get_close_matches(typed, folded, n=1, cutoff=0.7)
    if not found and len(typed) >= _SHORTEST:
        found = [candidate for candidate in folded if typed in candidate]
    return folded[found[0]] if found else None


def did_you_mean(wanted: str, candidates: Iterable[str], otherwise: str = "") -> str:
    """A sentence to put behind another, with its leading blank; `otherwise` (or nothing) if none is near."""
    near = nearest(wanted, candidates)
    if near is not None:
        return f" Did you mean ‘{near}’?"
    return f" {otherwise}" if otherwise else ""


def shortened(text: str) -> str:
    """What somebody typed, short enough to be repeated in a sentence."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
