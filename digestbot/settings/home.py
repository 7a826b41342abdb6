"""The home: the folder in which a digestbot keeps its settings, stories, templates and data."""

from collections.abc import Mapping
from pathlib import Path

SETTINGS_FILE = Path("config") / "digestbot.toml"
VARIABLE = "DIGESTBOT_HOME"


def find_home(named: Path | None, environ: Mapping[str, str], here: Path = Path()) -> Path:
    """The one `named`, else DIGESTBOT_HOME, else `here` if it looks like a home, else the user's data folder.

    It need not exist yet. A relative one stays relative, so that messages name files as the reader would.
    """
    chosen = named or (Path(environ[VARIABLE]) if environ.get(VARIABLE) else None)
    if chosen:
        return chosen.expanduser()
    if (here / SETTINGS_FILE).is_file() or (here / "stories").is_dir():
        return here
    data = Path(environ.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else Path.home() / ".local" / "share") / "digestbot"
