"""The text of a curated file: decoded, its YAML read, and every fault given its line and column."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TypeVar

from pydantic import ValidationError

from digestbot.curation.faults import Fault, faults
from digestbot.curation.schema import Keys
from digestbot.curation.yaml_faults import YamlFault
from digestbot.curation.yaml_loader import CONTROL, Steps, Tree, load, offsets
from digestbot.errors import BrokenFiles, Problem

_OPENING = re.compile(r"---[ \t]*(\n|$)")
_CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)

_AFTER_NOTHING = ("", " ", "\n", ",", "]", "}")
"""Where the YAML parser places a value that is not there."""

K = TypeVar("K", bound=Keys)


class Page:
    """Its methods raise `BrokenFiles`, with every problem that they can tell apart; so does making one."""

    def __init__(self, path: str, data: bytes, limit: int) -> None:
        self.path = path
        self.text = _decode(path, data, limit)
        self.body = len(self.text)
        """Where the YAML ends."""
        if control := CONTROL.search(self.text):
            message = f"The control character U+{ord(control[0]):04X} stands here: take it out."
            raise BrokenFiles([self.problem(control.start(), message)])

    def split(self) -> str:
        """Take the YAML for what stands between the first two `---`, and return what comes after."""
        opening = _OPENING.match(self.text)
        if not opening:
            raise BrokenFiles([self.problem(0, "The file must begin with a line “---”, and then its keys.")])
        closing = _CLOSING.search(self.text, opening.end())
        if not closing:
            raise BrokenFiles([self.problem(0, "This “---” lacks its second: add a line “---” below the last key.")])
        self.body = closing.start()
        return self.text[closing.end() :]

    def tree(self) -> Tree:
        try:
            return load(self.text[: self.body])
        except YamlFault as fault:
            raise BrokenFiles([self.problem(fault.offset, fault.message)]) from None

    def read(self, keys: type[K], value: Tree, root: Steps = ()) -> K:
        """The value at `root` of the tree, as its keys say it."""
        try:
            return keys.model_validate(value)
        except ValidationError as error:
            raise BrokenFiles([self._told(fault) for fault in faults(error, keys, root)]) from None

    def at(self, steps: Steps, message: str) -> Problem:
        """A problem of the value there, or of the nearest that holds it."""
        return self._told(Fault(steps, message))

    def has(self, steps: Steps) -> bool:
        return steps in self._places

    def problem(self, offset: int, message: str) -> Problem:
        before = self.text[:offset]
        return Problem(self.path, before.count("\n") + 1, offset - before.rfind("\n"), message)

    def _told(self, fault: Fault) -> Problem:
        steps = fault.steps
        while steps and steps not in self._places:
            steps = steps[:-1]
        key, value = self._places.get(steps, (0, 0))
        empty = self.text[value : value + 1] in _AFTER_NOTHING
        return self.problem(key if fault.key or empty else value, fault.message)

    @cached_property
    def _places(self) -> Mapping[Steps, tuple[int, int]]:
        return offsets(self.text[: self.body])


def _decode(path: str, data: bytes, limit: int) -> str:
    if len(data) > limit:
        raise BrokenFiles([Problem(path, 0, 0, f"The file is larger than {limit // 1024} KiB: make it shorter.")])
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        lines = data[: error.start].decode().split("\n")
        message = f"The byte 0x{data[error.start]:02X} is not UTF-8: save the file as UTF-8."
        raise BrokenFiles([Problem(path, len(lines), len(lines[-1]) + 1, message)]) from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
