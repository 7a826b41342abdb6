"""Follows the stories folder, and has the library read what changes in it."""

import asyncio
from collections.abc import Collection
from pathlib import Path

import structlog
from watchfiles import awatch

from digestbot.curation.disk import counts
from digestbot.curation.library import Library

QUIET_MS = 100
"""A change is read when nothing more happened for so long: by then an editor has written and renamed."""
GLANCE_MS = 2_000
"""How often to see whether the folder is still the same one."""
SWEEP = 15
"""At every so many wakings the whole folder is read. When too much happens at once the system forgets some of it, and
polling overlooks the second change within a second.
"""
AWAY = 1.0
"""Seconds between looks for a folder that is gone."""

_NETWORK = frozenset(
    {"9p", "afs", "ceph", "cifs", "drvfs", "fuse.sshfs", "glusterfs", "lustre", "nfs", "nfs4"}
    | {"prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs"}
)
_log = structlog.get_logger("stories")


async def watch(library: Library, stop: asyncio.Event | None = None) -> None:
    """Keep the library fresh until `stop` is set (or for ever), whatever becomes of the folder meanwhile.

    Looks at the files now and then instead of waiting for events on network drives, which send none, and if
    WATCHFILES_FORCE_POLLING is set.
    """
    stop = stop or asyncio.Event()
    polling = is_network_drive(library.root, _mounts())
    while not stop.is_set():
        before = _identity(library.root)
        if before is None:
            await library.reload()
            await _pause(stop)
            continue
        try:
            await _follow(library, before, stop, polling=polling)
        except (OSError, RuntimeError) as error:  # watchfiles raises both: no such folder, no more watches
            _log.warning("stories.watch_failed", error=str(error), next="looking at the files every few seconds")
            polling = True
            await _pause(stop)


async def _follow(library: Library, identity: tuple[int, int], stop: asyncio.Event, *, polling: bool) -> None:
    """Returns when the folder is another one, or gone."""
    root = library.root.resolve()
    looks = awatch(
        root,
        watch_filter=None,
        step=QUIET_MS,
        stop_event=stop,
        rust_timeout=GLANCE_MS,
        yield_on_timeout=True,
        force_polling=polling or None,
        poll_delay_ms=GLANCE_MS,
        ignore_permission_denied=True,
    )
    wakings = 0  # the first one sees what changed before the watch began
    async for changes in looks:
        if _identity(library.root) != identity:
            return
        names = None if wakings % SWEEP == 0 else concerned(root, [Path(path) for _, path in changes])
        if names is None or names:
            await library.reload(names)
        wakings += 1


def concerned(root: Path, paths: Collection[Path]) -> set[str] | None:
    """The names of the files to read, None for all: when a folder came or went, or perhaps did."""
    names: set[str] = set()
    for path in paths:
        name = path.relative_to(root).as_posix()
        if counts(name):
            names.add(name)
        if path.is_dir() or not (path.exists() or counts(name) or name.startswith(".")):
            return None
    return names


def is_network_drive(folder: Path, mounts: str) -> bool:
    """By the kind of the file system that holds the folder; `mounts` is Linux's table of them."""
    path = f"{folder.resolve()}/"
    found, kind = "", ""
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        point = fields.split()[4].replace("\\040", " ").rstrip("/")
        if path.startswith(f"{point}/") and len(point) >= len(found):
            found, kind = point, rest.split()[0]
    return kind in _NETWORK


def _mounts() -> str:
    try:
        return Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), AWAY)
    except TimeoutError:
        return
