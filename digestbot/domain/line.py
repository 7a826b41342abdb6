"""Lines: trimming them, and cutting them where a reader would."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from digestbot.domain.card import Inline, Line, Link, Text, plain_text
from digestbot.domain.grapheme import boundaries

ELLIPSIS = "…"

Fits = Callable[[Line], bool]

_UNBREAKING = "\u00a0\u2007\u202f"


@dataclass(frozen=True, slots=True)
class _Point:
    """A place between two graphemes or parts: `offset` characters into a text, or 0 before a part as a whole."""

    part: int
    offset: int
    grade: Literal["line", "word", "grapheme"]


def trimmed(line: Sequence[Inline]) -> Line:
    """Without white space at both ends, texts that hold nothing else included."""
    return _trimmed(_trimmed(line, 0, str.lstrip), -1, str.rstrip)


def most(count: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `count` that fits, 0 if 1 does not; asks O(log count) times."""
    low, high = 0, count
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def cut(line: Line, fits: Fits, *, force: bool) -> tuple[Line, Line]:
    """The largest beginning that fits, and the rest; either may be empty.

    Cut between lines or words; with `force` also between graphemes, and a link or grapheme too large for any page is
    shortened, or left out where not even “…” fits.
    """
    line = trimmed(line)
    points = list(_points(line))
    count = most(len(points), lambda number: fits(_before(line, points[number - 1])))
    place = _best(points[:count], force=force)
    if place:
        return _before(line, place), _after(line, place)
    if not (force and line):
        return (), line
    first, rest = (_before(line, points[0]), _after(line, points[0])) if points else (line, ())
    return (first if fits(first) else shortened(first, fits)), rest


def shortened(line: Line, fits: Fits) -> Line:
    """The largest beginning with “…” that fits; a first link or time keeps its target. Empty if nothing fits."""
    line = trimmed(line)
    points = list(_points(line))
    count = most(len(points), lambda number: fits((*_before(line, points[number - 1]), Text(ELLIPSIS))))
    place = _best(points[:count], force=True)
    if place:
        return (*_before(line, place), Text(ELLIPSIS))
    atom = line[0] if line else Text("")
    if not isinstance(atom, Text):
        short = shortened((Text(plain_text((atom,))),), lambda words: fits((_named(atom, words),)))
        return (_named(atom, short),) if short else ()
    return (Text(ELLIPSIS),) if fits((Text(ELLIPSIS),)) else ()


def _named(atom: Inline, words: Line) -> Inline:
    text = plain_text(words)
    return replace(atom, label=text) if isinstance(atom, Link) else replace(atom, text=text)


def _points(line: Line) -> Iterator[_Point]:
    """Every place where a line may be cut, in order, both ends left out."""
    for index, part in enumerate(line):
        words = plain_text((part,))
        if index:
            yield _Point(index, 0, _grade(plain_text((line[index - 1],))[-1:], words[:1]))
        if isinstance(part, Text):
            for offset in boundaries(words):
                yield _Point(index, offset, _grade(words[offset - 1], words[offset]))


def _grade(before: str, after: str) -> Literal["line", "word", "grapheme"]:
    if before == "\n":
        return "line"
    spaces = {sign for sign in (before, after) if sign.isspace() and sign not in _UNBREAKING}
    return "word" if spaces else "grapheme"


def _best(points: Sequence[_Point], *, force: bool) -> _Point | None:
    """The last of them that ends a line (unless that wastes half the room), else a word, else with `force` any."""
    lines = [index for index, point in enumerate(points) if point.grade == "line"]
    words = [index for index, point in enumerate(points) if point.grade != "grapheme"]
    if lines and 2 * lines[-1] >= len(points):
        return points[lines[-1]]
    if words:
        return points[words[-1]]
    return points[-1] if points and force else None


def _before(line: Line, place: _Point) -> Line:
    part = line[place.part]
    piece = (replace(part, text=part.text[: place.offset]),) if isinstance(part, Text) and place.offset else ()
    return trimmed((*line[: place.part], *piece))


def _after(line: Line, place: _Point) -> Line:
    part = line[place.part]
    piece = replace(part, text=part.text[place.offset :]) if isinstance(part, Text) else part
    return trimmed((piece, *line[place.part + 1 :]))


def _trimmed(parts: Sequence[Inline], end: int, strip: Callable[[str], str]) -> Line:
    """Without white space at one end (0 or -1)."""
    kept = list(parts)
    while kept and isinstance(text := kept[end], Text):
        if stripped := strip(text.text):
            kept[end] = replace(text, text=stripped)
            break
        kept.pop(end)
    return tuple(kept)
