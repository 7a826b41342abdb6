"""A whole bot on Discord: the real client against a server on this machine that keeps Discord's rules."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digestbot.bootstrap import Bot, make_bot
from digestbot.settings import load_settings
from tests.servers.discord.message import Message
from tests.servers.discord.server import Discord
from tests.servers.discord.world import Channel, Guild, Member

PATIENCE = 60.0
_GLANCE = 0.02
MANAGE = 1 << 5
"""Discord's permission Manage Server."""


@dataclass
class Stage:
    """A server with an admin, a member and a channel; a home with stories; a bot that runs."""

    home: Path
    discord: Discord
    bot: Bot
    guild: Guild
    news: Channel
    admin: Member
    member: Member

    async def asked(
        self,
        verb: str,
        /,
        *,
        admin: bool = False,
        here: Channel | None = None,
        **options: Any,  # noqa: ANN401 - any option's value
    ) -> Message:
        """The one message that the person is shown in answer."""
        who = self.admin if admin else self.member
        interaction = await self.discord.command(self.guild, here or self.news, who, verb, "en-US", **options)
        assert interaction.error is None, interaction.error
        (message,) = await interaction.shown()
        return message

    async def ask(
        self,
        verb: str,
        /,
        *,
        admin: bool = False,
        here: Channel | None = None,
        **options: Any,  # noqa: ANN401 - any option's value
    ) -> str:
        """What the person alone reads in answer."""
        message = await self.asked(verb, admin=admin, here=here, **options)
        assert message.ephemeral, "the answer was for everybody"
        return message.reads

    async def messages(self, count: int = 1, channel: Channel | None = None) -> list[Message]:
        """What was posted to a channel, once so many messages were."""
        where = channel or self.news
        await self.until(lambda: len(self.posted(where)) >= count)
        return self.posted(where)

    def posted(self, channel: Channel) -> list[Message]:
        return [message for message in self.discord.record.of(channel) if message.interaction is None]

    async def until(self, condition: Callable[[], object]) -> None:
        await true_soon(condition)

    async def states(self) -> dict[str, int]:
        """The ledger's rows of the server, by state."""
        counts = await self.bot.ledger.counts("discord", str(self.guild.id))
        return {str(state): count for state, count in counts.items()}

    def write(self, id_: str, **changes: str) -> None:
        write_story(self.home, id_, **changes)


async def true_soon(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - the server's record rings no bell
            await asyncio.sleep(_GLANCE)


async def answers_soon(ask: Callable[[], Awaitable[object]]) -> None:
    """The same of something that has to be asked for."""
    async with asyncio.timeout(PATIENCE):
        while not await ask():  # noqa: ASYNC110 - what is asked rings no bell
            await asyncio.sleep(_GLANCE)


def environment(discord: Discord, **more: str) -> dict[str, str]:
    return {
        "DIGESTBOT_DISCORD__TOKEN": discord.token,
        "DIGESTBOT_DISCORD__API_BASE": discord.api,
        "DIGESTBOT_DISCORD__GATEWAY_URL": discord.gateway,
        "DIGESTBOT_WEB__PORT": "0",
        **more,
    }


def write_story(home: Path, id_: str, **changes: str) -> None:
    """A changed file takes its place at once, as an editor's save does. `changes` are lines of front matter."""
    lines = {
        "headline": f"Headline of {id_}",
        "event": "{id: gala, name: The Gala}",
        "published": datetime.now(UTC).isoformat(),
        "status": "published",
        "topics": "[music]",
        "quotes": f"[{{text: Words of {id_}, speaker: Speaker of {id_}, key: true}}]",
        "winners": f"[{{name: Winner of {id_}, awards: [Prize of {id_}]}}]",
        **changes,
    }
    part = home / "stories" / f".{id_}.part"
    part.write_text("---\n" + "".join(f"{key}: {value}\n" for key, value in lines.items()) + "---\n", encoding="utf-8")
    part.rename(home / "stories" / f"{id_}.md")


def make_home(home: Path) -> Path:
    (home / "stories").mkdir(parents=True, exist_ok=True)
    return home


@asynccontextmanager
async def running(home: Path, discord: Discord, **environ: str) -> AsyncIterator[Bot]:
    """A bot on that server, connected and with its commands known; stopped as a signal would."""
    async with started(home, environment(discord, **environ)) as bot:
        await discord.wait_ready()
        yield bot


@asynccontextmanager
async def started(home: Path, environ: Mapping[str, str]) -> AsyncIterator[Bot]:
    """A bot that runs, whether it gets a connection or not."""
    stop = asyncio.Event()
    async with make_bot(load_settings(home, environ)) as bot:
        run = asyncio.create_task(bot.app.run(stop))
        try:
            yield bot
        finally:
            stop.set()
            await run


@asynccontextmanager
async def stage(folder: Path, *stories: str, **environ: str) -> AsyncIterator[Stage]:
    home = make_home(folder / "home")
    for id_ in stories:
        write_story(home, id_)
    async with Discord() as discord:
        guild = discord.guild("The Guild")
        news = guild.channel("news")
        admin, member = guild.member("Ada", permissions=MANAGE), guild.member("Bob")
        async with running(home, discord, **environ) as bot:
            yield Stage(home, discord, bot, guild, news, admin, member)
