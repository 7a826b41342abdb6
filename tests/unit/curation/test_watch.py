import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import watchfiles

from digestbot.curation import watch as watching
from digestbot.curation.changes import Listener
from digestbot.curation.library import Library
from digestbot.curation.watch import concerned, is_network_drive, watch
from tests.unit.curation.pages import page, put

PATIENCE = 60
"""Seconds after which a test gives up; none waits for them."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "GLANCE_MS", 200)
    monkeypatch.setattr(watching, "QUIET_MS", 50)
    monkeypatch.setattr(watching, "AWAY", 0.05)
    monkeypatch.setattr(watching, "SWEEP", 3)


@asynccontextmanager
async def watched(root: Path) -> AsyncIterator[tuple[Library, Listener]]:
    async with Library(root) as library:
        listener = library.changes()
        task = asyncio.create_task(watch(library))
        yield library, listener
        assert not task.done()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def move(path: Path, to: Path) -> None:
    path.replace(to)


async def heard(listener: Listener) -> frozenset[str]:
    return await asyncio.wait_for(anext(listener), PATIENCE)


@pytest.fixture(params=["events", "polling"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param == "polling":
        monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    return put(tmp_path / "stories", {"a.md": page()})


async def test_a_new_a_changed_and_a_renamed_file_are_heard_of(root: Path) -> None:
    async with watched(root) as (library, listener):
        put(root, {"b.md": page()})
        assert await heard(listener) == {"b"}
        put(root, {"b.md": page(headline="Changed, and longer")})
        assert await heard(listener) == {"b"}
        put(root, {".b.md.swp": page(headline="Written aside, then renamed")})
        move(root / ".b.md.swp", root / "b.md")
        assert await heard(listener) == {"b"}
        story = library.get("b")
        assert story
        assert story.headline == "Written aside, then renamed"


async def test_a_folder_moved_in_is_read_and_followed(root: Path) -> None:
    async with watched(root) as (_, listener):
        put(root, {"z.md": page()})
        assert await heard(listener) == {"z"}, "now the watch is up"
        put(root.parent, {"2020/c.md": page()})
        move(root.parent / "2020", root / "2020")
        assert await heard(listener) == {"c"}
        put(root, {"2020/d.md": page()})
        assert await heard(listener) == {"d"}


async def test_a_folder_that_vanishes_and_comes_back_is_followed_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SWEEP", 1_000_000)
    async with watched(root) as (library, listener):
        put(root, {"z.md": page()})
        assert await heard(listener) == {"z"}, "now the watch is up"
        move(root, root.parent / "away")
        put(root.parent, {"next/b.md": page()})
        move(root.parent / "next", root)
        assert await heard(listener) == {"b"}
        put(root, {"c.md": page()})
        assert await heard(listener) == {"c"}
        assert library.get("a") is None


async def test_a_folder_that_appears_later_is_followed(tmp_path: Path) -> None:
    async with watched(tmp_path / "stories") as (library, listener):
        put(tmp_path, {"stories/a.md": page()})
        assert await heard(listener) == {"a"}
        assert library.problems == ()


async def test_the_watch_ends_when_it_is_told_to(tmp_path: Path) -> None:
    stop = asyncio.Event()
    async with Library(tmp_path) as library:
        task = asyncio.create_task(watch(library, stop))
        stop.set()
        await asyncio.wait_for(task, PATIENCE)


async def test_a_watch_that_cannot_be_set_up_falls_back_to_polling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def without_events(*paths: Path, force_polling: bool | None, **how: object) -> object:
        if not force_polling:
            raise OSError(28, "OS file watch limit reached")
        return watchfiles.awatch(*paths, force_polling=True, **how)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(watching, "awatch", without_events)
    async with watched(tmp_path) as (_, listener):
        put(tmp_path, {"a.md": page()})
        assert await heard(listener) == {"a"}


def test_only_stories_and_folders_concern_the_library(tmp_path: Path) -> None:
    put(tmp_path, {"a.md": "", "2020/b.md": "", "c.txt": "", ".d.md.swp": "", "events.yaml": ""})

    def of(*names: str) -> set[str] | None:
        return concerned(tmp_path, [tmp_path / name for name in names])

    assert of("a.md", "2020/b.md", "gone.md", "events.yaml") == {"a.md", "2020/b.md", "gone.md", "events.yaml"}
    assert of("c.txt", ".d.md.swp", ".gone", ".git/x.md") == set()
    assert of("a.md", "2020") is None, "a folder came"
    assert of("2019") is None, "a folder may have gone"
    (tmp_path / "..data").symlink_to(tmp_path / "2020")
    assert of("..data") is None, "a mounted ConfigMap changes by one link"


MOUNTS = """\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:25 / /mnt/my\\040share rw,relatime shared:2 - nfs4 server:/export rw,vers=4.2
31 30 8:1 / /mnt/my\\040share/disk rw shared:3 - ext4 /dev/sda1 rw
"""


@pytest.mark.parametrize(
    ("folder", "network"),
    [
        ("/srv/stories", False),
        ("/mnt/my share", True),
        ("/mnt/my share/stories", True),
        ("/mnt/my share/disk/stories", False),
        ("/mnt/my shared", False),
    ],
)
def test_a_network_drive_is_known_by_its_file_system(folder: str, network: bool) -> None:  # noqa: FBT001 - a table
    assert is_network_drive(Path(folder), MOUNTS) is network


def test_without_a_table_of_mounts_no_drive_is_a_network_drive() -> None:
    assert not is_network_drive(Path("/mnt/my share"), "")
