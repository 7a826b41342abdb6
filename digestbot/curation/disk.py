"""What lies in the stories folder: which files count, what they look like from outside, their bytes."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

EVENTS = "events.yaml"


class Stamp(NamedTuple):
    """A file is read again when its stamp is another."""

    mtime_ns: int
    size: int
    inode: int


@dataclass(frozen=True, slots=True)
class Look:
    """Files by name, which is their path below the root with `/`; `closed` are folders that cannot be looked into."""

    files: Mapping[str, Stamp]
    closed: Mapping[str, str]


def counts(name: str) -> bool:
    """Whether a name is that of a story or of the events: no dot file, none in a dot folder, no README."""
    if name.startswith(".") or "/." in name:
        return False
    last = name.rpartition("/")[2]
    return name == EVENTS or (last.endswith(".md") and last.casefold() != "readme.md")


def look(root: Path) -> Look:
    """Every file that counts; raises OSError if there is no such folder.

    Linked folders are left out (they could lead in circles), as are links to files outside the folder.
    """
    real = str(root.resolve(strict=True))
    files: dict[str, Stamp] = {}
    closed: dict[str, str] = {}
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            for entry in _entries(real, folder):
                name = folder + entry.name
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{name}/")
                elif counts(name) and (stamp := _inside(entry, real)):
                    files[name] = stamp
        except OSError as error:
            if not folder:
                raise
            closed[folder] = error.strerror or str(error)
    return Look(files, closed)


def glance(root: Path, names: Iterable[str]) -> dict[str, Stamp | None]:
    """The same for some names only; None for what is not there."""
    real = root.resolve(strict=True)
    stamps: dict[str, Stamp | None] = {}
    for name in filter(counts, names):
        path = real / name
        direct = path.parent.resolve() == path.parent
        stamps[name] = _stamp(path, str(real)) if direct else None
    return stamps


def _entries(root: str, folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(f"{root}/{folder}") as entries:
        yield from (entry for entry in entries if not entry.name.startswith("."))


def _inside(entry: os.DirEntry[str], root: str) -> Stamp | None:
    if entry.is_symlink():
        return _stamp(Path(entry.path), root)
    try:
        return _of(entry.stat())
    except FileNotFoundError:
        return None


def _stamp(path: Path, root: str) -> Stamp | None:
    try:
        real = path.resolve(strict=True)
        return _of(real.stat()) if str(real).startswith(root.rstrip("/") + "/") else None
    except (OSError, RuntimeError):  # a link to nothing; a link in a circle
        return None


def _of(status: os.stat_result) -> Stamp | None:
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def read(path: Path, limit: int) -> bytes:
    """At most `limit` + 1 bytes. Raises OSError."""
    with path.open("rb") as file:
        return file.read(limit + 1)
