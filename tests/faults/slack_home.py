"""A home for drills on Slack: the same stories and occasions, in the channels of a workspace on this machine."""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from digestbot.domain.place import Place
from digestbot.platforms.slack.scopes import SCOPES
from tests.faults.home import CHANNELS, Home
from tests.faults.judge import Judge
from tests.servers.slack.record import Message
from tests.servers.slack.server import Slack
from tests.servers.slack.world import Channel

BLIND = CHANNELS[-1]
"""A private channel, where digestbot may post and not look back."""


@asynccontextmanager
async def open_slack() -> AsyncIterator[Slack]:
    """Without limits of rate, and without the scope to read private channels."""
    async with Slack() as server:
        server.limits.enforced = False
        team = server.workspace("Team")
        team.scopes = {*SCOPES} - {"groups:history"}
        for name in CHANNELS:
            team.channel(name, private=name == BLIND)
        yield server


@dataclass(frozen=True)
class SlackHome(Home):
    judge: Judge[Slack]

    @property
    def places(self) -> Sequence[Place]:
        return [Place("slack", channel.team, channel.id) for channel in self.channels.values()]

    @property
    def channels(self) -> Mapping[str, Channel]:
        """By name, in the order of `CHANNELS`."""
        return self.judge.ask(
            lambda server: {
                channel.name: channel for team in server.state.workspaces.values() for channel in team.channels.values()
            }
        )

    @property
    def environ(self) -> Mapping[str, str]:
        server = self.judge.server
        return {
            "DIGESTBOT_SLACK__BOT_TOKEN": server.bot_token,
            "DIGESTBOT_SLACK__APP_TOKEN": server.app_token,
            "DIGESTBOT_SLACK__API_BASE": server.api,
        }

    @property
    def changes(self) -> Sequence[str]:
        return ["hasty-slack"]

    @property
    def messages(self) -> Sequence[Message]:
        return self.judge.ask(lambda server: list(server.record.messages))

    def received(self) -> Counter[str]:
        """How many messages were accepted for each delivery; its id is in their metadata."""
        return Counter(map(_delivery, self.messages))

    def shown(self) -> list[str]:
        """Without those that nobody knows of: they cannot be corrected."""
        lost = self.unknown_rows().keys()
        return [message.reads for message in self.messages if _delivery(message) not in lost]

    def unknown_rows(self) -> Mapping[str, tuple[str, str]]:
        """Channel and reason by delivery."""
        with sqlite3.connect(self.database, timeout=10) as ledger:
            rows = ledger.execute("SELECT id, channel, error FROM delivery WHERE state = 'unknown'")
            return {id_: (channel, error) for id_, channel, error in rows}


def _delivery(message: Message) -> str:
    return str((message.metadata or {})["event_payload"]["delivery_id"])
