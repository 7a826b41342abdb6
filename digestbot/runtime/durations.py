"""Durations as people type them: `30s`, `5m`, `6h`, `2d`."""

import re
from datetime import timedelta

from digestbot.errors import UserMistake

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_duration(text: str) -> timedelta:
    """Raises `UserMistake` with the forms that are understood."""
    match = re.fullmatch(r"(\d{1,6})\s*([smhd])", text.strip().casefold())
    if match is None:
        raise UserMistake(f"“{text}” is no duration: write it as `30s`, `5m`, `6h` or `2d`.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
