"""A home for drills on Discord: the same stories and occasions, in the channels of a server on this machine."""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from digestbot.domain.place import Place
from tests.faults.home import CHANNELS, Home
from tests.faults.judge import Judge
from tests.servers.discord.message import Message
from tests.servers.discord.server import Discord


@asynccontextmanager
async def open_discord() -> AsyncIterator[Discord]:
    """Without limits of rate."""
    async with Discord() as server:
        server.limits.off()
        server.limits.identify_interval = 0.0
        yield server


@dataclass(frozen=True)
class DiscordHome(Home):
    judge: Judge[Discord]

    @property
    def places(self) -> Sequence[Place]:
        return self.judge.ask(
            lambda server: [
                Place("discord", str(guild.id), str(channel.id))
                for guild in [server.guild("The Guild")]
                for channel in [guild.channel(name) for name in CHANNELS]
            ]
        )

    @property
    def environ(self) -> Mapping[str, str]:
        server = self.judge.server
        return {
            "DIGESTBOT_DISCORD__TOKEN": server.token,
            "DIGESTBOT_DISCORD__API_BASE": server.api,
            "DIGESTBOT_DISCORD__GATEWAY_URL": server.gateway,
        }

    def before_start(self) -> None:
        """Forget how often it connected: a drill kills more often than an operator would."""
        if self.database.exists():
            with sqlite3.connect(self.database, timeout=10) as ledger:
                ledger.execute("DELETE FROM note WHERE name = 'discord.identifies'")

    @property
    def messages(self) -> Sequence[Message]:
        return self.judge.ask(lambda server: list(server.record.messages))

    def received(self) -> Counter[str]:
        """How many messages were accepted for each delivery; the nonce is its id and the page's number."""
        return Counter(str(message.nonce)[:-1] for message in self.messages)

    def shown(self) -> list[str]:
        return self.judge.ask(lambda server: [message.reads for message in server.record.messages])
