"""A whole bot on Discord: the real client against a server on this machine that keeps Discord's rules."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digestbot.bootstrap import Bot
from tests.scenarios.homes import make_home, started, true_soon, write_story
from tests.servers.discord.message import Message
from tests.servers.discord.server import Discord
from tests.servers.discord.world import Channel, Guild, Member

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


def environment(discord: Discord, **more: str) -> dict[str, str]:
    return {
        "DIGESTBOT_DISCORD__TOKEN": discord.token,
        "DIGESTBOT_DISCORD__API_BASE": discord.api,
        "DIGESTBOT_DISCORD__GATEWAY_URL": discord.gateway,
        "DIGESTBOT_WEB__PORT": "0",
        **more,
    }


@asynccontextmanager
async def running(home: Path, discord: Discord, **environ: str) -> AsyncIterator[Bot]:
    """A bot on that server, connected and with its commands known; stopped as a signal would."""
    async with started(home, environment(discord, **environ)) as bot:
        await discord.wait_ready()
        yield bot


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
