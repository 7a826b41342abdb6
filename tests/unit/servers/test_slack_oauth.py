"""The real Bolt app installs itself into workspaces of the loopback Slack."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from tests.unit.servers.slack_stage import Stage, error_of, open_stage

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack_sdk uses it


class Installations(AsyncInstallationStore):
    def __init__(self) -> None:
        self.saved: list[Installation] = []

    async def async_save(self, installation: Installation) -> None:
        self.saved.append(installation)


class States(AsyncOAuthStateStore):
    def __init__(self) -> None:
        self.issued: set[str] = set()

    async def async_issue(self, *_: object, **__: object) -> str:
        self.issued.add("state-1")
        return "state-1"

    async def async_consume(self, state: str) -> bool:
        known = state in self.issued
        self.issued.discard(state)
        return known


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as stage:
        yield stage


@asynccontextmanager
async def installable(stage: Stage, installations: Installations) -> AsyncIterator[str]:
    """The address of an app that can be installed."""
    logger = logging.getLogger("quiet-bolt")
    logger.setLevel(logging.CRITICAL)
    settings = AsyncOAuthSettings(
        client_id=stage.slack.client_id,
        client_secret=stage.slack.client_secret,
        scopes=["commands", "chat:write"],
        installation_store=installations,
        state_store=States(),
        authorization_url=stage.slack.authorize_url,
        install_page_rendering_enabled=False,
        logger=logger,
    )
    client = AsyncWebClient(base_url=stage.slack.api)
    secret = stage.slack.signing_secret
    app = AsyncApp(client=client, signing_secret=secret, oauth_settings=settings, logger=logger)
    runner = web.AppRunner(app.web_app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    stage.slack.oauth.redirect_uris = [f"{base}/slack/oauth_redirect"]
    try:
        yield base
    finally:
        await runner.cleanup()


@asynccontextmanager
async def browser(base: str) -> AsyncIterator[aiohttp.ClientSession]:
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(base))
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield session


async def code(stage: Stage, session: aiohttp.ClientSession, **query: str) -> str:
    """What the person is taken back with."""
    asked = {"client_id": stage.slack.client_id, "scope": "commands", "state": "s", **query}
    response = await session.get(stage.slack.authorize_url, params=asked, allow_redirects=False)
    return parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]


async def test_a_person_lets_the_app_into_a_workspace(stage: Stage) -> None:
    other = stage.slack.workspace("Other", enterprise="E1")
    stage.slack.oauth.consent.workspace = other
    installations = Installations()
    async with installable(stage, installations) as base, browser(base) as session:
        assert (await session.get(f"{base}/slack/install")).status == 200
    (saved,) = installations.saved
    assert (saved.team_id, saved.enterprise_id, saved.bot_token) == (other.id, "E1", other.bot_token)
    assert other.scopes == {"commands", "chat:write"}


async def test_a_person_may_say_no(stage: Stage) -> None:
    stage.slack.oauth.consent.denies = True
    installations = Installations()
    async with installable(stage, installations) as base, browser(base) as session:
        page = await session.get(f"{base}/slack/install")
        assert "access_denied" in await page.text()
    assert installations.saved == []


async def test_a_code_is_good_once_and_for_ten_minutes(stage: Stage) -> None:
    who = {"client_id": stage.slack.client_id, "client_secret": stage.slack.client_secret}
    uri = "https://app.test/redirect"
    errors = []
    async with aiohttp.ClientSession() as session:
        good, late, moved = [await code(stage, session, redirect_uri=uri) for _ in range(3)]
    assert (await stage.client.oauth_v2_access(**who, code=good, redirect_uri=uri))["scope"] == "commands"
    for attempt in (
        {**who, "code": good, "redirect_uri": uri},
        {**who, "code": moved, "redirect_uri": "https://evil.test/"},
        {**who, "code": moved, "redirect_uri": uri, "client_secret": "another"},
        {**who, "code": moved, "redirect_uri": uri, "client_id": "another"},
    ):
        with pytest.raises(SlackApiError) as raised:
            await stage.client.oauth_v2_access(**attempt)
        errors.append(error_of(raised))
    assert errors == ["invalid_code", "bad_redirect_uri", "bad_client_secret", "invalid_client_id"]
    stage.clock.at += timedelta(minutes=11)
    with pytest.raises(SlackApiError) as raised:
        await stage.client.oauth_v2_access(**who, code=late, redirect_uri=uri)
    assert error_of(raised) == "invalid_code"


async def test_nobody_is_taken_to_a_strange_address(stage: Stage) -> None:
    stage.slack.oauth.redirect_uris = ["https://app.test/"]
    query = {"client_id": stage.slack.client_id, "scope": "commands", "redirect_uri": "https://evil.test/"}
    async with aiohttp.ClientSession() as session:
        response = await session.get(stage.slack.authorize_url, params=query, allow_redirects=False)
        assert (response.status, await response.text()) == (400, "bad_redirect_uri")


async def test_a_token_that_was_given_back_is_worth_nothing(stage: Stage) -> None:
    assert (await stage.client.auth_revoke(test=True))["revoked"] is False
    assert (await stage.client.auth_revoke())["revoked"] is True
    with pytest.raises(SlackApiError) as raised:
        await stage.client.auth_test()
    assert error_of(raised) == "token_revoked"
