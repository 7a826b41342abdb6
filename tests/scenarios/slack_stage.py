"""A whole bot on Slack: the real Bolt app against a server on this machine that keeps Slack's rules."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from digestbot.bootstrap import Bot
from digestbot.platforms.slack.scopes import SCOPES
from tests.scenarios.homes import PATIENCE, answers_soon, make_home, started, true_soon, write_story
from tests.servers.slack.courier import Via
from tests.servers.slack.interaction import Interaction
from tests.servers.slack.record import Message
from tests.servers.slack.server import Slack
from tests.servers.slack.views import View
from tests.servers.slack.world import Channel, User, Workspace

KEY = "cGxhaW4tdGV4dC1rZXktb2YtdGhlLXRlc3RzLTMyYnk="
"""Thirty-two bytes for the tokens of the tests."""


@dataclass
class Stage:
    """A workspace with an admin, a member and a channel; a home with stories; a bot that runs."""

    home: Path
    slack: Slack
    bot: Bot
    team: Workspace
    news: Channel
    admin: User
    member: User
    via: Via

    async def type(self, line: str, *, admin: bool = False, here: Channel | None = None) -> Interaction:
        """`/news` and the line, typed into a channel."""
        who = self.admin if admin else self.member
        typed = await self.slack.command(self.team, here or self.news, who, line, via=self.via)
        assert typed.failure is None, typed.failure
        return typed

    async def asked(self, line: str, *, admin: bool = False, here: Channel | None = None) -> Message:
        """The one message in answer."""
        return await answer_to(await self.type(line, admin=admin, here=here))

    async def ask(self, line: str, *, admin: bool = False, here: Channel | None = None) -> str:
        """What the person alone reads in answer."""
        message = await self.asked(line, admin=admin, here=here)
        assert message.ephemeral_to, "the answer was for everybody"
        return message.reads

    async def press(self, where: Message | View, user: User, label: str) -> Interaction:
        pressed = await self.slack.press(where, user, label, via=self.via)
        assert pressed.failure is None, pressed.failure
        return pressed

    async def messages(self, count: int = 1, channel: Channel | None = None) -> list[Message]:
        """What was posted to a channel, once so many messages were."""
        where = channel or self.news
        await self.until(lambda: len(self.posted(where)) >= count)
        return self.posted(where)

    def posted(self, channel: Channel) -> list[Message]:
        return [each for each in self.slack.record.visible(channel.id) if not each.via_response_url]

    async def until(self, condition: Callable[[], object]) -> None:
        await true_soon(condition)

    async def states(self) -> dict[str, int]:
        """The ledger's rows of the workspace, by state."""
        counts = await self.bot.ledger.counts("slack", self.team.id)
        return {str(state): count for state, count in counts.items()}

    def write(self, id_: str, **changes: str) -> None:
        write_story(self.home, id_, **changes)


async def answer_to(interaction: Interaction) -> Message:
    """The newest answer, once there is one."""
    async with asyncio.timeout(PATIENCE):
        return await interaction.answered()


def environment(slack: Slack, via: Via, port: int = 0, **more: str) -> dict[str, str]:
    """Socket Mode with the workspace's token, or HTTP with OAuth."""
    common = {"DIGESTBOT_SLACK__API_BASE": slack.api, "DIGESTBOT_WEB__PORT": str(port)}
    if via == "socket":
        ours = {"DIGESTBOT_SLACK__BOT_TOKEN": slack.bot_token, "DIGESTBOT_SLACK__APP_TOKEN": slack.app_token}
        return {**common, **ours, **more}
    return {
        **common,
        "DIGESTBOT_SLACK__SIGNING_SECRET": slack.signing_secret,
        "DIGESTBOT_SLACK__CLIENT_ID": slack.client_id,
        "DIGESTBOT_SLACK__CLIENT_SECRET": slack.client_secret,
        "DIGESTBOT_SLACK__ENCRYPTION_KEYS": KEY,
        "DIGESTBOT_SLACK__AUTHORIZE_URL": slack.authorize_url,
        "DIGESTBOT_WEB__PUBLIC_URL": f"http://127.0.0.1:{port}",
        **more,
    }


@asynccontextmanager
async def running(home: Path, slack: Slack, via: Via = "socket", **environ: str) -> AsyncIterator[Bot]:
    """A bot that Slack reaches; stopped as a signal would."""
    async with started(home, environment(slack, via, free_port(), **environ)) as bot:
        slack.http_base = bot.url
        (platform,) = bot.app.platforms

        async def ready() -> bool:
            return await platform.check() is None

        await answers_soon(ready)
        yield bot


async def install(bot: Bot, slack: Slack, workspace: Workspace) -> str:
    """As its admin does in a browser; the page that they end on."""
    slack.oauth.consent.workspace = workspace
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
        browser.get(f"{bot.url}slack/install") as page,
    ):
        return await page.text()


@asynccontextmanager
async def stage(folder: Path, *stories: str, via: Via = "socket", **environ: str) -> AsyncIterator[Stage]:
    home = make_home(folder / "home")
    for id_ in stories:
        write_story(home, id_)
    async with Slack() as slack:
        team = slack.workspace("Team")
        team.scopes = set(SCOPES)
        news = team.channel("news", member=False)
        admin, member = team.user("Ada", admin=True), team.user("Bob")
        async with running(home, slack, via, **environ) as bot:
            if via == "http":
                await install(bot, slack, team)
            yield Stage(home, slack, bot, team, news, admin, member, via)
    assert slack.record.problems == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
