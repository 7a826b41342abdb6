"""The settings file: its values, and where in the text each key stands.

tomllib gives values without places. A prefix of whole lines that parses ends where a statement ends, so the parser
itself tells on which lines a key was written.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from digestbot.errors import BrokenFiles, Problem

_PLACE = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL)


@dataclass(frozen=True)
class TomlFile:
    path: Path
    text: str
    values: Mapping[str, Any]

    def problem(self, message: str, *keys: str) -> Problem:
        """A fault of the key with this path, `problem("…", "web", "port")`."""
        return Problem(str(self.path), *self.place(keys), message)

    def place(self, keys: Sequence[str]) -> tuple[int, int]:
        """Line and column where the key is first written."""
        lines = self.text.splitlines(keepends=True)
        for (start, _), (end, values) in zip(self._statements, self._statements[1:], strict=False):
            if _has(values, keys):
                return _column(lines, start, end, keys[-1])
        return 0, 0

    @cached_property
    def _statements(self) -> list[tuple[int, Mapping[str, Any]]]:
        """Numbers of lines after which a statement has ended, with the values until there."""
        lines = self.text.splitlines(keepends=True)
        found: list[tuple[int, Mapping[str, Any]]] = []
        for number in range(len(lines) + 1):
            try:
                found.append((number, tomllib.loads("".join(lines[:number]))))
            except tomllib.TOMLDecodeError:  # in the middle of a value over several lines
                continue
        return found


def read_toml(path: Path) -> TomlFile:
    """A file that is not there holds nothing. Raises `BrokenFiles`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return TomlFile(path, "", {})
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BrokenFiles([Problem(str(path), line, 1, "this line is not UTF-8: save the file as UTF-8")]) from None
    except OSError as error:
        raise BrokenFiles([Problem(str(path), 0, 0, f"the file cannot be read: {error.strerror}")]) from error
    try:
        return TomlFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BrokenFiles([_syntax(path, text, str(error))]) from None


def _syntax(path: Path, text: str, message: str) -> Problem:
    match = _PLACE.match(message)
    if match and match["line"]:
        return Problem(str(path), int(match["line"]), int(match["column"]), f"this is not TOML: {match['what']}")
    lines = text.splitlines() or [""]
    what = match["what"] if match else message
    return Problem(str(path), len(lines), len(lines[-1]) + 1, f"this is not TOML: {what}")


def _has(values: Mapping[str, Any], keys: Sequence[str]) -> bool:
    inner: Any = values
    for key in keys:
        if not isinstance(inner, Mapping) or key not in inner:
            return False
        inner = inner[key]
    return True


def _column(lines: Sequence[str], start: int, end: int, key: str) -> tuple[int, int]:
    """Of the key's name within the lines of its statement; comments above it belong to no statement."""
    name = re.compile(rf"""^(?!\s*#)(?:.*?[\s.\[{{,"'])??(?P<key>{re.escape(key)})(?=["']?\s*[.=\]])""")
    for number in range(start, end):
        if match := name.match(lines[number]):
            return number + 1, match.start("key") + 1
    return start + 1, 1
