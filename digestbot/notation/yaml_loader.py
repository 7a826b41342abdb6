"""Reads YAML: texts, lists and mappings only, with its traps refused.

PyYAML parses; the tree is built here from its events and not by its composer, because that one recurses in C:
60 KB of `[` end the process. Every scalar stays the text that was written, so `NO`, `12:30`, `017` and `1917` are
names as good as any; `null`, `~` and nothing at all are None. What a text means is the schema's business.
"""

import re
from collections.abc import Callable, Mapping

import yaml

from digestbot.notation.yaml_faults import YamlFault, syntax_fault

Tree = str | list["Tree"] | dict[str, "Tree"] | None
Steps = tuple[str | int, ...]
"""The way from the root to a value: keys of mappings, numbers of items."""

DEPTH = 12
"""Lists and mappings inside one another; a story needs five."""

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no text may hold, not even escaped."""

_NOTHING = frozenset({"", "~", "null"})
_Parser: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> Tree:
    """Raises `YamlFault`. Lines must end in a line feed alone."""
    return _Builder(text, None).document()


def offsets(text: str) -> Mapping[Steps, tuple[int, int]]:
    """For each value of a text that `load` takes: the offsets of its key (an item's is its own) and of itself."""
    found: dict[Steps, tuple[int, int]] = {}
    _Builder(text, found).document()
    return found


class _Builder:
    _next: Callable[[], yaml.Event]

    def __init__(self, text: str, found: dict[Steps, tuple[int, int]] | None) -> None:
        self._text = text
        self._found = found

    def document(self) -> Tree:
        try:
            self._next = _Parser(self._text).get_event
            return self._document()
        except yaml.YAMLError as error:
            raise syntax_fault(error, self._text) from error

    def _document(self) -> Tree:
        self._next()  # the stream's start
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        first = self._next()
        tree = self._node(first, (), first, 0)
        self._next()  # the document's end
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            raise YamlFault("Only one YAML document goes here: remove this line.", _start(after))
        return tree

    def _node(self, event: yaml.Event, steps: Steps, key: yaml.Event, depth: int) -> Tree:
        if self._found is not None:
            self._found[steps] = (_start(key), _start(event))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if not isinstance(event, yaml.CollectionStartEvent) or event.anchor is not None or event.tag is not None:
            raise self._marked(event)
        if depth == DEPTH:
            message = f"Lists and mappings go {DEPTH} deep at most: take this one out of the others."
            raise YamlFault(message, _start(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(steps, depth + 1)
        return self._sequence(steps, depth + 1)

    def _mapping(self, steps: Steps, depth: int) -> Tree:
        tree: dict[str, Tree] = {}
        keys: dict[str, yaml.Event] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event)
            if key in keys:
                line = self._text.count("\n", 0, _start(keys[key])) + 1
                raise YamlFault(f"“{key}” was already said on line {line}: keep one of the two.", _start(event))
            keys[key] = event
            tree[key] = self._node(self._next(), self._down(steps, key), event, depth)
        return tree

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise YamlFault(
                "A key must be a plain word: put a text that begins with “{”, “[”, “*” or “?” in quotes.", _start(event)
            )
        return self._scalar(event) or ""

    def _sequence(self, steps: Steps, depth: int) -> Tree:
        tree: list[Tree] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            tree.append(self._node(event, self._down(steps, len(tree)), event, depth))
        return tree

    def _down(self, steps: Steps, step: str | int) -> Steps:
        return steps if self._found is None else (*steps, step)

    def _scalar(self, event: yaml.ScalarEvent) -> str | None:
        text: str = event.value
        if event.anchor is not None or event.tag is not None:
            raise self._marked(event)
        if event.style == '"' and (control := CONTROL.search(text)):
            message = f"This text holds the control character U+{ord(control[0]):04X}: take it out."
            raise YamlFault(message, _start(event))
        return None if event.implicit[0] and text in _NOTHING else text

    def _marked(self, event: yaml.Event) -> YamlFault:
        start = _start(event)
        return YamlFault(
            f"A text that begins with “{self._text[start]}” must stand in quotes (aliases, anchors and tags of YAML"
            " are not read).",
            start,
        )


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0
