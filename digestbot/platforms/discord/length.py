"""Length: Discord counts characters as every chat client does."""

from digestbot.domain.length import fitted, units

__all__ = ["fitted", "units"]
