"""Settings: file and environment, and every mistake in them said at once."""

from pathlib import Path

import pytest

from digestbot.errors import BrokenFiles
from digestbot.settings import find_home, load_settings

CANARY = "canary-token-8f31"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path


def write(home: Path, text: str) -> Path:
    file = home / "config" / "digestbot.toml"
    file.write_text(text, encoding="utf-8")
    return file


def problems(home: Path, **environ: str) -> list[str]:
    with pytest.raises(BrokenFiles) as broken:
        load_settings(home, environ)
    return [str(problem) for problem in broken.value.problems]


def test_without_a_file_the_defaults_hold(home: Path) -> None:
    settings = load_settings(home, {})
    assert settings.web.port == 8080
    assert settings.database.url == f"sqlite+aiosqlite:///{home}/data/digestbot.db"
    assert settings.stories.folder.name == "stories"
    assert settings.templates.folder is None


def test_the_environment_wins_over_the_file(home: Path) -> None:
    write(home, '[web]\nport = 9000\nhost = "0.0.0.0"\n')
    settings = load_settings(home, {"DIGESTBOT_WEB__PORT": "9001"})
    assert (settings.web.port, settings.web.host) == (9001, "0.0.0.0")  # noqa: S104 - compared, not bound


def test_folders_of_the_home_are_used_when_they_are_there(home: Path) -> None:
    (home / "stories").mkdir()
    (home / "templates").mkdir()
    settings = load_settings(home, {})
    assert settings.stories.folder == home / "stories"
    assert settings.templates.folder == home / "templates"


def test_another_store_is_taken_as_it_is_written(home: Path) -> None:
    url = "sqlite+aiosqlite:////var/lib/digestbot.db"
    assert load_settings(home, {"DIGESTBOT_DATABASE__URL": url}).database.url == url


def test_lists_are_written_with_commas_in_a_variable(home: Path) -> None:
    settings = load_settings(home, {"DIGESTBOT_SANDBOX__CHANNELS": "one, two"})
    assert settings.sandbox.channels == ("one", "two")


def test_every_mistake_is_told_at_once_with_its_place(home: Path) -> None:
    file = write(home, "[web]\nport = 99999\nprot = 1\n\n[wbe]\nport = 1\n[delivery]\nlease = 'soon'\n")
    assert problems(home, DIGESTBOT_LOG__LEVEL="LOUD", DIGESTBOT_WEB__PROT="1") == [
        f"{file}:2:1: [web] port: Input should be less than or equal to 65535.",
        f"{file}:3:1: [web] prot: There is no such setting; did you mean ‘port’.",
        f"{file}:5:1: [wbe]: There is no such setting; did you mean ‘web’.",
        f"{file}:8:1: [delivery] lease: Input should be a valid integer, unable to parse string as an integer.",
        "environment:0:0: DIGESTBOT_LOG__LEVEL: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'.",
        "environment:0:0: DIGESTBOT_WEB__PROT is no setting. Did you mean DIGESTBOT_WEB__PORT?",
    ]


def test_what_is_not_toml_is_told_with_line_and_column(home: Path) -> None:
    file = write(home, "[web]\nport = \n")
    assert problems(home) == [f"{file}:2:8: This is not TOML: Invalid value."]


def test_a_file_that_is_not_text_is_told(home: Path) -> None:
    (home / "config" / "digestbot.toml").write_bytes(b"\xff\xfe")
    (problem,) = problems(home)
    assert "cannot be read as UTF-8 text" in problem


def test_a_secret_in_the_file_is_an_error_that_does_not_repeat_it(home: Path) -> None:
    file = write(home, f'[discord]\ntoken = "{CANARY}"\n')
    (problem,) = problems(home)
    assert problem.startswith(f"{file}:2:1: A secret does not belong in this file: set DIGESTBOT_DISCORD__TOKEN")
    assert CANARY not in problem


def test_a_secret_may_come_from_a_file(home: Path) -> None:
    secret = home / "token"
    secret.write_text(f"{CANARY}\n", encoding="utf-8")
    settings = load_settings(home, {"DIGESTBOT_DISCORD__TOKEN_FILE": str(secret)})
    assert settings.secrets == (CANARY,)
    assert CANARY not in repr(settings)


def test_a_secrets_file_that_is_missing_is_told(home: Path) -> None:
    missing = home / "nowhere"
    assert problems(home, DIGESTBOT_SLACK__BOT_TOKEN_FILE=str(missing)) == [
        f"environment:0:0: DIGESTBOT_SLACK__BOT_TOKEN_FILE: {missing} cannot be read (No such file or directory)."
    ]


def test_no_message_holds_a_secret(home: Path) -> None:
    write(home, "[web]\nport = 'x'\n")
    told = problems(home, DIGESTBOT_DISCORD__TOKEN=CANARY, DIGESTBOT_DISCORD__API_BASE=f"ftp://{CANARY}")
    assert CANARY not in "".join(told)


def test_the_home_is_found_in_order(tmp_path: Path) -> None:
    here = tmp_path / "here"
    (here / "stories").mkdir(parents=True)
    environ = {"DIGESTBOT_HOME": str(tmp_path / "named"), "HOME": str(tmp_path)}
    assert find_home(tmp_path / "given", environ, here) == tmp_path / "given"
    assert find_home(None, environ, here) == tmp_path / "named"
    assert find_home(None, {"HOME": str(tmp_path)}, here) == here
    assert find_home(None, {"HOME": str(tmp_path)}, tmp_path) == tmp_path / ".local" / "share" / "digestbot"
    assert find_home(None, {"XDG_DATA_HOME": str(tmp_path / "x")}, tmp_path) == tmp_path / "x" / "digestbot"
