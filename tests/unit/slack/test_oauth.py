"""Installing: the whole way through Slack's page and back, and each way in which it goes wrong."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import structlog
from aiohttp.test_utils import unused_port
from slack_sdk.oauth.installation_store import Installation as Granted
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from digestbot import content
from digestbot.platforms.slack.oauth import PATHS, Install
from digestbot.platforms.slack.scopes import SCOPES
from digestbot.platforms.slack.stores import made_of
from digestbot.ports import Installation
from digestbot.web.server import Server
from tests.fakes import FakeInstallations, FakeOAuthStates
from tests.servers.slack.faults import Fault, Kind
from tests.unit.servers.slack_stage import NOON, Stage, open_stage


class Rows(FakeInstallations):
    """`broken` is what saving raises."""

    broken: Exception | None = None

    async def save(self, installation: Installation) -> None:
        if self.broken:
            raise self.broken
        await super().save(installation)


class StateRows(FakeOAuthStates):
    """`broken` is what issuing raises, `asked` what was to be consumed."""

    broken: Exception | None = None

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    async def issue(self, state: str, until: datetime) -> None:
        if self.broken:
            raise self.broken
        await super().issue(state, until)

    async def consume(self, state: str, now: datetime) -> bool:
        self.asked.append(state)
        return await super().consume(state, now)


@dataclass(frozen=True)
class Seen:
    """A page as a person sees it."""

    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Lobby:
    """An installable digestbot, and a browser in front of it."""

    stage: Stage
    base: str
    browser: aiohttp.ClientSession
    rows: Rows
    states: StateRows
    told: list[Installation] = field(default_factory=list)
    deaf: Exception | None = None

    async def installed(self, installation: Installation) -> None:
        assert self.rows.rows[installation.key] == installation
        self.told.append(installation)
        if self.deaf:
            raise self.deaf

    async def visit(self, path: str, *, follow: bool = True, browser: aiohttp.ClientSession | None = None) -> Seen:
        url = URL(self.base + path, encoded=True)
        async with (browser or self.browser).get(url, allow_redirects=follow) as answer:
            return Seen(answer.status, await answer.text(), dict(answer.headers))

    async def agreed(self) -> str:
        """The path by which Slack sends the person back."""
        away = await self.visit("/slack/install", follow=False)
        async with self.browser.get(URL(away.headers["Location"]), allow_redirects=False) as consent:
            back = consent.headers["Location"]
        return back.removeprefix(self.base)


@asynccontextmanager
async def a_browser(base: str) -> AsyncIterator[aiohttp.ClientSession]:
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(base))
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield session


@asynccontextmanager
async def opened(stage: Stage, public: str | None = None) -> AsyncIterator[Lobby]:
    port = unused_port()
    base = f"http://127.0.0.1:{port}"
    stage.slack.oauth.redirect_uris = [f"{public or base}/slack/oauth_redirect"]
    async with a_browser(base) as browser, aiohttp.ClientSession() as session:
        lobby = Lobby(stage, base, browser, Rows(), StateRows())
        install = Install(
            client_id=stage.slack.client_id,
            client_secret=stage.slack.client_secret,
            public_url=public or f"{base}/",
            installations=lobby.rows,
            states=lobby.states,
            clock=stage.clock,
            client=AsyncWebClient(base_url=stage.slack.api, session=session, retry_handlers=[]),
            installed=lobby.installed,
            templates=[content.templates()],
            authorize_url=stage.slack.authorize_url,
        )
        async with Server(install.routes, port=port, open_paths=PATHS):
            yield lobby


def files(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as stage:
        yield stage


@pytest.fixture
async def lobby(stage: Stage) -> AsyncIterator[Lobby]:
    async with opened(stage) as lobby:
        yield lobby


async def test_a_person_lets_digestbot_into_a_workspace(lobby: Lobby) -> None:
    stage = lobby.stage
    team = stage.slack.workspace("A & B <i>News</i>", enterprise="E1")
    ann = team.user("ann", admin=True)
    stage.slack.oauth.consent.workspace, stage.slack.oauth.consent.user = team, ann
    page = await lobby.visit("/slack/install")
    made = Installation(
        enterprise="E1",
        team=team.id,
        name="A & B <i>News</i>",
        token=team.bot_token,
        bot_user=team.bot_user,
        bot_id=team.bot_id,
        scopes=tuple(sorted(SCOPES)),
        installed_by=ann.id,
        installed_at=NOON,
    )
    assert lobby.rows.rows == {team.id: made}
    assert lobby.told == [made]
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "<h1>digestbot is in A &amp; B &lt;i&gt;News&lt;/i&gt;</h1>" in page.text
    assert "<p>Go back to Slack and type /news help in any channel.</p>" in page.text
    assert "Start again" not in page.text
    assert "style" not in page.text
    assert "<script" not in page.text


async def test_an_organisation_has_no_team(lobby: Lobby) -> None:
    grid = lobby.stage.slack.workspace("Team", enterprise="E1")
    lobby.stage.slack.oauth.consent.workspace, lobby.stage.slack.oauth.consent.whole = grid, True
    page = await lobby.visit("/slack/install")
    (made,) = lobby.told
    assert (made.key, made.enterprise, made.team, made.name) == ("E1", "E1", None, "Grid")
    assert "<h1>digestbot is in Grid</h1>" in page.text
    assert "An admin of the organisation now adds it to workspaces" in page.text


def test_what_a_whole_organisation_granted_is_of_no_team_though_slack_names_one() -> None:
    granted = Granted(
        enterprise_id="E1",
        enterprise_name="Grid",
        team_id="T1",
        team_name="Team",
        bot_token="xoxb-1",
        bot_scopes="commands,chat:write",
        user_id="U1",
        is_enterprise_install=True,
        installed_at=NOON.timestamp(),
    )
    made = made_of(granted)
    assert (made.key, made.team, made.name, made.scopes) == ("E1", None, "Grid", ("commands", "chat:write"))
    assert (made.bot_user, made.bot_id, made.installed_by, made.installed_at) == ("", "", "U1", NOON)


async def test_the_way_to_slack_names_our_scopes_and_our_address_alone(lobby: Lobby) -> None:
    away = await lobby.visit("/slack/install?team=T012AB3C4", follow=False)
    location = urlsplit(away.headers["Location"])
    (state,) = lobby.states.issued
    assert (away.status, len(state)) == (302, 43)
    assert f"{location.scheme}://{location.netloc}{location.path}" == lobby.stage.slack.authorize_url
    assert parse_qs(location.query) == {
        "state": [state],
        "client_id": ["1234567890.0987654321"],
        "scope": [",".join(SCOPES)],
        "redirect_uri": [f"{lobby.base}/slack/oauth_redirect"],
        "team": ["T012AB3C4"],
    }


def test_no_more_is_asked_for_than_what_is_explained() -> None:
    assert SCOPES == (
        "commands",
        "chat:write",
        "channels:read",
        "groups:read",
        "channels:join",
        "channels:history",
        "groups:history",
        "im:history",
        "im:write",
        "users:read",
        "usergroups:read",
        "files:read",
        "files:write",
    )


@pytest.mark.parametrize("team", ["T1%26scope=admin", "%0d%0aSet-Cookie:a=b", "", "%ff", "t1"])
async def test_no_strange_team_gets_into_the_address(lobby: Lobby, team: str) -> None:
    away = await lobby.visit(f"/slack/install?team={team}", follow=False)
    assert "team" not in parse_qs(urlsplit(away.headers["Location"]).query)


@pytest.mark.parametrize(
    ("public", "secure"), [("https://news.example", "; Secure"), ("HTTPS://news.example/", "; Secure"), (None, "")]
)
async def test_the_cookie_is_lax_and_secure_where_the_address_is(stage: Stage, public: str | None, secure: str) -> None:
    async with opened(stage, public) as lobby:
        away = await lobby.visit("/slack/install", follow=False)
        (state,) = lobby.states.issued
    assert away.headers["Set-Cookie"] == (
        f"slack-app-oauth-state={state}; HttpOnly; SameSite=Lax; Path=/slack{secure}; Max-Age=600"
    )


async def test_the_cookie_goes_when_it_has_served(lobby: Lobby) -> None:
    await lobby.visit("/slack/install")
    assert list(lobby.browser.cookie_jar) == []


async def test_a_person_may_say_no(lobby: Lobby) -> None:
    lobby.stage.slack.oauth.consent.denies = True
    page = await lobby.visit("/slack/install")
    assert (page.status, lobby.rows.rows) == (200, {})
    assert "<h1>Nothing was installed.</h1>" in page.text
    assert f'<a href="{lobby.base}/slack/install">Start again from /slack/install</a>' in page.text


async def test_a_state_is_good_once_however_many_ask_at_once(lobby: Lobby) -> None:
    back = await lobby.agreed()
    pages = await asyncio.gather(*(lobby.visit(back) for _ in range(5)))
    assert sorted(page.status for page in pages) == [200, 400, 400, 400, 400]
    assert len(lobby.told) == 1
    (late, *_) = (page for page in pages if page.status == 400)
    assert "<h1>This took too long</h1>" in late.text


async def test_a_state_is_good_for_ten_minutes(lobby: Lobby) -> None:
    back = await lobby.agreed()
    lobby.stage.clock.at += timedelta(minutes=10)
    page = await lobby.visit(back)
    assert (page.status, lobby.rows.rows) == (400, {})
    assert "older than ten minutes" in page.text


async def test_another_browser_cannot_finish_what_this_one_began(lobby: Lobby) -> None:
    back = await lobby.agreed()
    async with a_browser(lobby.base) as other:
        page = await lobby.visit(back, browser=other)
        assert page.status == 400
        assert "<h1>This browser did not begin it</h1>" in page.text
        await lobby.visit("/slack/install", follow=False, browser=other)
        assert (await lobby.visit(back, browser=other)).status == 400
    assert (await lobby.visit(back)).status == 200


@pytest.mark.parametrize("state", ["short", "x" * 42 + "é", "%00" * 43, "deleted", "x" * 44, ""])
async def test_a_state_of_another_shape_never_gets_to_the_database(lobby: Lobby, state: str) -> None:
    async with aiohttp.ClientSession() as stranger:
        url = URL(f"{lobby.base}/slack/oauth_redirect?code=c&state={state}", encoded=True)
        cookie = {"Cookie": f"slack-app-oauth-state={state}"}
        async with stranger.get(url, headers=cookie) as answer:
            assert answer.status == 400
    assert lobby.states.asked == []


@pytest.mark.parametrize(
    "query", ["", "code=c", "state=s", "code=", "error=%3Cscript%3E", "error=x&error=y", "%ff=%ff"]
)
async def test_a_stranger_s_address_gets_a_page_and_no_more(lobby: Lobby, query: str) -> None:
    page = await lobby.visit(f"/slack/oauth_redirect?{query}")
    assert page.status == 400
    assert "<script" not in page.text
    assert "Start again" in page.text


async def test_a_spent_code_leads_back_to_the_start(lobby: Lobby) -> None:
    back = URL(await lobby.agreed())
    page = await lobby.visit(str(back.update_query(code="code.spent")))
    assert (page.status, lobby.rows.rows) == (400, {})
    assert "was used before" in page.text


async def test_a_return_without_a_code_leads_back_to_the_start(lobby: Lobby) -> None:
    back = URL(await lobby.agreed())
    page = await lobby.visit(str(back.without_query_params("code")))
    assert (page.status, "Slack sent no code along." in page.text) == (400, True)


@pytest.mark.parametrize("method", ["oauth.v2.access", "auth.test"])
@pytest.mark.parametrize("kind", [Kind.STATUS, Kind.HTML, Kind.RESET, Kind.LOST_ERROR, Kind.LOST_HALF, Kind.LIMIT])
async def test_when_slack_does_not_answer_the_log_says_so(lobby: Lobby, method: str, kind: Kind) -> None:
    lobby.stage.slack.faults.plan(Fault(kind, method=method))
    with structlog.testing.capture_logs() as said:
        page = await lobby.visit("/slack/install")
    assert (page.status, lobby.rows.rows, lobby.stage.slack.faults.left) == (502, {}, 0)
    assert "<h1>Slack did not answer</h1>" in page.text
    assert said == [{"event": "slack.install_failed", "error": "unreachable", "log_level": "error"}]
    assert (await lobby.visit("/slack/install")).status == 200


async def test_a_wrong_client_secret_is_for_the_operator_to_see(lobby: Lobby) -> None:
    lobby.stage.slack.faults.plan(Fault(Kind.ERROR, method="oauth.v2.access", error="bad_client_secret"))
    with structlog.testing.capture_logs() as said:
        page = await lobby.visit("/slack/install")
    assert said == [{"event": "slack.install_failed", "error": "bad_client_secret", "log_level": "error"}]
    assert (page.status, "bad_client_secret" in page.text) == (502, False)
    assert "<h1>Slack refused</h1>" in page.text


async def test_a_database_that_does_not_save_is_told_and_logged(lobby: Lobby) -> None:
    lobby.rows.broken = OSError("INSERT … xoxb-canary")
    with structlog.testing.capture_logs() as said:
        page = await lobby.visit("/slack/install")
    key = lobby.stage.team.id
    assert (page.status, lobby.told) == (503, [])
    assert "<h1>The installation was not saved</h1>" in page.text
    assert f'<a href="{lobby.base}/slack/install">' in page.text
    assert said[0] == {"event": "slack.install_not_saved", "key": key, "error": "OSError", "log_level": "error"}
    assert "canary" not in page.text + repr(said)


async def test_a_database_without_states_begins_nothing(lobby: Lobby) -> None:
    lobby.states.broken = OSError("canary")
    with structlog.testing.capture_logs() as said:
        page = await lobby.visit("/slack/install")
    assert (page.status, "canary" in page.text) == (503, False)
    assert said == [{"event": "slack.install_failed", "error": "OSError", "log_level": "error"}]


async def test_an_installation_stays_though_nobody_heeds_it(lobby: Lobby) -> None:
    lobby.deaf = LookupError("a connection of ours")
    with structlog.testing.capture_logs() as said:
        page = await lobby.visit("/slack/install")
    assert (page.status, list(lobby.rows.rows)) == (200, [lobby.stage.team.id])
    assert [event["event"] for event in said] == ["slack.installed", "slack.install_unheeded"]


async def test_bolt_s_own_environment_and_stores_change_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("CLIENT_ID", "CLIENT_SECRET", "SCOPES", "USER_SCOPES", "REDIRECT_URI", "INSTALL_PATH"):
        monkeypatch.setenv(f"SLACK_{name}", "canary")
    monkeypatch.setenv("SLACK_REDIRECT_URI_PATH", "/canary")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    async with opened(stage) as lobby:
        away = await lobby.visit("/slack/install", follow=False)
        assert "canary" not in json.dumps(away.headers)
        assert (await lobby.visit("/slack/install")).status == 200
    assert files(tmp_path) == []


async def test_no_secret_is_in_any_log(lobby: Lobby, caplog: pytest.LogCaptureFixture) -> None:
    with structlog.testing.capture_logs() as said, caplog.at_level(logging.INFO):
        back = await lobby.agreed()
        await lobby.visit(back)
        await lobby.visit(back)
        again = URL(await lobby.agreed())
        await lobby.visit(str(again.update_query(code="code.spent-canary")))
    text = caplog.text + repr(said) + repr(lobby.told)
    secrets = (lobby.stage.slack.client_secret, lobby.stage.team.bot_token, "spent-canary", URL(back).query["code"])
    assert len(lobby.told) == 1
    assert [secret for secret in secrets if secret in text] == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "HEAD"])
async def test_both_addresses_are_for_reading_alone(lobby: Lobby, path: str, method: str) -> None:
    async with lobby.browser.request(method, lobby.base + path) as answer:
        assert answer.status == 405
    assert lobby.states.issued == {}
