"""Values: what may be written for a setting, and what is said of anything else."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import AfterValidator, SecretStr, ValidationInfo

from digestbot.domain.schedule import parse_zone
from digestbot.errors import UserMistake

_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LOCALE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]+)*")
_GROUP = re.compile(r"[^\s@<>#!,]{1,80}")
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_LOOPBACK = re.compile(r"localhost|127(\.\d+){3}|::1")
_KEY = re.compile(r"[A-Za-z0-9_/+-]{43}=")
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


def split_keys(text: str) -> tuple[str, ...]:
    """With commas between, or as a file has them, one a line."""
    return tuple(filter(None, re.split(r"[\s,]+", text)))


def encryption_keys(value: SecretStr) -> SecretStr:
    keys = split_keys(value.get_secret_value())
    wrong = [str(number) for number, key in enumerate(keys, 1) if not _KEY.fullmatch(key)]
    if wrong or not keys:
        what = f"key number {' and '.join(wrong)} cannot be used" if wrong else "there is no key in it"
        raise ValueError(f"{what}: write what `digestbot doctor --new-key` prints, several with commas between")
    return value


def group(value: str) -> str:
    """A handle has no capitals at Slack."""
    handle = value.removeprefix("@").lower()
    if value and not _GROUP.fullmatch(handle):
        raise ValueError("write the handle of a user group, such as news-admins")
    return handle


def public_url(value: str) -> str:
    if not value:
        return value
    parts = split(value)
    if parts is None or parts.scheme not in ("https", "http") or not _is_plain(parts):
        raise ValueError("write an address such as https://news.example.org")
    if parts.scheme == "http" and not _LOOPBACK.fullmatch(parts.hostname or ""):
        raise ValueError("write https: what Slack and browsers send there must not be read on the way")
    return value.rstrip("/")


def _is_plain(parts: SplitResult) -> bool:
    """A host, perhaps a port and a path, and nothing else."""
    try:
        port = parts.port
    except ValueError:  # no number, or one over 65535
        return False
    more = parts.query or parts.fragment or "@" in parts.netloc or port == 0
    return not more and _HOST.fullmatch(parts.hostname or "") is not None


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
        raise ValueError("write one name or more of lower-case letters, digits, - and _, 64 at most each")
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
