"""What a reader makes of a text: a small model of Discord's markdown, from Discord's rules and not from ours."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

_URL = r"""(?:https?|discord)://[^\s<]+[^<.,:;"'\]\s]"""
_INVITE = r"discord(?:\.gg|(?:app)?\.com/invite)/[\w-]+"
_TARGET = r"(?:https?|discord)://(?:\([^\s()]*\)|[^\s<>()])+"

_FENCE = re.compile(r"```(?:[\w+#.-]*\n)?\n*([^\n][\s\S]*?)\n*```")
_REST_QUOTED = re.compile(r" *>>> ([\s\S]*)")
_QUOTE = re.compile(r" *> [^\n]*(?:\n *> [^\n]*)*")
_QUOTE_MARK = re.compile(r"^ *> ", re.MULTILINE)
_HEADING = re.compile(r" *#{1,3} +([^\n]+)")
_SMALL = re.compile(r" *-# +([^\n]+)")
_ITEM = re.compile(r" *(?:[*-]|(\d+)\.) +([^\n]+)")

_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_ANGLED = re.compile(rf"<({_TARGET})>")
_MASKED = re.compile(rf"""\[((?:\\.|\[[^\[\]]*\]|[^\[\]\\])+)\]\(\s*<?({_TARGET})>?(?:\s+['"][^'"]*['"])?\s*\)""")
_BARE = re.compile(_URL)
_BARE_INVITE = re.compile(_INVITE, re.IGNORECASE)
_TIME = re.compile(r"<t:(-?\d{1,13})(?::[tTdDfFsSR])?>")
_COMMAND = re.compile(r"<(/[^<>:]+):\d+>")
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")
_SPOILER = re.compile(r"\|\|([\s\S]+?)\|\|")
_CODE = re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")
_STYLES = (
    re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"),
    re.compile(r"\b_((?:__|\\[\s\S]|[^\\_])+?)_\b"),
    re.compile(r"\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"),
    re.compile(r"~~([\s\S]+?)~~(?!_)"),
)
_PLAIN = re.compile(rf"\n|[^\n](?:(?!{_URL}|{_INVITE})[^\\<\[*_~|`\n])*", re.IGNORECASE)


_Rule = Callable[[str, int], int | None]


@dataclass
class Reading:
    """`seen` at a glance, `hidden` behind spoilers, and the `links` anywhere in either."""

    seen: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def add(self, text: str, *, hidden: bool = False) -> None:
        (self.hidden if hidden else self.seen).append(text)

    def line(self, text: str, *, hidden: bool = False) -> None:
        """Plain text that Discord shows without markdown, on a line of its own."""
        self.add(f"{text}\n", hidden=hidden)

    def block(self, text: str, *, hidden: bool = False) -> None:
        """A text with markdown, on lines of its own."""
        _Reader(self, hidden=hidden).read(text)
        self.add("\n", hidden=hidden)


def read(text: str) -> Reading:
    reading = Reading()
    _Reader(reading, hidden=False).read(text)
    return reading


class _Reader:
    def __init__(self, reading: Reading, *, hidden: bool) -> None:
        self._to = reading
        self._hidden = hidden
        self._blocks: list[_Rule] = [self._quote, self._heading, self._item]
        self._spans: list[_Rule] = [
            self._escape,
            self._fence,
            self._link,
            self._token,
            self._spoiler,
            self._code,
            self._style,
        ]

    def read(self, text: str, *, fresh: bool = True) -> None:
        """`fresh`: the text begins a line, so that headings, quotes and lists may open it."""
        at = 0
        while at < len(text):
            begins = text[at - 1] == "\n" if at else fresh
            rules = [*self._blocks, *self._spans] if begins else self._spans
            ends = (rule(text, at) for rule in rules)
            at = next((end for end in ends if end is not None), None) or self._plain(text, at)

    def _plain(self, text: str, at: int) -> int:
        found = _PLAIN.match(text, at)
        assert found, "some character is left"
        self._say(found[0])
        return found.end()

    def _quote(self, text: str, at: int) -> int | None:
        if found := _REST_QUOTED.match(text, at):
            self.read(found[1])
        elif found := _QUOTE.match(text, at):
            self.read(_QUOTE_MARK.sub("", found[0]))
        return found and found.end()

    def _heading(self, text: str, at: int) -> int | None:
        found = _HEADING.match(text, at) or _SMALL.match(text, at)
        if found:
            self.read(found[1], fresh=False)
        return found and found.end()

    def _item(self, text: str, at: int) -> int | None:
        found = _ITEM.match(text, at)
        if found:
            self._say(f"{found[1]}. " if found[1] else "• ")
            self.read(found[2], fresh=False)
        return found and found.end()

    def _escape(self, text: str, at: int) -> int | None:
        return self._said(_ESCAPE.match(text, at))

    def _fence(self, text: str, at: int) -> int | None:
        return self._said(_FENCE.match(text, at))

    def _link(self, text: str, at: int) -> int | None:
        if found := _MASKED.match(text, at):
            self.read(found[1], fresh=False)
            self._to.links.append(found[2])
            return found.end()
        if found := _ANGLED.match(text, at):
            self._to.links.append(found[1])
            return self._said(found)
        found = _BARE.match(text, at) or _BARE_INVITE.match(text, at)
        if found is None:
            return None
        url = _balanced(found[0])
        self._to.links.append(url)
        self._say(url)
        return at + len(url)

    def _token(self, text: str, at: int) -> int | None:
        if found := _TIME.match(text, at):
            self._say(_moment(int(found[1])))
            return found.end()
        return self._said(_COMMAND.match(text, at) or _EMOJI.match(text, at))

    def _spoiler(self, text: str, at: int) -> int | None:
        found = _SPOILER.match(text, at)
        if found:
            _Reader(self._to, hidden=True).read(found[1], fresh=False)
            self._to.add("\n", hidden=True)
        return found and found.end()

    def _code(self, text: str, at: int) -> int | None:
        found = _CODE.match(text, at)
        if found:
            self._say(found[2].strip())
        return found and found.end()

    def _style(self, text: str, at: int) -> int | None:
        for style in _STYLES:
            if found := style.match(text, at):
                self.read(found[1], fresh=False)
                return found.end()
        return None

    def _say(self, text: str) -> None:
        self._to.add(text, hidden=self._hidden)

    def _said(self, found: re.Match[str] | None) -> int | None:
        if found:
            self._say(found[1])
        return found and found.end()


def _balanced(url: str) -> str:
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1]
    return url


def _moment(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (OverflowError, ValueError):
        return "Invalid date"
