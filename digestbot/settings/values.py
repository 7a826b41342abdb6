"""Values: what may be written for a setting, and what is said of anything else."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import AfterValidator, SecretStr, ValidationInfo

from digestbot.domain.schedule import parse_zone
from digestbot.errors import UserMistake

_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_LOCALE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]+)*")
_RANGE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")
SQLITE = "sqlite+aiosqlite:///"
_POSTGRES = "postgresql+asyncpg://"


def split(url: str) -> SplitResult | None:
    """None for what is no address at all."""
    try:
        return urlsplit(url)
    except ValueError:  # a bracket that opens no IPv6 address
        return None


def password_of(url: str) -> str | None:
    """What of a database's address is a secret."""
    parts = split(url)
    if parts is None:
        return url if "@" in url else None
    return parts.password or next(iter(parse_qs(parts.query).get("password", [])), None)


def address(*schemes: str, example: str) -> AfterValidator:
    def check(value: str) -> str:
        parts = split(value)
        if parts is None or parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"write an address such as {example}")
        return value

    return AfterValidator(check)


def database(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    parts = split(url)
    on_sqlite = len(url) > len(SQLITE) and url.startswith(SQLITE)
    if not on_sqlite and not (url.startswith(_POSTGRES) and parts and parts.path.strip("/")):
        raise ValueError(f"write {SQLITE}data/digestbot.db or {_POSTGRES}user:password@host/database")
    return value


def folder(value: Path, info: ValidationInfo) -> Path:
    """`home` in the validation context is what a relative folder starts from."""
    home: Path = (info.context or {}).get("home", Path())
    there = home / value.expanduser()
    if not there.is_dir():
        raise ValueError("there is no such folder: make it, or name another")
    return there


def bot_token(value: SecretStr) -> SecretStr:
    if value.get_secret_value().startswith("xapp-"):
        raise ValueError("this is the app-level token; the bot's begins with xoxb-")
    return value


def app_token(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith("xapp-"):
        raise ValueError("write the app-level token, which begins with xapp-")
    return value


def zone(value: str) -> str:
    try:
        return parse_zone(value)
    except UserMistake as mistake:
        raise ValueError(str(mistake)) from mistake


def locale(value: str) -> str:
    if not _LOCALE.fullmatch(value):
        raise ValueError("write a language such as en, de or pt-BR")
    return value


def channel_names(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or not all(_CHANNEL.fullmatch(name) for name in value):
        raise ValueError("write one name or more of lower-case letters, digits, - and _")
    return value


def listed(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds; pydantic checks the type next
    return [name.strip() for name in value.split(",")] if isinstance(value, str) else value


def numbers(value: Any) -> Any:  # noqa: ANN401 - as above
    """`0-3, 8` or a list of numbers."""
    if not isinstance(value, str):
        return value
    found: list[int] = []
    for part in filter(None, (piece.strip() for piece in value.split(","))):
        match = _RANGE.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise ValueError("write numbers and ranges such as 0-3,8")
        found += range(first, last + 1)
    return found


def lower(value: Any) -> Any:  # noqa: ANN401 - as above
    return value.lower() if isinstance(value, str) else value
