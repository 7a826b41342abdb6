"""Every setting with its type and default; the tests prove that each is documented."""

from pathlib import Path
from typing import Annotated, Literal

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

from digestbot.settings import values

Folder = Annotated[Path, AfterValidator(values.folder)]
Lower = BeforeValidator(values.lower)


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True)


class DatabaseSettings(Section):
    """The address is a secret since it may hold a password; without one it may stand in the file."""

    url: Annotated[SecretStr, AfterValidator(values.database)] = SecretStr(f"{values.SQLITE}data/digestbot.db")


class DiscordSettings(Section):
    """`guild` 0 is none, `shard_count` 0 asks Discord, no `shard_ids` are all of them."""

    token: SecretStr | None = None
    api_base: Annotated[str, values.address("https", "http", example="https://discord.com/api/v10")] = (
        "https://discord.com/api/v10"
    )
    gateway_url: Annotated[str, values.address("wss", "ws", example="wss://gateway.discord.gg/")] = (
        "wss://gateway.discord.gg/"
    )
    guild: int = Field(0, ge=0)
    shard_count: int = Field(0, ge=0, le=10_000)
    shard_ids: Annotated[tuple[int, ...], BeforeValidator(values.numbers)] = ()
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
    """`slack_mode` says which of these belong together; `admin_group` "" is none."""

    bot_token: Annotated[SecretStr, AfterValidator(values.bot_token)] | None = None
    app_token: Annotated[SecretStr, AfterValidator(values.app_token)] | None = None
    signing_secret: Annotated[SecretStr, Field(min_length=1)] | None = None
    client_id: str = ""
    client_secret: SecretStr | None = None
    encryption_keys: Annotated[SecretStr, AfterValidator(values.encryption_keys)] | None = None
    admin_group: Annotated[str, AfterValidator(values.group)] = ""
    api_base: Annotated[str, values.address("https", "http", example="https://slack.com/api/")] = (
        "https://slack.com/api/"
    )
    authorize_url: Annotated[str, values.address("https", "http", example="https://slack.com/oauth/v2/authorize")] = (
        "https://slack.com/oauth/v2/authorize"
    )

    @property
    def mode(self) -> Literal["off", "socket", "http", "oauth"]:
        """By what is present: Socket Mode or HTTP for one workspace, OAuth over HTTP for many."""
        if self.bot_token:
            return "socket" if self.app_token else "http" if self.signing_secret else "off"
        oauth = self.client_id and self.client_secret and self.signing_secret and self.encryption_keys
        return "oauth" if oauth else "off"

    @property
    def keys(self) -> tuple[str, ...]:
        """The encryption keys, one by one: the first encrypts, all decrypt."""
        return values.split_keys(self.encryption_keys.get_secret_value()) if self.encryption_keys else ()


class WebSettings(Section):
    """`public_url` has no slash at its end, and "" is none."""

    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8080, ge=0, le=65535)
    public_url: Annotated[str, AfterValidator(values.public_url)] = ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Names that the server goes by, beside the one that it listens on."""
        parts = values.split(self.public_url)
        return (parts.hostname,) if parts and parts.hostname else ()


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

    zone: Annotated[str, AfterValidator(values.zone)] = "UTC"
    locale: Annotated[str, AfterValidator(values.locale)] = "en"


class PrivacySettings(Section):
    """Days from a removal to the deletion of what is stored; and for which the ledger keeps what is over."""

    grace_days: int = Field(30, ge=0, le=365)
    keep_days: int = Field(400, ge=31, le=36_500)


class LogSettings(Section):
    level: Annotated[Literal["debug", "info", "warning", "error"], Lower] = "info"
    format: Annotated[Literal["console", "json"], Lower] = "console"


class SandboxSettings(Section):
    channels: Annotated[tuple[str, ...], BeforeValidator(values.listed), AfterValidator(values.channel_names)] = (
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
        path = address.removeprefix(values.SQLITE)
        return address if path in (address, ":memory:") else f"{values.SQLITE}{self.home / path}"

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
        password = values.password_of(self.database.url.get_secret_value())
        known = [*(secret.get_secret_value() for secret in given if secret), password, *self.slack.keys]
        return tuple(dict.fromkeys(filter(None, known)))


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
