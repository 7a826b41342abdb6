"""Settings and logs, as every command but `run` needs them: warnings only, on standard error."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digestbot.settings import Settings


def settings_of(home: Path | None) -> "Settings":
    """Raises `BrokenFiles`."""
    from digestbot.runtime.logs import set_up_logs  # noqa: PLC0415 - keeps --help quick
    from digestbot.settings import load_settings  # noqa: PLC0415 - as above

    settings = load_settings(home, os.environ)
    set_up_logs(level="warning", form=settings.log.format, secrets=settings.secrets)
    return settings


def stories_of(settings: "Settings") -> Path:
    """The home's folder, else the stories that come with digestbot."""
    from digestbot import content  # noqa: PLC0415 - keeps --help quick

    return settings.stories_folder or content.stories()
