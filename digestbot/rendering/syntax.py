"""The syntax of cards: how markdown-it reads them, with containers and escaped values."""

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, emphasis
from mdit_py_plugins.container import container_plugin

from digestbot.rendering.escape import CLOSE, OPEN

BOX, BOX_CLOSE = "container_box_open", "container_box_close"
"""The types of the tokens around a container; the first one's `info` is its name."""


class _Addresses(MarkdownIt):
    """Leaves addresses as they are written: `safe_url` judges them, and says so where it refuses one."""

    def validateLink(self, url: str) -> bool:  # noqa: N802  # the library's name
        _ = url
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802  # the library's name
        return url


def _value(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # the library's signature
    """An escaped value is taken in one step, which halves the time of a card; it holds nothing but letters."""
    if state.src[state.pos] != OPEN:
        return False
    end = state.src.find(CLOSE, state.pos, state.posMax) + 1
    if not end:
        return False
    if not silent:
        state.append_pending(_unescaped(state.src[state.pos : end]))
    state.pos = end
    return True


def _emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # the library's signature
    """The library's rule, where the end of a value also lets a delimiter open, and the beginning of one lets it close.

    So `**Label:**{{ x }}` and `{{ x }}**“y”**` are markup without a space between.
    """
    start, known = state.pos, len(state.delimiters)
    if not emphasis.tokenize(state, silent):
        return False
    before, after = state.src[start - 1 : start], state.src[state.pos : state.pos + 1]
    for delimiter in state.delimiters[known:]:
        delimiter.open |= before == CLOSE and not (after or " ").isspace()
        delimiter.close |= after == OPEN and not (before or " ").isspace()
    return True


def _unescaped(text: str) -> str:
    """Without the backslash before each punctuation mark; every backslash in a value is one or behind one."""
    return "\\".join(part.replace("\\", "") for part in text.split("\\\\"))


def _reader() -> MarkdownIt:
    reader = _Addresses("commonmark", {"html": True})
    reader.enable(["strikethrough", "table"]).disable(["lheading", "code", "reference"])
    reader.use(container_plugin, "box", validate=lambda name, _markup: bool(name.strip()))
    reader.inline.ruler.at("emphasis", _emphasis)
    reader.inline.ruler.before("text", "value", _value)
    reader.inline.add_terminator_char(OPEN)
    return reader


READER = _reader()
