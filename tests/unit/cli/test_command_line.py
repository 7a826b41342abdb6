"""The command line: data on standard output, the rest on standard error, codes that scripts can trust."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
HEAVY = (
    "aiohttp",
    "alembic",
    "cryptography",
    "discord",
    "jinja2",
    "pydantic",
    "rich",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "watchfiles",
    "yaml",
)


def digestbot(*words: str, home: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DIGESTBOT_")}
    place = {"DIGESTBOT_HOME": str(home)} if home else {}
    return subprocess.run(
        [sys.executable, str(ROOT / "bot.py"), *words],
        env={**clean, **place, **environ},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = digestbot("init", str(tmp_path / "home"))
    assert made.returncode == 0, made.stderr
    return tmp_path / "home"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom digestbot.cli import cli\n"
        "try:\n    cli(['--help'], prog_name='digestbot')\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "preview" in done.stdout


@pytest.mark.parametrize("command", ["run", "check", "preview", "search", "subscriptions", "init", "db", "doctor"])
def test_every_command_has_its_help(command: str) -> None:
    done = digestbot(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: digestbot " + command)


def test_a_mistyped_command_gets_a_hint() -> None:
    done = digestbot("chekc")
    assert done.returncode == 2
    assert "There is no command 'chekc'. Did you mean 'check'?" in done.stderr


def test_what_is_shipped_is_good() -> None:
    done = digestbot("check")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith("stories are good, and so are the templates.\n")


def test_a_new_home_is_good_and_is_not_overwritten(home: Path) -> None:
    done = digestbot("check", home=home)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    (home / "stories" / "first-story.md").write_text("mine")
    again = digestbot("init", str(home))
    assert "is a home already; nothing was changed." in again.stderr
    assert (home / "stories" / "first-story.md").read_text() == "mine"


def test_check_names_file_line_and_column(home: Path) -> None:
    file = home / "stories" / "broken.md"
    file.write_text("---\nheadlin: A story\npublished: 2026-05-04T09:00:00+02:00\n---\n")
    done = digestbot("check", home=home)
    assert done.returncode == 1
    assert any(
        line.startswith(f"{file}:2:1: ") and "Did you mean “headline”?" in line for line in done.stdout.splitlines()
    ), done.stdout


def test_check_names_a_broken_template_too(home: Path) -> None:
    (home / "templates" / "card.md.j2").write_text("# {{ story.headlin }}\n")
    done = digestbot("check", home=home)
    assert done.returncode == 1
    assert f"{home / 'templates' / 'card.md.j2'}:1:" in done.stdout


def test_the_first_event_is_previewed_with_all_that_a_card_has() -> None:
    done = digestbot("preview", "bbma-2020", "--platform", "text")
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("John Legend", "This is for Chrissy", "Post Malone", "Top Rap Album", "Summer Walker", "Bad Bunny"):
        assert words in done.stdout


def test_a_preview_as_json_is_a_list_of_pages() -> None:
    done = digestbot("preview", "example-awards-2026", "--platform", "html", "--json")
    pages = json.loads(done.stdout)
    assert [page["page"] for page in pages] == list(range(1, len(pages) + 1))
    assert len(pages) > 1
    assert all(page["pages"] == len(pages) for page in pages)


def test_a_preview_for_slack_is_what_will_be_sent() -> None:
    done = digestbot("preview", "bbma-2020-winners", "--platform", "slack", "--spoilers", "hide", "--json")
    (body,) = json.loads(done.stdout)
    assert body["blocks"][0]["type"] == "header"
    assert "Post Malone" not in done.stdout
    shown = digestbot("preview", "bbma-2020-winners", "--platform", "slack")
    assert "- Post Malone (9 prizes): " in shown.stdout
    assert "[ All winners ] /news winners bbma-2020" in shown.stdout


def test_an_unknown_id_gets_a_hint() -> None:
    done = digestbot("preview", "bmma-2020")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "There is no story or event ‘bmma-2020’. Did you mean ‘bbma-2020’?\n"


def test_hidden_spoilers_hide_the_headline() -> None:
    done = digestbot("preview", "bbma-2020-never-break", "--spoilers", "hide", "--platform", "html", "--json")
    (page,) = json.loads(done.stdout)
    assert "Legend" not in page["title"]


def test_a_preview_for_discord_is_what_will_be_sent() -> None:
    done = digestbot("preview", "example-awards-2026-gala", "--platform", "discord", "--json")
    first, second = json.loads(done.stdout)
    assert first.keys() == {"flags", "components", "allowed_mentions"}
    assert "news:story example-awards-2026-gala page:2" in json.dumps(first)
    assert "The Umbrella Accountants" in json.dumps(second)


def test_a_preview_for_discord_can_be_read() -> None:
    done = digestbot(
        *("preview", "bbma-2020-never-break", "--platform", "discord", "--layout", "embed", "--spoilers", "hide")
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("2020 Billboard Music Awards\n\n")
    assert "||“This is for Chrissy”||" in done.stdout
    assert "[ All winners ] /news winners bbma-2020" in done.stdout


def test_search_finds_and_says_when_it_does_not() -> None:
    found = digestbot("search", "chrissy", "--json")
    assert json.loads(found.stdout)[0]["id"] == "bbma-2020-never-break"
    none = digestbot("search", "xylophagous")
    assert (none.returncode, none.stdout, none.stderr) == (1, "", "No story holds these words.\n")


def test_search_knows_nothing_before_its_time() -> None:
    assert "embargo" not in digestbot("search", "embargo", "example", "awards", "--json").stdout


def test_the_database_is_made_and_checked(home: Path) -> None:
    before = digestbot("db", "check", home=home)
    assert before.returncode == 1
    assert "There is no database" in before.stderr
    assert digestbot("db", "upgrade", home=home).stdout == "The database is at schema 0004.\n"
    assert digestbot("db", "check", home=home).returncode == 0


def test_the_doctor_says_what_is_there_and_what_is_wrong(home: Path) -> None:
    well = digestbot("doctor", home=home)
    assert well.returncode == 0, well.stdout
    assert "✓ stories: 1 stories in" in well.stdout
    (home / "stories" / "first-story.md").write_text("---\nheadline: [\n")
    ill = digestbot("doctor", home=home)
    assert ill.returncode == 1
    assert "✗ stories: " in ill.stdout


def test_the_doctor_prints_a_new_key_and_nothing_else(home: Path) -> None:
    (home / "stories" / "first-story.md").write_text("---\nheadline: [\n")
    one, two = (digestbot("doctor", "--new-key", home=home, DIGESTBOT_WEB__PORT="x") for _ in range(2))
    assert [(each.returncode, each.stderr) for each in (one, two)] == [(0, "")] * 2
    assert re.fullmatch(r"[\w-]{43}=\n", one.stdout, flags=re.ASCII)
    assert one.stdout != two.stdout


def test_every_broken_setting_is_told_at_once(home: Path) -> None:
    done = digestbot("run", "--for", "1s", home=home, DIGESTBOT_WEB__PORT="x", DIGESTBOT_LOG__LEVEL="LOUD")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 2


def test_a_run_for_a_time_ends_by_itself(home: Path) -> None:
    done = digestbot("run", "--for", "1s", home=home, DIGESTBOT_WEB__PORT="0")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "The sandbox is at http://127.0.0.1:" in done.stderr
    assert "app.stopped" in done.stderr


def test_a_time_that_is_none_is_told() -> None:
    done = digestbot("run", "--for", "soon")
    assert (done.returncode, done.stderr) == (
        1,
        "“soon” is no duration: write it as `30s`, `5m`, `6h` or `2d`.\n",
    )


def test_the_demo_prints_the_first_card_and_the_address(home: Path) -> None:
    (home / "stories" / "first-story.md").unlink()
    (home / "stories").rmdir()
    done = digestbot("run", "--demo", "--for", "2s", home=home, DIGESTBOT_WEB__PORT="0")
    assert done.returncode == 0, done.stderr
    assert "John Legend" in done.stdout
    assert "The sandbox is at http://127.0.0.1:" in done.stdout
