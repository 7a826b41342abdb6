"""A YAML text: its tree, and the line and column of each of its values."""

from collections.abc import Mapping
from functools import cached_property

from digestbot.errors import BrokenFiles, Problem
from digestbot.notation.yaml_faults import YamlFault
from digestbot.notation.yaml_loader import CONTROL, Steps, Tree, load, offsets

_AFTER_NOTHING = ("", " ", "\n", ",", "]", "}")
"""Where the YAML parser places a value that is not there."""


class YamlText:
    """`path` is what its problems are named after. Making one raises `BrokenFiles`, and so does `tree`."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = with_line_feeds(text)
        self.body = len(self.text)
        """Where the YAML ends."""
        if control := CONTROL.search(self.text):
            message = f"The control character U+{ord(control[0]):04X} stands here: take it out."
            raise BrokenFiles([self.problem(control.start(), message)])

    def tree(self) -> Tree:
        try:
            return load(self.text[: self.body])
        except YamlFault as fault:
            raise BrokenFiles([self.problem(fault.offset, fault.message)]) from None

    def at(self, steps: Steps, message: str, *, key: bool = False) -> Problem:
        """A problem of the value there, or of the nearest that holds it; of its key if `key`."""
        while steps and steps not in self._places:
            steps = steps[:-1]
        key_offset, value = self._places.get(steps, (0, 0))
        empty = self.text[value : value + 1] in _AFTER_NOTHING
        return self.problem(key_offset if key or empty else value, message)

    def has(self, steps: Steps) -> bool:
        return steps in self._places

    def problem(self, offset: int, message: str) -> Problem:
        before = self.text[:offset]
        return Problem(self.path, before.count("\n") + 1, offset - before.rfind("\n"), message)

    @cached_property
    def _places(self) -> Mapping[Steps, tuple[int, int]]:
        return offsets(self.text[: self.body])


def with_line_feeds(text: str) -> str:
    """Without a byte order mark, each line ended by a line feed alone."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
