"""Settings: config/digestbot.toml of the home, and over it the environment; every problem at once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, ValidationError, WebsocketUrl

from digestbot import content
from digestbot.errors import BrokenFiles, Problem

PREFIX = "DIGESTBOT_"
FILE = "_FILE"
CONFIG = Path("config") / "digestbot.toml"
_ELSEWHERE = {
    "DIGESTBOT_HOME",
    "DIGESTBOT_FAILPOINT",
    "DIGESTBOT_REQUIRE_BROWSER",
    "DIGESTBOT_DRILL",
    "DIGESTBOT_DRILL_SEED",
    "DIGESTBOT_TEST_POSTGRES",
}
"""Variables with the prefix that are no settings."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DatabaseSettings(_Section):
    url: str = "sqlite+aiosqlite:///data/digestbot.db"


class StoriesSettings(_Section):
    folder: Path = Path("stories")


class TemplatesSettings(_Section):
    folder: Path | None = Path("templates")


class WebSettings(_Section):
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8080, ge=0, le=65535)


class SandboxSettings(_Section):
    channels: tuple[str, ...] = Field(("news", "awards", "film"), min_length=1)


class DeliverySettings(_Section):
    lease: int = Field(120, ge=5, le=3600)
    concurrency: int = Field(64, ge=1, le=1000)


