"""Inline Markdown tokens to the lines, pictures and buttons of blocks."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from urllib.parse import unquote

from markdown_it.token import Token

from digestbot.domain.card import Button, Image, Inline, Line, Link, Text, Time
from digestbot.domain.line import trimmed
from digestbot.domain.link import safe_url
from digestbot.rendering.escape import CLOSE, OPEN
from digestbot.rendering.links import RUN
from digestbot.rendering.times import STYLES, TIME

_SENTINELS = {ord(OPEN): None, ord(CLOSE): None}
_LETTERS = {"text", "text_special"}
_BREAKS = {"softbreak", "hardbreak"}
_FLAGS = ("strong", "em", "s")


class Misplaced(Exception):
    """Markdown that cards do not have; `offset` counts the breaks before it in its paragraph."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


def line(tokens: Sequence[Token]) -> Line:
    """One line; a hard break becomes a line feed, a soft one a space. Raises `Misplaced`."""
    return _tidy(list(_parts(tokens, " ")))


def lines(tokens: Sequence[Token]) -> tuple[Line, ...]:
    """One line for each line of the source. Raises `Misplaced`."""
    rows: list[list[Inline]] = [[]]
    for part in _parts(tokens, "\n"):
        if isinstance(part, Text) and part.text == "\n":
            rows.append([])
        else:
            rows[-1].append(part)
    return tuple(filter(None, map(_tidy, rows)))


def images(tokens: Sequence[Token]) -> tuple[Image, ...]:
    """The pictures of a paragraph that holds nothing else; none if it holds no picture. Raises `Misplaced`."""
    found = [token for token in tokens if token.type == "image"]
    if not found:
        return ()
    if any(not (token.type in _BREAKS or token.type == "image" or _is_blank(token)) for token in tokens):
        raise Misplaced("a picture stands in a paragraph of its own")
    return tuple(_image(token) for token in found)


def buttons(tokens: Sequence[Token]) -> tuple[Button, ...]:
    """The buttons in a line of `::: actions`. Raises `Misplaced`."""
    found: list[Button] = []
    rest = iter(tokens)
    for token in rest:
        if token.type == "link_open":
            found.append(_button(str(token.attrGet("href")), _label(rest)))
        elif not (token.type in _BREAKS or _is_blank(token)):
            raise Misplaced(f"::: actions holds only button(…) and button_url(…), not ‘{_named(token)}’")
    return tuple(found)


def _parts(tokens: Sequence[Token], soft: str) -> Iterator[Inline]:
    depth = dict.fromkeys(_FLAGS, 0)
    breaks = 0
    fresh = True
    rest = iter(tokens)
    for token in rest:
        if token.type in _LETTERS:
            if fresh and token.content.startswith(":::"):
                raise Misplaced("this ::: closes nothing; around other containers it takes more colons", breaks)
            yield Text(token.content.translate(_SENTINELS), *(count > 0 for count in depth.values()))
        elif token.type in _BREAKS:
            breaks += 1
            yield Text(soft if token.type == "softbreak" else "\n")
        elif token.tag in _FLAGS and token.nesting:
            depth[token.tag] += token.nesting
        elif token.type == "link_open":
            yield _linked(str(token.attrGet("href")), _label(rest), breaks)
        else:
            raise Misplaced(f"cards have no {_named(token)}", breaks)
        fresh = token.type in _BREAKS or (fresh and not token.content)


def _linked(url: str, label: str, breaks: int) -> Inline:
    if url.startswith(TIME):
        return _time(url, label, breaks)
    address = safe_url(url)
    if address is None:
        raise Misplaced(f"a link may lead to a plain http or https address only, not to ‘{url}’", breaks)
    return Link(label, address) if label else Text("")


def _time(url: str, label: str, breaks: int) -> Time:
    style, _, moment = url.removeprefix(TIME).partition(":")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or style not in STYLES:
        raise Misplaced(f"‘{url}’ is no time; write {{{{ … | time }}}}", breaks)
    return Time(at, label, style)


def _button(url: str, label: str) -> Button:
    if url.startswith(RUN):
        return Button(label, command=unquote(url.removeprefix(RUN)))
    address = safe_url(url)
    if address is None:
        raise Misplaced(f"a button may open a plain http or https address only, not ‘{url}’")
    return Button(label, url=address)


def _image(token: Token) -> Image:
    url = str(token.attrGet("src"))
    address = safe_url(url)
    alt = "".join(child.content for child in token.children or []).translate(_SENTINELS).strip()
    if address is None:
        raise Misplaced(f"a picture needs a plain http or https address, not ‘{url}’")
    if not alt:
        raise Misplaced("a picture needs a description: image(url, alt)")
    return Image(address, alt)


def _label(rest: Iterator[Token]) -> str:
    parts: list[str] = []
    for token in rest:
        if token.type == "link_close":
            break
        if token.type == "image":
            raise Misplaced("a picture cannot be a link")
        parts.append(" " if token.type in _BREAKS else token.content)
    return "".join(parts).translate(_SENTINELS).strip()


def _is_blank(token: Token) -> bool:
    return token.type in _LETTERS and not token.content.translate(_SENTINELS).strip()


def _named(token: Token) -> str:
    names = {"code_inline": "code", "html_inline": "HTML", "image": "picture inside a text"}
    return names.get(token.type, token.content.translate(_SENTINELS).strip() or token.type.removesuffix("_open"))


def _tidy(parts: Sequence[Inline]) -> Line:
    """Neighbours of one kind joined, the white space at both ends removed."""
    kept: list[Inline] = []
    for looks, group in groupby(filter(_holds, parts), key=_looks):
        if looks is None:
            kept += group
        else:
            kept.append(Text("".join(part.text for part in group if isinstance(part, Text)), *looks))
    return trimmed(kept)


def _holds(part: Inline) -> bool:
    return not isinstance(part, Text) or bool(part.text)


def _looks(part: Inline) -> tuple[bool, bool, bool] | None:
    return (part.strong, part.emphasis, part.struck) if isinstance(part, Text) else None
