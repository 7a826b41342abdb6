"""Every setting is on its page and in the shipped file, with the default it has."""

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from digestbot.settings import SECTIONS, load_settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
FILE = (ROOT / "config" / "digestbot.toml").read_text(encoding="utf-8")


def keys() -> list[tuple[str, str, Any]]:
    return [(section, key, field) for section, model in SECTIONS.items() for key, field in model.model_fields.items()]


def secret(field: Any) -> bool:  # noqa: ANN401 - pydantic's field
    return SecretStr in getattr(field.annotation, "__args__", ())


def test_every_setting_is_documented() -> None:
    missing = []
    for section, key, field in keys():
        variable = f"DIGESTBOT_{section}__{key}".upper()
        named = f"`{variable}`" in PAGE and (secret(field) or f"`[{section}] {key}`" in PAGE)
        missing += [] if named else [variable]
    assert missing == []


def test_the_shipped_file_shows_every_default() -> None:
    """With its comments taken off the file says exactly what is so without it."""
    shown = tomllib.loads(re.sub(r"(?m)^# (?=[a-z_]+ = )", "", FILE))
    for section, key, field in keys():
        if secret(field):
            assert key not in shown[section]
        elif field.default is not None:
            value = shown[section][key]
            found = tuple(value) if isinstance(value, list) else value
            assert str(found).rstrip("/") == str(field.default).rstrip("/"), f"[{section}] {key}"


def test_the_shipped_file_changes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "config").mkdir(parents=True)
    plain = load_settings(home, {})
    (home / "config" / "digestbot.toml").write_text(FILE, encoding="utf-8")
    assert load_settings(home, {}) == plain