class LogSettings(_Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: Literal["console", "json"] = "console"


class DiscordSettings(_Section):
    token: SecretStr | None = None
    api_base: HttpUrl = HttpUrl("https://discord.com/api/v10")
    gateway_url: WebsocketUrl = WebsocketUrl("wss://gateway.discord.gg")


class SlackSettings(_Section):
    bot_token: SecretStr | None = None
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    api_base: HttpUrl = HttpUrl("https://slack.com/api/")


class Settings(_Section):
    """Paths are absolute; relative ones in the file are below the home."""

    home: Path
    database: DatabaseSettings = DatabaseSettings()
    stories: StoriesSettings = StoriesSettings()
    templates: TemplatesSettings = TemplatesSettings()
    web: WebSettings = WebSettings()
    sandbox: SandboxSettings = SandboxSettings()
    delivery: DeliverySettings = DeliverySettings()
    log: LogSettings = LogSettings()
    discord: DiscordSettings = DiscordSettings()
    slack: SlackSettings = SlackSettings()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret there is, for masking."""
        parts = (*self.discord.__dict__.values(), *self.slack.__dict__.values())
        return tuple(part.get_secret_value() for part in parts if isinstance(part, SecretStr))


SECTIONS: Mapping[str, type[BaseModel]] = {
    name: field.annotation
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
}


def find_home(home: Path | None, environ: Mapping[str, str], here: Path) -> Path:
    """`--home`, else DIGESTBOT_HOME, else this folder if it is a home, else the user's data folder."""
    if home or environ.get("DIGESTBOT_HOME"):
        return (home or Path(environ["DIGESTBOT_HOME"])).expanduser().absolute()
    if (here / CONFIG).is_file() or (here / "stories").is_dir():
        return here.absolute()
    data = environ.get("XDG_DATA_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".local" / "share"
    return Path(data).absolute() / "digestbot"


def load_settings(home: Path | None, environ: Mapping[str, str], here: Path | None = None) -> Settings:
    """Raises `BrokenFiles` with every problem at once; no message holds a secret."""
    home = find_home(home, environ, here or Path.cwd())
    file = home / CONFIG
    text, values, problems = _read_file(file)
    problems += _secrets_in_file(file, text, values)
    variables, wrong = _read_environment(environ)
    problems += wrong
    merged = {name: dict(section) if isinstance(section, dict) else section for name, section in values.items()}
    for (section, key), (_, value) in variables.items():
        there = merged.setdefault(section, {})
        if isinstance(there, dict):
            there[key] = value
    try:
        settings = Settings(home=home, **{key: value for key, value in merged.items() if key != "home"})
    except ValidationError as fault:
        problems += [_problem(error, file, text, variables) for error in fault.errors(include_url=False)]
    if problems:
        raise BrokenFiles(sorted(set(problems)))
    return _placed(settings)


def _placed(settings: Settings) -> Settings:
    home = settings.home
    stories = home / settings.stories.folder
    if settings.stories == StoriesSettings() and not stories.is_dir():
        stories = content.stories()
    templates = home / settings.templates.folder if settings.templates.folder else None
    if templates and (not templates.is_dir() or templates.samefile(content.templates())):
        templates = None
    url = re.sub(
        r"^(sqlite\+aiosqlite:///)(?!/|:memory:)(.+)$", lambda m: f"{m[1]}{home / m[2]}", settings.database.url
    )
    return settings.model_copy(
        update={
            "stories": StoriesSettings(folder=stories),
            "templates": TemplatesSettings(folder=templates),
            "database": DatabaseSettings(url=url),
        }
    )


def _read_file(file: Path) -> tuple[str, dict[str, Any], list[Problem]]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return "", {}, []
    except (OSError, UnicodeDecodeError) as fault:
        return "", {}, [Problem(str(file), 0, 0, f"The file cannot be read as UTF-8 text: {fault}.")]
    try:
        return text, tomllib.loads(text), []
    except tomllib.TOMLDecodeError as fault:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(fault))
        line, column = (int(place[1]), int(place[2])) if place else (text.count("\n") + 1, 0)
        message = re.sub(r" \(at .*\)$", "", str(fault))
        return text, {}, [Problem(str(file), line, column, f"This is not TOML: {message}.")]


def _secrets_in_file(file: Path, text: str, values: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for section, key in _secret_keys():
        there = values.get(section)
        if isinstance(there, dict) and key in there:
            name = _variable(section, key)
            message = f"A secret does not belong in this file: set {name}, or {name}{FILE} to a file that holds it."
            problems.append(Problem(str(file), *_place(text, section, key), message))
            del there[key]
    return problems


def _read_environment(
    environ: Mapping[str, str],
) -> tuple[dict[tuple[str, str], tuple[str, Any]], list[Problem]]:
    """(section, key) → (variable, value), and what is wrong with variables of our prefix."""
    found: dict[tuple[str, str], tuple[str, Any]] = {}
    problems: list[Problem] = []
    known = {_variable(section, key): (section, key) for section, key in _keys()}
    files = {_variable(section, key) + FILE: (section, key) for section, key in _secret_keys()}
    for name, value in sorted(environ.items()):
        if name in known:
            section, key = known[name]
            found[known[name]] = (name, _listed(section, key, value))
        elif name in files:
            try:
                found[files[name]] = (name, Path(value).read_text(encoding="utf-8").strip())
            except (OSError, UnicodeDecodeError) as fault:
                reason = getattr(fault, "strerror", None) or "not UTF-8 text"
                problems.append(Problem("environment", 0, 0, f"{name}: {value} cannot be read ({reason})."))
        elif name.startswith(PREFIX) and name not in _ELSEWHERE:
            near = get_close_matches(name, [*known, *files, *_ELSEWHERE], n=1, cutoff=0.7)
            hint = f"Did you mean {near[0]}?" if near else "docs/settings.md lists them all."
            problems.append(Problem("environment", 0, 0, f"{name} is no setting. {hint}"))
    return found, problems


def _listed(section: str, key: str, value: str) -> Any:  # noqa: ANN401 - text, or texts
    """A variable for a list holds it with commas."""
    if section == "sandbox" and key == "channels":
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _problem(
    error: Any,  # noqa: ANN401 - pydantic's error details
    file: Path,
    text: str,
    variables: Mapping[tuple[str, str], tuple[str, Any]],
) -> Problem:
    section, key = (*map(str, error["loc"]), "")[:2]
    if (section, key) in variables:
        return Problem("environment", 0, 0, f"{variables[section, key][0]}: {_advice(error)}.")
    name = f"[{section}] {key}".strip()
    return Problem(str(file), *_place(text, section, key), f"{name}: {_advice(error, section)}.")


def _advice(error: Any, section: str = "") -> str:  # noqa: ANN401 - as above
    if error["type"] == "extra_forbidden":
        path = error["loc"]
        names = (
            list(SECTIONS) if len(path) == 1 else list(SECTIONS[section].model_fields) if section in SECTIONS else []
        )
        near = get_close_matches(str(path[-1]), names, n=1)
        return f"There is no such setting; did you mean ‘{near[0]}’" if near else "There is no such setting"
    message = str(error["msg"])
    return message[0].upper() + message[1:]


def _place(text: str, section: str, key: str) -> tuple[int, int]:
    """Line and column of a key (or of its section) in the file, 0 if it is written in another way."""
    current = ""
    header = (0, 0)
    for number, line in enumerate(text.splitlines(), start=1):
        if match := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            current = match[1]
            if current == section:
                header = (number, 1)
        elif match := re.match(r"(\s*)([\w.-]+)\s*=", line):
            dotted = f"{current}.{match[2]}".strip(".")
            if dotted in {f"{section}.{key}", section}:
                return number, len(match[1]) + 1
    return header


def _keys() -> Iterator[tuple[str, str]]:
    for section, model in SECTIONS.items():
        for key in model.model_fields:
            yield section, key


def _secret_keys() -> Iterator[tuple[str, str]]:
    for section, key in _keys():
        if SecretStr in getattr(SECTIONS[section].model_fields[key].annotation, "__args__", ()):
            yield section, key


def _variable(section: str, key: str) -> str:
    return f"{PREFIX}{section}__{key}".upper()
