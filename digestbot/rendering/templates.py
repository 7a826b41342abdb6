"""Template files: a user's folders over ours, read once, and the blocks that they write."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from traceback import walk_tb
from typing import Any, TypeVar

from jinja2 import BaseLoader, Environment, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from digestbot.domain.card import Block
from digestbot.errors import BrokenFiles, Problem
from digestbot.rendering.markdown import parse
from digestbot.rendering.sandbox import Sandbox, counted

SUFFIX = ".md.j2"
OURS = "default:"
"""`{% include "default:card.md.j2" %}` reaches the file that digestbot ships, whatever lies over it."""

Result = TypeVar("Result")

_MARK = re.compile("\ufdd2([^\ufdd3]*)\ufdd3")
_LEADING_MARKS = re.compile("(?:\ufdd2[^\ufdd3]*\ufdd3)*")


class Templates:
    """A snapshot of the files: what is on disk later does not touch it. Raises `BrokenFiles` for unreadable ones.

    `ours` is the folder that digestbot ships, `users` lie over it per file, the last one on top.
    """

    def __init__(self, ours: Path, users: Sequence[Path] = ()) -> None:
        files = _Files(ours, users)
        self._files = files
        self._sandbox = Sandbox(files)
        self._traced = Sandbox(files, [_Lines])

    @property
    def names(self) -> tuple[str, ...]:
        """The templates for stories and events by name, without partials and replies."""
        return tuple(sorted(name for name in self._stems() if "/" not in name))

    @property
    def parts(self) -> tuple[str, ...]:
        """Partials and replies by name: `parts/winners`, `replies/help`."""
        return tuple(sorted(name for name in self._stems() if "/" in name))

    def compile(self, name: str) -> None:
        """Raises `BrokenFiles` for a template that is missing or not Jinja."""
        self._reported(name, lambda: self._sandbox.get_template(name + SUFFIX))

    def markdown(self, name: str, values: Mapping[str, Any]) -> str:
        """What the template writes. Raises `BrokenFiles`."""
        return self._reported(name, lambda: _written(self._sandbox, name, values))

    def blocks(self, name: str, values: Mapping[str, Any]) -> tuple[Block, ...]:
        """The blocks that the template writes. Raises `BrokenFiles`, with file and line, for what cards do not have."""
        blocks, faults = parse(self.markdown(name, values))
        if not faults:
            return blocks
        places = _places(_written(self._traced, name, values))
        raise BrokenFiles([Problem(*places[min(fault.line, len(places) - 1)], 0, fault.message) for fault in faults])

    def _stems(self) -> Iterator[str]:
        return (name.removesuffix(SUFFIX) for name in self._files.sources if not name.startswith(OURS))

    def _reported(self, name: str, work: Callable[[], Result]) -> Result:
        try:
            return work()
        except TemplateSyntaxError as error:
            path = error.filename or error.name or name
            raise BrokenFiles([Problem(path, error.lineno, 0, error.message or "broken")]) from error
        except RecursionError as error:
            raise BrokenFiles([Problem(self._path(name), 0, 0, "the template includes itself without end")]) from error
        except TemplateNotFound as error:
            message = f"there is no template ‘{error.name}’"
            raise BrokenFiles([Problem(*self._where(error, name), 0, message)]) from error
        except TemplateError as error:
            raise BrokenFiles([Problem(*self._where(error, name), 0, str(error))]) from error
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            message = f"{type(error).__name__}: {error}"
            raise BrokenFiles([Problem(*self._where(error, name), 0, message)]) from error

    def _where(self, error: Exception, name: str) -> tuple[str, int]:
        """File and line of the innermost template in the traceback."""
        paths = {path for _, path in self._files.sources.values()}
        rows = [(frame.f_code.co_filename, row) for frame, row in walk_tb(error.__traceback__)]
        inside = [place for place in rows if place[0] in paths]
        return inside[-1] if inside else (self._path(name), 0)

    def _path(self, name: str) -> str:
        return self._files.sources.get(name + SUFFIX, ("", name + SUFFIX))[1]


class _Files(BaseLoader):
    """Sources with their paths by the name under which templates include them."""

    def __init__(self, ours: Path, users: Sequence[Path]) -> None:
        self.sources: dict[str, tuple[str, str]] = {}
        problems: list[Problem] = []
        for folder in (ours, *users):
            for path in sorted(folder.rglob(f"*{SUFFIX}")):
                try:
                    source = path.read_text(encoding="utf-8")
                except (OSError, UnicodeDecodeError) as error:
                    problems.append(Problem(str(path), 0, 0, f"the file cannot be read as UTF-8 text: {error}"))
                    continue
                name = path.relative_to(folder).as_posix()
                self.sources[name] = (source, str(path))
                if folder is ours:
                    self.sources[OURS + name] = (source, str(path))
        if problems:
            raise BrokenFiles(problems)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        _ = environment
        if template not in self.sources:
            raise TemplateNotFound(template)
        source, path = self.sources[template]
        return source, path, lambda: True


class _Lines(Extension):
    """Marks each line of a template's own text with its place; values carry no marks, `clean` takes them out."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            yield token if token.type != "data" else Token(token.lineno, "data", _marked(token, stream.filename or ""))


def _marked(token: Token, path: str) -> str:
    rows = str(token.value).split("\n")
    return "\n".join(f"\ufdd2{path}:{token.lineno + count}\ufdd3{row}" for count, row in enumerate(rows))


def _places(marked: str) -> list[tuple[str, int]]:
    """For each line written: the file and line of the template text that it begins with."""
    places: list[tuple[str, int]] = []
    last = ("", 0)
    for row in marked.split("\n"):
        leading = _LEADING_MARKS.match(row)
        places.append(_last_mark(leading[0] if leading else "") or last)
        last = _last_mark(row) or last
    return places


def _last_mark(row: str) -> tuple[str, int] | None:
    marks = _MARK.findall(row)
    if not marks:
        return None
    path, _, line = marks[-1].rpartition(":")
    return path, int(line)


def _written(sandbox: Sandbox, name: str, values: Mapping[str, Any]) -> str:
    return "".join(counted(sandbox.get_template(name + SUFFIX).generate(values)))
