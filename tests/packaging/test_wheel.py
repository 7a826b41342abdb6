"""The wheel carries templates, stories and settings, and finds them without a checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by the backend itself, without a network."""
    out = tmp_path_factory.mktemp("dist")
    code = f"import hatchling.build; print(hatchling.build.build_wheel({str(out)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    (built,) = out.glob("digestbot-*.whl")
    return built


def test_the_wheel_holds_every_template_story_and_setting(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "stories", "config"):
        for file in (ROOT / folder).rglob("*"):
            if file.is_file():
                assert f"digestbot/shipped/{file.relative_to(ROOT).as_posix()}" in names


def test_the_wheel_holds_the_migrations_and_the_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "digestbot/storage/migrations/versions/0001_ledger.py" in names
    assert "digestbot/storage/migrations/script.py.mako" in names
    assert "digestbot/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


def test_an_installed_digestbot_previews_a_shipped_story(wheel: Path, tmp_path: Path) -> None:
    """Run from the unpacked wheel in an empty folder: nothing of the checkout is in reach."""
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    empty = tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "digestbot", "preview", "bbma-2020"],
        cwd=empty,
        env={"PYTHONPATH": str(site), "PATH": "", "HOME": str(empty)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Post Malone" in done.stdout
