"""What the doctor says of Slack, asked of a server that keeps Slack's rules."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from digestbot.domain.place import Place
from digestbot.platforms.slack.checkup import Setup, checkup
from digestbot.platforms.slack.scopes import SCOPES
from digestbot.platforms.slack.workspaces import direct
from digestbot.ports import Installation
from tests.servers.slack.faults import Fault, Kind
from tests.servers.slack.server import Slack
from tests.servers.slack.world import Channel, Workspace

BOT = (
    "install the app in the workspace (your app → OAuth & Permissions), and set DIGESTBOT_SLACK__BOT_TOKEN to the Bot"
    " User OAuth Token"
)
APP = (
    "make one with the scope connections:write (your app → Basic Information → App-Level Tokens), and set"
    " DIGESTBOT_SLACK__APP_TOKEN to it"
)
URL = "https://news.example.org"
ADDRESS = [
    "ok slack address: Slack's requests are to come to https://news.example.org/slack/events",
    (
        "ok slack signing secret: it is set; if it is not the app's, the log says slack.signature_wrong at Slack's"
        " first request"
    ),
]


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as server:
        yield server
    assert server.record.messages == []


@pytest.fixture
def team(slack: Slack) -> Workspace:
    team = slack.workspace("Team")
    team.scopes = set(SCOPES)
    return team


@pytest.fixture
def setup(slack: Slack, team: Workspace) -> Setup:
    return Setup(mode="socket", api_base=slack.api, bot_token=team.bot_token, app_token=slack.app_token)


async def said(setup: Setup) -> list[str]:
    return [f"{each.state} {each.subject}: {each.text}" async for each in checkup(setup)]


def place(channel: Channel, thread: str = "") -> Place:
    return Place("slack", channel.team, channel.id + thread)


def installed(team: Workspace, **changes: str) -> Installation:
    made = Installation(
        enterprise=None,
        team=team.id,
        name=team.name,
        token=team.bot_token,
        bot_user=team.bot_user,
        bot_id=team.bot_id,
        scopes=SCOPES,
        installed_by="U1",
        installed_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # only texts are changed here


async def test_all_is_well_over_a_socket(setup: Setup, team: Workspace) -> None:
    places = [place(team.channel("news")), place(team.channel("film", private=True), ":1700000000.000100")]
    assert await said(replace(setup, places=places)) == [
        "ok slack: Socket Mode, one workspace",
        "ok slack app token: it opens connections",
        "ok slack bot token: it is digestbot's in Team",
        "ok slack scopes: all 13 are there",
        "ok slack channels: 2 subscribed channels, nothing is missing",
    ]


async def test_an_app_token_that_slack_refuses_says_how_to_make_one(setup: Setup) -> None:
    told = await said(replace(setup, app_token="xapp-1-other"))
    assert told[1] == f"wrong slack app token: Slack refuses it (invalid_auth): {APP}"
    assert told[2] == "ok slack bot token: it is digestbot's in Team"


async def test_a_bot_token_that_slack_refuses_says_how_to_get_one(setup: Setup) -> None:
    told = await said(replace(setup, bot_token="xoxb-other"))
    assert told[2:] == [f"wrong slack bot token: Slack refuses it (invalid_auth): {BOT}"]


async def test_the_app_token_in_place_of_the_bots_is_told(setup: Setup) -> None:
    told = await said(replace(setup, bot_token=setup.app_token))
    assert told[2:] == [f"wrong slack bot token: Slack refuses it (not_allowed_token_type): {BOT}"]


async def test_a_persons_token_is_told(setup: Setup, team: Workspace) -> None:
    team.bot_id = ""
    assert (await said(setup))[2:] == [f"wrong slack bot token: it is a person's and not a bot's: {BOT}"]


async def test_a_slow_down_is_not_taken_for_a_refusal(setup: Setup, slack: Slack) -> None:
    slack.faults.plan(Fault(Kind.LIMIT, "auth.test", retry_after="7"))
    assert (await said(setup))[2:] == [
        "wrong slack bot token: it cannot be looked at now: Slack asks to wait for 7 s",
    ]


async def test_a_scope_that_is_missing_is_named_with_its_reason(setup: Setup, team: Workspace) -> None:
    team.scopes -= {"channels:join", "im:write"}
    assert (await said(setup))[3] == (
        "wrong slack scopes: it lacks channels:join (it joins a public channel when somebody subscribes it);"
        " im:write (who follows an event gets its cards by direct message): add them (your app → OAuth & Permissions),"
        " then install the app again"
    )


async def test_each_channel_in_which_nothing_can_be_posted_says_why(setup: Setup, team: Workspace) -> None:
    old, secret = team.channel("old", archived=True), team.channel("secret", private=True, member=False)
    gone = Place("slack", team.id, "C404")
    told = await said(replace(setup, places=[place(old), place(secret), gone]))
    there = "the channel is no more, or it is private and digestbot is not in it: `/invite` it there"
    assert sorted(told[4:]) == sorted(
        [
            f"wrong slack channels: C404: {there}, or end its subscription",
            (
                "wrong slack channels: #old is archived: unarchive it, or give its subscription another channel with"
                " `/news edit`"
            ),
            f"wrong slack channels: {secret.id}: {there}, or end its subscription",
        ]
    )


async def test_a_public_channel_is_joined_later_and_not_by_the_doctor(setup: Setup, team: Workspace) -> None:
    news = team.channel("news", member=False)
    assert (await said(replace(setup, places=[place(news)])))[4:] == [
        "note slack channels: digestbot is not in #news: it joins when it posts",
        "ok slack channels: 1 subscribed channels, nothing is missing",
    ]
    assert team.bot_user not in news.members


async def test_two_subscriptions_of_a_channel_and_its_threads_are_one_question(
    setup: Setup, slack: Slack, team: Workspace
) -> None:
    news = team.channel("news")
    await said(replace(setup, places=[place(news), place(news, ":1700000000.000100")]))
    assert len(slack.record.asked("conversations.info")) == 1


async def test_direct_messages_are_not_opened(setup: Setup, slack: Slack, team: Workspace) -> None:
    told = await said(replace(setup, places=[direct(team.id, team.user("Ada").id)]))
    assert told[4:] == ["ok slack channels: 0 subscribed channels, nothing is missing"]
    assert slack.record.asked("conversations.open") == []


async def test_slacks_limit_ends_the_look_at_channels(setup: Setup, slack: Slack, team: Workspace) -> None:
    places = [place(team.channel(name)) for name in ("one", "two", "three")]
    slack.faults.plan(Fault(Kind.LIMIT, "conversations.info", channel=places[1].channel, retry_after="30"))
    assert (await said(replace(setup, places=places)))[4:] == [
        "note slack channels: Slack asks to wait for 30 s: 2 of 3 channels were not looked at"
    ]


async def test_subscriptions_of_another_workspace_are_told(setup: Setup) -> None:
    told = await said(replace(setup, places=[Place("slack", "T404", "C1")]))
    assert told[4] == (
        "wrong slack workspace T404: the token is Team's, but there are subscriptions in T404: nothing is posted there"
    )


async def test_a_slack_that_cannot_be_reached_is_told_once(setup: Setup) -> None:
    told = await said(replace(setup, api_base="http://127.0.0.1:9/api/"))
    assert told[0] == "ok slack: Socket Mode, one workspace"
    assert told[1].startswith("wrong slack: http://127.0.0.1:9/api/ cannot be asked: Slack cannot be reached: ")
    assert len(told) == 2


async def test_over_http_the_address_counts(setup: Setup) -> None:
    http = replace(setup, mode="http", app_token="")
    assert (await said(replace(http, public_url=URL)))[:3] == ["ok slack: HTTP, one workspace", *ADDRESS]
    assert (await said(http))[1] == (
        "note slack address: web.public_url is not set: tell Slack the https address of this web server, with"
        " /slack/events behind it"
    )
    assert (await said(replace(http, public_url="http://127.0.0.1:8080")))[1] == (
        "wrong slack address: Slack comes to https addresses alone, and http://127.0.0.1:8080 is this machine's own:"
        " set web.public_url to another"
    )


async def test_without_an_installation_the_link_is_told(slack: Slack) -> None:
    assert await said(Setup(mode="oauth", api_base=slack.api, public_url=URL)) == [
        "ok slack: OAuth, many workspaces",
        *ADDRESS,
        "note slack installations: none yet; admins install digestbot at https://news.example.org/slack/install",
    ]


async def test_every_installation_is_looked_at(slack: Slack, team: Workspace) -> None:
    other, third = slack.workspace("Other"), slack.workspace("Third")
    other.token_state = "account_inactive"
    third.scopes = set(SCOPES) - {"files:read"}
    told = await said(
        Setup(
            mode="oauth",
            api_base=slack.api,
            public_url=URL,
            installations=[installed(team), installed(other), installed(third)],
            unreadable=["T505"],
            places=[place(team.channel("news")), place(other.channel("news")), Place("slack", "T404", "C1")],
        )
    )
    link = "https://news.example.org/slack/install"
    assert told[3:] == [
        f"ok slack installations: 4; admins install digestbot at {link}",
        (
            "wrong slack workspace T505: no key opens its token: put the key that sealed it back at the end of"
            " DIGESTBOT_SLACK__ENCRYPTION_KEYS, or let the workspace install digestbot again"
        ),
        "ok slack workspace Team: 1 subscribed channels, nothing is missing",
        (
            "wrong slack workspace Other: Slack refuses it (account_inactive): an admin has to install digestbot again,"
            f" at {link}"
        ),
        (
            "wrong slack workspace Third: it lacks files:read (a file given to /news import is read): add them (your"
            " app → OAuth & Permissions), then install the app again"
        ),
        "ok slack workspace Third: 0 subscribed channels, nothing is missing",
        (
            f"wrong slack workspace T404: digestbot is not installed there, but has subscriptions: an admin installs it"
            f" again at {link}, or they end with the grace period"
        ),
    ]


async def test_a_whole_organisations_token_serves_its_workspaces(slack: Slack, team: Workspace) -> None:
    whole = replace(installed(team), enterprise="E1", team=None, name="Grid")
    inside = Place("slack", f"E1/{team.id}", team.channel("news").id)
    told = await said(Setup(mode="oauth", api_base=slack.api, public_url=URL, installations=[whole], places=[inside]))
    assert told[4:] == ["ok slack workspace Grid: 1 subscribed channels, nothing is missing"]


def test_no_secret_is_in_what_a_setup_prints(setup: Setup) -> None:
    assert setup.bot_token not in repr(setup)
    assert setup.app_token not in repr(setup)
