"""The text of a curated file: decoded, its YAML read, and every fault given its line and column."""

import re
from typing import TypeVar

from pydantic import ValidationError

from digestbot.curation.faults import faults
from digestbot.curation.schema import Keys
from digestbot.errors import BrokenFiles, Problem
from digestbot.notation.yaml_loader import Steps, Tree
from digestbot.notation.yaml_text import YamlText

_OPENING = re.compile(r"---[ \t]*(\n|$)")
_CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)

K = TypeVar("K", bound=Keys)


class Page(YamlText):
    """Its methods raise `BrokenFiles`, with every problem that they can tell apart; so does making one."""

    def __init__(self, path: str, data: bytes, limit: int) -> None:
        super().__init__(path, _decode(path, data, limit))

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

    def read(self, keys: type[K], value: Tree, root: Steps = ()) -> K:
        """The value at `root` of the tree, as its keys say it."""
        try:
            return keys.model_validate(value)
        except ValidationError as error:
            found = faults(error, keys, root)
            raise BrokenFiles([self.at(fault.steps, fault.message, key=fault.key) for fault in found]) from None


def _decode(path: str, data: bytes, limit: int) -> str:
    if len(data) > limit:
        raise BrokenFiles([Problem(path, 0, 0, f"The file is larger than {limit // 1024} KiB: make it shorter.")])
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        lines = data[: error.start].decode().split("\n")
        message = f"The byte 0x{data[error.start]:02X} is not UTF-8: save the file as UTF-8."
        raise BrokenFiles([Problem(path, len(lines), len(lines[-1]) + 1, message)]) from None
