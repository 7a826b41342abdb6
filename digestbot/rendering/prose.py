"""A story's summary: of its author's Markdown only paragraphs, emphasis, strong and flat lists stay markup."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from digestbot.rendering.escape import CLOSE, OPEN, Markdown, letters

_READER = MarkdownIt("zero").enable(["emphasis", "escape", "list", "newline"])
_APART = OPEN + CLOSE
"""Keeps delimiters from running together; with it on both sides `*` and `**` match only their like."""


@lru_cache(maxsize=1024)
def prose(text: str) -> Markdown:
    """The filter `markdown`: everything but paragraphs, emphasis, strong and lists becomes letters; lists turn flat."""
    return Markdown("\n".join(_blocks(_READER.parse(text))).strip("\n"))


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    lists: list[Token] = []
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            if not lists:
                yield ""
            lists.append(token)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
            yield from () if lists else ("",)
        elif token.type == "inline":
            line = _line(token.children or [])
            yield f"{_marker(lists[0])} {line}" if lists else f"{line}\n"


def _marker(opened: Token) -> str:
    return "-" if opened.type == "bullet_list_open" else f"{opened.attrGet('start') or 1}."


def _line(tokens: Sequence[Token]) -> str:
    strong = emphasis = 0
    parts = [_APART]
    for token in tokens:
        strong += token.nesting if token.tag == "strong" else 0
        emphasis += token.nesting if token.tag == "em" else 0
        words = " " if token.type in {"softbreak", "hardbreak"} else token.content
        if not words:
            continue
        marks = [mark for mark, wanted in (("**", strong), ("*", emphasis)) if wanted]
        parts += [mark + _APART for mark in marks]
        parts.append(letters(words))
        parts += [_APART + mark for mark in reversed(marks)]
        parts.append(_APART)
    return "".join(parts)
