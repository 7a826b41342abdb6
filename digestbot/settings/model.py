"""Every setting with its type and default; the tests prove that each is documented."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)

from digestbot.domain.schedule import parse_zone
from digestbot.errors import UserMistake

_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_LOCALE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]+)*")
_RANGE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")
_SQLITE = "sqlite+aiosqlite:///"
_POSTGRES = "postgresql+asyncpg://"


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:  # a bracket that opens no IPv6 address
        return None


def password_of(address: str) -> str | None:
    """What of a database's address is a secret."""
    parts = _split(address)
    if parts is None:
        return address if "@" in address else None
    return parts.password or next(iter(parse_qs(parts.query).get("password", [])), None)


def _address(*schemes: str, example: str) -> AfterValidator:
    def check(value: str) -> str:
        parts = _split(value)
        if parts is None or parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"write an address such as {example}")
        return value

    return AfterValidator(check)


def _database(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    parts = _split(address)
    on_sqlite = len(address) > len(_SQLITE) and address.startswith(_SQLITE)
    if not on_sqlite and not (address.startswith(_POSTGRES) and parts and parts.path.strip("/")):
        raise ValueError(f"write {_SQLITE}data/digestbot.db or {_POSTGRES}user:password@host/database")
    return value


def _folder(value: Path, info: ValidationInfo) -> Path:
    """`home` in the validation context is what a relative folder starts from."""
    home: Path = (info.context or {}).get("home", Path())
    folder = home / value.expanduser()
    if not folder.is_dir():
        raise ValueError("there is no such folder: make it, or name another")
    return folder


def _not_of_the_app(value: SecretStr) -> SecretStr:
    if value.get_secret_value().startswith("xapp-"):
        raise ValueError("this is the app-level token; the bot's begins with xoxb-")
    return value


def _of_the_app(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith("xapp-"):
        raise ValueError("write the app-level token, which begins with xapp-")
    return value


def _zone(value: str) -> str:
    try:
        return parse_zone(value)
    except UserMistake as mistake:
        raise ValueError(str(mistake)) from mistake


def _locale(value: str) -> str:
    if not _LOCALE.fullmatch(value):
        raise ValueError("write a language such as en, de or pt-BR")
    return value


def _channels(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or not all(_CHANNEL.fullmatch(name) for name in value):
        raise ValueError("write one name or more of lower-case letters, digits, - and _")
    return value


def _listed(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds; pydantic checks the type next
    return [name.strip() for name in value.split(",")] if isinstance(value, str) else value


def _numbers(value: Any) -> Any:  # noqa: ANN401 - as above
    """`0-3, 8` or a list of numbers."""
    if not isinstance(value, str):
        return value
    found: list[int] = []
    for part in filter(None, (piece.strip() for piece in value.split(","))):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ValueError("write numbers and ranges such as 0-3,8")
        found += range(int(match[1]), int(match[2] or match[1]) + 1)
    return found


def _lower(value: Any) -> Any:  # noqa: ANN401 - as above
    return value.lower() if isinstance(value, str) else value


Folder = Annotated[Path, AfterValidator(_folder)]
Lower = BeforeValidator(_lower)


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True)


class DatabaseSettings(Section):
    """The address is a secret since it may hold a password; without one it may stand in the file."""

    url: Annotated[SecretStr, AfterValidator(_database)] = SecretStr(f"{_SQLITE}data/digestbot.db")


class DiscordSettings(Section):
    """`guild` 0 is none, `shard_count` 0 asks Discord, no `shard_ids` are all of them."""

    token: SecretStr | None = None
    api_base: Annotated[str, _address("https", "http", example="https://discord.com/api/v10")] = (
        "https://discord.com/api/v10"
    )
    gateway_url: Annotated[str, _address("wss", "ws", example="wss://gateway.discord.gg/")] = (
        "wss://gateway.discord.gg/"
    )
    guild: int = Field(0, ge=0)
    shard_count: int = Field(0, ge=0, le=10_000)
    shard_ids: Annotated[tuple[int, ...], BeforeValidator(_numbers)] = ()
    requests_per_second: int = Field(50, ge=1, le=10_000)

    @field_validator("shard_ids")
    @classmethod
    def _of_the_count(cls, value: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        count = info.data.get("shard_count", 0)
        if value and not count:
            raise ValueError("write discord.shard_count too: all processes need the same")
        if not all(0 <= shard < count for shard in value):
            raise ValueError(f"write numbers from 0 to {count - 1}")
        return value


class SlackSettings(Section):
    bot_token: Annotated[SecretStr, AfterValidator(_not_of_the_app)] | None = None
    app_token: Annotated[SecretStr, AfterValidator(_of_the_app)] | None = None
    signing_secret: SecretStr | None = None
    client_id: str = ""
    client_secret: SecretStr | None = None
    api_base: Annotated[str, _address("https", "http", example="https://slack.com/api/")] = "https://slack.com/api/"


class WebSettings(Section):
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8080, ge=0, le=65535)


class StoriesSettings(Section):
    folder: Folder = Path("stories")


class TemplatesSettings(Section):
    folder: Folder = Path("templates")


class DeliverySettings(Section):
    """`lease_seconds` must outlast the slowest send; `concurrency` counts deliveries in hand at a time."""

    lease_seconds: int = Field(120, ge=90, le=3600)
    concurrency: int = Field(64, ge=1, le=1024)
    attempts: int = Field(30, ge=1, le=1000)
    longest_wait_hours: int = Field(24, ge=1, le=168)


class DefaultsSettings(Section):
    """What new subscriptions of a server or workspace start with until its admin says otherwise."""

    zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    locale: Annotated[str, AfterValidator(_locale)] = "en"


class PrivacySettings(Section):
    """Days from a removal to the deletion of what is stored."""

    grace_days: int = Field(30, ge=0, le=365)


class LogSettings(Section):
    level: Annotated[Literal["debug", "info", "warning", "error"], Lower] = "info"
    format: Annotated[Literal["console", "json"], Lower] = "console"


class SandboxSettings(Section):
    channels: Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_channels)] = (
        "news",
        "awards",
        "film",
    )


class Settings(Section):
    """`home` is absolute; what is relative in a section is resolved by the properties."""

    home: Path
    database: DatabaseSettings = DatabaseSettings()
    discord: DiscordSettings = DiscordSettings()
    slack: SlackSettings = SlackSettings()
    web: WebSettings = WebSettings()
    stories: StoriesSettings = StoriesSettings()
    templates: TemplatesSettings = TemplatesSettings()
    delivery: DeliverySettings = DeliverySettings()
    defaults: DefaultsSettings = DefaultsSettings()
    privacy: PrivacySettings = PrivacySettings()
    log: LogSettings = LogSettings()
    sandbox: SandboxSettings = SandboxSettings()

    @property
    def data(self) -> Path:
        """Where everything that digestbot itself writes lives."""
        return self.home / "data"

    @property
    def database_url(self) -> str:
        """With the password and with the path of an SQLite file made absolute: not for logs."""
        address = self.database.url.get_secret_value()
        path = address.removeprefix(_SQLITE)
        return address if path in (address, ":memory:") else f"{_SQLITE}{self.home / path}"

    @property
    def stories_folder(self) -> Path | None:
        """None stands for the stories that ship with digestbot; so with the templates."""
        return self._existing(self.stories.folder)

    @property
    def templates_folder(self) -> Path | None:
        return self._existing(self.templates.folder)

    def _existing(self, folder: Path) -> Path | None:
        there = self.home / folder
        return there if there.is_dir() else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that no log and no message may show."""
        given = [getattr(getattr(self, section), key) for section, key in (name.split(".") for name in SECRETS)]
        password = password_of(self.database.url.get_secret_value())
        return tuple(filter(None, [*(secret.get_secret_value() for secret in given if secret), password]))


def _keys() -> dict[str, bool]:
    """`section.key` of every setting, in order, and whether it is a secret."""
    return {
        f"{section}.{key}": "SecretStr" in str(field.annotation)
        for section, whole in Settings.model_fields.items()
        if isinstance(whole.annotation, type) and issubclass(whole.annotation, Section)
        for key, field in whole.annotation.model_fields.items()
    }


KEYS: tuple[str, ...] = tuple(_keys())
SECRET_KEYS: frozenset[str] = frozenset(name for name, secret in _keys().items() if secret)
SECRETS = SECRET_KEYS - {"database.url"}
