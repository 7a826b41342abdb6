"""`digestbot subscriptions`: the same sheets from the command line."""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from digestbot.cli.subscriptions import subscriptions
from digestbot.errors import BrokenFiles, StartupError
from digestbot.storage.database import Database
from tests.unit.cli.test_command_line import digestbot

SHEET = "subscriptions: [{channel: news, what: all}, {channel: film, what: 'topic:film', when: daily 9:00}]\n"
MADE = "new in news: all, instant\nnew in film: topic:film, daily 09:00\nunchanged: 0\n"

Typed = Callable[..., Result]


def url_of(home: Path) -> str:
    return f"sqlite+aiosqlite:///{home / 'data' / 'digestbot.db'}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    async def make() -> None:
        async with Database(url_of(tmp_path), upgrade=True):
            pass

    asyncio.run(make())
    (tmp_path / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    return tmp_path


@pytest.fixture
def typed(home: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Run in this process; the tenant is the sandbox's unless words say another."""
    monkeypatch.setenv("DIGESTBOT_DATABASE__URL", url_of(home))

    def run(*words: str, text: str | None = None, platform: str = "sandbox", tenant: str = "sandbox") -> Result:
        where = ["--platform", platform, "--tenant", tenant, "--home", str(home)]
        return CliRunner().invoke(subscriptions, [*words, *where], input=text)

    return run


def test_diff_prints_the_difference_and_ends_with_1_until_it_is_imported(home: Path, typed: Typed) -> None:
    sheet = str(home / "sheet.yaml")
    compared = typed("diff", sheet)
    assert (compared.exit_code, compared.stdout, compared.stderr) == (1, MADE, "")
    imported = typed("import", sheet)
    assert (imported.exit_code, imported.stdout, imported.stderr) == (0, MADE, "")
    again = typed("diff", sheet)
    assert (again.exit_code, again.stdout) == (0, "unchanged: 2\n")


def test_what_is_exported_can_be_read_from_standard_input(home: Path, typed: Typed) -> None:
    typed("import", str(home / "sheet.yaml"))
    exported = typed("export")
    assert (exported.exit_code, exported.stderr) == (0, "")
    assert "    channel: film\n    what: topic:film\n    when: daily 09:00\n" in exported.stdout
    compared = typed("diff", "-", text=exported.stdout)
    assert (compared.exit_code, compared.stdout) == (0, "unchanged: 2\n")
    typed("export", str(home / "out.yaml"))
    assert (home / "out.yaml").read_text(encoding="utf-8") == exported.stdout


def test_prune_ends_what_the_file_does_not_name(home: Path, typed: Typed) -> None:
    typed("import", str(home / "sheet.yaml"))
    kept = typed("import", text="subscriptions: [{channel: news, what: all}]")
    assert kept.stdout.endswith("in film: topic:film, daily 09:00: not in the file\nunchanged: 1\n")
    ended = typed("import", "--prune", text="subscriptions: [{channel: news, what: all}]")
    assert ended.stdout.startswith("ended ")
    assert "topic:film" not in typed("export").stdout


def test_another_tenant_has_nothing_of_it(home: Path, typed: Typed) -> None:
    typed("import", str(home / "sheet.yaml"))
    exported = typed("export", platform="discord", tenant="1024")
    assert exported.stdout.endswith("\nsubscriptions: []\n")
    assert exported.stderr == "Nothing is subscribed in 1024 on discord.\n"


def test_without_a_connection_channels_are_taken_by_their_ids(typed: Typed) -> None:
    text = 'subscriptions: [{channel: "1029384756", what: all}]'
    imported = typed("import", text=text, platform="discord", tenant="1024")
    assert imported.stdout == "new in 1029384756: all, instant\nunchanged: 0\n"
    named = typed("import", text="subscriptions: [{channel: news, what: all}]", platform="discord", tenant="1024")
    assert str(named.exception) == (
        "<standard input>:1:27: There is no channel ‘news’ here. Give the id of one that the bot can see."
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xff", "<standard input>:0:0: The file is not UTF-8: save it as UTF-8."),
        (b"#" * 70_000, "<standard input>:0:0: The file is larger than 64 KiB: make it shorter."),
        (b"more: 1", "<standard input>:1:1: There is no key “more” here. The keys are settings, subscriptions."),
    ],
)
@pytest.mark.usefixtures("typed")
def test_a_file_that_is_no_sheet_is_refused(data: bytes, sentence: str) -> None:
    refused = CliRunner().invoke(subscriptions, ["diff", "--platform", "sandbox", "--tenant", "sandbox"], input=data)
    assert isinstance(refused.exception, BrokenFiles)
    assert (str(refused.exception), refused.stdout) == (sentence, "")


def test_a_file_that_is_not_there_is_named(home: Path, typed: Typed) -> None:
    missing = str(home / "missing.yaml")
    refused = typed("diff", missing)
    assert str(refused.exception) == f"{missing} cannot be read: No such file or directory."


def test_import_refuses_while_a_bot_holds_the_database_and_the_others_do_not(home: Path, typed: Typed) -> None:
    bot = Database(url_of(home), exclusive=True)
    asyncio.run(bot.__aenter__())
    try:
        refused = typed("import", str(home / "sheet.yaml"))
        compared = typed("diff", str(home / "sheet.yaml"))
    finally:
        asyncio.run(bot.close())
    assert isinstance(refused.exception, StartupError)
    assert (str(refused.exception), refused.stdout) == (
        "A bot works on this home's database: stop it and import then, or use `/news import` in the chat.",
        "",
    )
    assert (compared.exit_code, compared.stdout) == (1, MADE)


def test_a_home_without_a_database_says_how_to_get_one(tmp_path: Path) -> None:
    done: subprocess.CompletedProcess[str] = digestbot(
        "subscriptions", "export", "--platform", "sandbox", "--tenant", "sandbox", home=tmp_path
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"There is no database at {tmp_path / 'data' / 'digestbot.db'} yet:"
        " `digestbot run` or `digestbot db upgrade` makes it.\n"
    )
    assert not (tmp_path / "data").exists()
