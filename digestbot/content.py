"""Finds the templates, stories and settings that come with digestbot, in a checkout and after pip install."""

from pathlib import Path

from digestbot.errors import StartupError

_PACKAGE = Path(__file__).resolve().parent


def templates() -> Path:
    """The shipped templates' folder. Raises `StartupError`, as do the other two."""
    return _folder("templates", _PACKAGE)


def stories() -> Path:
    return _folder("stories", _PACKAGE)


def config() -> Path:
    return _folder("config", _PACKAGE)


def _folder(name: str, package: Path) -> Path:
    """A wheel holds the folders under `shipped/`, a checkout beside the package."""
    for folder in (package / "shipped" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise StartupError(
        f"The folder {name}/ that comes with digestbot is missing: it was looked for in {package / 'shipped'} and"
        f" {package.parent}. Install digestbot again, or run it from a complete checkout."
    )
