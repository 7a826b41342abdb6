"""A home for drills on Discord: the same stories and occasions, in the channels of a server on this machine."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digestbot.domain.place import Place
from tests.faults.home import CHANNELS, Home
from tests.faults.judge import Judge


@dataclass(frozen=True)
class DiscordHome(Home):
    judge: Judge

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
        return self.judge.environ

    def before_start(self) -> None:
        """Forget how often it connected: a drill kills more often than an operator would."""
        if self.database.exists():
            with sqlite3.connect(self.database, timeout=10) as ledger:
                ledger.execute("DELETE FROM note WHERE name = 'discord.identifies'")

    def received(self) -> Counter[str]:
        return self.judge.received()

    def shown(self) -> list[str]:
        return self.judge.shown()
