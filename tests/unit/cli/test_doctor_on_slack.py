"""`digestbot doctor` on Slack: the manifest to paste, and what it finds with real settings."""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digestbot.platforms.slack.manifest import manifest
from digestbot.platforms.slack.scopes import SCOPES
from digestbot.ports import Installation
from digestbot.storage.cipher import new_key
from digestbot.storage.database import Database
from digestbot.storage.installations import SqlInstallations
from tests.servers.slack.server import Slack

ROOT = Path(__file__).resolve().parents[3]
URL = "https://news.example.org"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "stories").mkdir()
    return tmp_path


async def doctor(home: Path, *words: str, **environ: str) -> tuple[int | None, str, str]:
    """Code, standard output and standard error, while a server in this process answers."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DIGESTBOT_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "bot.py"), "doctor", "--home", str(home), *words),
        env={**clean, **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_the_manifest_is_for_a_socket_unless_there_is_a_public_address(home: Path) -> None:
    code, out, err = await doctor(home, "--slack-manifest")
    assert (code, err) == (0, "")
    assert json.loads(out) == manifest()
    code, out, err = await doctor(home, "--slack-manifest", DIGESTBOT_WEB__PUBLIC_URL=URL)
    assert (code, err) == (0, "")
    assert json.loads(out) == manifest(public_url=URL)


async def test_with_an_app_token_the_manifest_stays_one_for_a_socket(home: Path) -> None:
    ours = {"DIGESTBOT_SLACK__BOT_TOKEN": "xoxb-1", "DIGESTBOT_SLACK__APP_TOKEN": "xapp-1"}
    _, out, _ = await doctor(home, "--slack-manifest", DIGESTBOT_WEB__PUBLIC_URL=URL, **ours)
    assert json.loads(out) == manifest()


async def test_no_manifest_names_an_address_that_slack_cannot_reach(home: Path) -> None:
    assert await doctor(home, "--slack-manifest", DIGESTBOT_WEB__PUBLIC_URL="http://127.0.0.1:8080") == (
        1,
        "",
        "Slack comes to https addresses alone: set web.public_url to another than http://127.0.0.1:8080.\n",
    )


async def test_without_tokens_the_doctor_says_where_to_read_on(home: Path) -> None:
    code, out, _ = await doctor(home)
    assert code == 0
    assert "· slack: no tokens are set: docs/slack.md says how to get them\n" in out


async def test_the_doctor_asks_slack_about_the_tokens(home: Path) -> None:
    async with Slack() as slack:
        team = slack.workspace("Team")
        team.scopes = set(SCOPES)
        ours = {"DIGESTBOT_SLACK__API_BASE": slack.api, "DIGESTBOT_SLACK__APP_TOKEN": slack.app_token}
        code, out, err = await doctor(home, DIGESTBOT_SLACK__BOT_TOKEN=team.bot_token, **ours)
        assert (code, err) == (0, "")
        assert "✓ slack bot token: it is digestbot's in Team\n" in out
        code, out, err = await doctor(home, DIGESTBOT_SLACK__BOT_TOKEN="xoxb-other-canary", **ours)
        assert (code, err) == (1, "")
        assert "✗ slack bot token: Slack refuses it (invalid_auth): install the app in the workspace" in out
        assert "canary" not in out


async def test_the_doctor_looks_at_what_is_installed_and_names_what_no_key_opens(home: Path) -> None:
    key, lost = new_key(), new_key()
    (home / "data").mkdir()
    async with Slack() as slack:
        team = slack.workspace("Team")
        team.scopes = set(SCOPES)
        async with Database(f"sqlite+aiosqlite:///{home / 'data' / 'digestbot.db'}") as database:
            await database.upgrade()
            await SqlInstallations(database, [key]).save(installed("T1", team.bot_token))
            await SqlInstallations(database, [lost]).save(installed("T2", "xoxb-2"))
        code, out, _ = await doctor(
            home,
            DIGESTBOT_SLACK__API_BASE=slack.api,
            DIGESTBOT_SLACK__CLIENT_ID=slack.client_id,
            DIGESTBOT_SLACK__CLIENT_SECRET=slack.client_secret,
            DIGESTBOT_SLACK__SIGNING_SECRET=slack.signing_secret,
            DIGESTBOT_SLACK__ENCRYPTION_KEYS=key,
            DIGESTBOT_WEB__PUBLIC_URL=URL,
        )
    assert code == 1
    lines = [line for line in out.splitlines() if " slack" in line]
    assert lines[0] == "✓ slack: OAuth, many workspaces"
    assert lines[3] == f"✓ slack installations: 2; admins install digestbot at {URL}/slack/install"
    assert lines[4].startswith("✗ slack workspace T2: no key opens its token: put the key that sealed it back")
    assert lines[5] == "✓ slack workspace Workspace T1: 0 subscribed channels, nothing is missing"
    assert len(lines) == 6


def installed(team: str, token: str) -> Installation:
    return Installation(
        enterprise=None,
        team=team,
        name=f"Workspace {team}",
        token=token,
        bot_user="U1",
        bot_id="B1",
        scopes=SCOPES,
        installed_by="U2",
        installed_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
