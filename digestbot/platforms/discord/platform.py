"""The platform: the parts of this room, put together around one connection."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from digestbot.platforms.discord.budget import Budget
from digestbot.platforms.discord.channels import DiscordChannels
from digestbot.platforms.discord.client import Events, NewsClient, use_addresses
from digestbot.platforms.discord.connection import Connection
from digestbot.platforms.discord.conversation import Conversation
from digestbot.platforms.discord.identifies import Identifies
from digestbot.platforms.discord.membership import Membership
from digestbot.platforms.discord.messenger import DiscordMessenger
from digestbot.platforms.discord.supervisor import Stranger, Supervisor
from digestbot.platforms.discord.sync import Sync
from digestbot.platforms.discord.targets import PLATFORM, Targets
from digestbot.ports import Clock, Commands, Notebook, Tenants

_log = structlog.get_logger("discord")
_DRAIN = 10.0  # seconds for answers in hand when we stop


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordOptions:
    """`guild`, if given, is the only one to get the commands; `rate` is Discord's limit of requests a second."""

    token: str
    api_base: str
    gateway_url: str
    guild: int | None = None
    shard_count: int | None = None
    shard_ids: Sequence[int] = ()
    rate: int = 50


class DiscordPlatform:
    """`ports.Platform`. `messenger` and `channels` are there before the first connection, and say so."""

    name = PLATFORM

    def __init__(
        self,
        options: DiscordOptions,
        tenants: Tenants,
        notebook: Notebook,
        clock: Clock,
        caught_up: Callable[[], None] = lambda: None,
    ) -> None:
        """`caught_up` is called when a server that had removed us takes us in again."""
        use_addresses(options.api_base, options.gateway_url)
        self._options = options
        self._connection = Connection()
        targets = Targets(self._connection)
        self.messenger = DiscordMessenger(self._connection, targets)
        self.channels = DiscordChannels(self._connection, targets)
        self._membership = Membership(self._connection, tenants, notebook, clock, caught_up)
        self._sync = Sync(notebook, options.guild)
        self._identifies = Identifies(notebook, clock)
        self._supervisor = Supervisor(self._client, self._synced, options.token, self._connection, clock)
        self._budget = Budget(options.api_base, options.rate, self._supervisor.revoked)
        self._commands: Commands | None = None
        self._conversation: Conversation | None = None
        self._work: set[asyncio.Task[None]] = set()

    async def run(self, commands: Commands) -> None:
        """Until cancelled. Raises `StartupError` for a token that Discord never took."""
        self._commands = commands
        self._conversation = Conversation(commands)
        try:
            await self._supervisor.run()
        finally:
            for work in self._work:
                work.cancel()
            await asyncio.gather(*self._work, return_exceptions=True)

    async def close(self) -> None:
        """Take no more commands, and let those in hand be answered."""
        if self._conversation:
            await self._conversation.drain(_DRAIN)

    async def check(self) -> str | None:
        """What is wrong, for `/readyz`."""
        if self._connection.refused:
            return self._connection.refused
        return None if self._connection.ready else "not connected to Discord"

    def _client(self) -> NewsClient:
        if self._commands is None or self._conversation is None:
            raise RuntimeError("the platform is not running")
        return NewsClient(
            self._commands,
            self._conversation,
            self._budget,
            self._identifies,
            Events(
                ready=lambda client: self._do(self._ready(client)),
                joined=lambda guild: self._do(self._membership.joined(guild)),
                left=lambda guild: self._do(self._membership.left(guild)),
            ),
            shard_count=self._options.shard_count,
            shard_ids=self._options.shard_ids,
        )

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        """What follows from an event ends with us at the latest: the library would let it run on."""
        task = asyncio.create_task(_logged(work), name="discord-event")
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _ready(self, client: NewsClient) -> None:
        """The library may say so of a client whose life has ended meanwhile."""
        if client is not self._connection.client:
            return
        self._connection.set_ready()
        await self._membership.compare(client)

    async def _synced(self, client: NewsClient) -> None:
        """By one process only: the one with shard 0."""
        sentence = await self._membership.stranger(client)
        if sentence:
            raise Stranger(sentence)
        if client.application_id and 0 in (client.shard_ids or [0]):
            await self._sync.run(client.tree, client.application_id)


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:  # noqa: BLE001 - the store may be away: the next start compares again
        _log.exception("discord.event_failed")
