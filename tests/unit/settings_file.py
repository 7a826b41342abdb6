"""A home's settings file for tests, and what is said of it."""

from pathlib import Path

import pytest

from digestbot.errors import BrokenFiles
from digestbot.settings import load_settings


def write(home: Path, text: str) -> Path:
    file = home / "config" / "digestbot.toml"
    file.write_text(text, encoding="utf-8")
    return file


def problems(home: Path, **environ: str) -> list[str]:
    """Each as `place: message`, the file's path left out."""
    with pytest.raises(BrokenFiles) as broken:
        load_settings(home, environ)
    found = broken.value.problems
    return [
        f"{problem.line}:{problem.column}: {problem.message}" if problem.line else f"{problem.path}: {problem.message}"
        for problem in found
    ]
