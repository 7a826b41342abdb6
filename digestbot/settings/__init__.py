"""Settings: what `config/digestbot.toml` and the environment say, checked as a whole before anything starts."""

from digestbot.settings.home import find_home
from digestbot.settings.loading import load_settings
from digestbot.settings.model import Settings

__all__ = ["Settings", "find_home", "load_settings"]
