"""Every setting is on its page and in the shipped file, with the default it has."""

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from digestbot.settings import Settings, load_settings
from digestbot.settings.environment import variable
from digestbot.settings.model import KEYS, SECRETS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
FILE = (ROOT / "config" / "digestbot.toml").read_text(encoding="utf-8")
IN_FILE = [key for key in KEYS if key not in SECRETS]


def defaults() -> dict[str, Any]:
    """As they are written, by `section.key`."""
    settings = Settings(home=Path("/home"))
    values = {key: getattr(getattr(settings, key.split(".")[0]), key.split(".")[1]) for key in IN_FILE}
    return {key: value.get_secret_value() if isinstance(value, SecretStr) else value for key, value in values.items()}


def written(value: Any) -> Any:  # noqa: ANN401 - any setting's value
    """As TOML holds it."""
    return list(value) if isinstance(value, tuple) else str(value) if isinstance(value, Path) else value


def test_the_file_without_its_marks_says_exactly_the_defaults() -> None:
    shown = tomllib.loads(re.sub(r"(?m)^#(?=[a-z_]+ = )", "", FILE))
    found = {f"{section}.{key}": value for section, content in shown.items() for key, value in content.items()}
    assert found == {key: written(value) for key, value in defaults().items()}


def test_the_file_names_the_variable_of_every_secret() -> None:
    assert [key for key in sorted(SECRETS) if variable(key) not in FILE] == []


def test_the_page_gives_every_default() -> None:
    rows = dict(re.findall(r"(?m)^\| `([a-z]+\.[a-z_]+)` \| (.+?) \|", PAGE))
    shown = {
        key: "none"
        if value in ("", ())
        else ", ".join(f"`{each}`" for each in value)
        if isinstance(value, tuple)
        else f"`{value}`"
        for key, value in defaults().items()
    }
    assert rows == shown


def test_the_page_names_the_variable_of_every_secret() -> None:
    assert set(re.findall(r"(?m)^\| `(DIGESTBOT_\w+)` \|", PAGE)) == {variable(key) for key in SECRETS} | {
        "DIGESTBOT_DATABASE__URL"
    }


def test_the_shipped_file_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    plain = load_settings(tmp_path, {})
    (tmp_path / "config" / "digestbot.toml").write_text(FILE, encoding="utf-8")
    assert load_settings(tmp_path, {}) == plain
