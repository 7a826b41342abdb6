"""The client: discord.py's, with no more intents and memory than digestbot needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from digestbot.platforms.discord.buckets import use_buckets
from digestbot.platforms.discord.budget import Budget
from digestbot.platforms.discord.commands import NewsTree
from digestbot.platforms.discord.conversation import Conversation
from digestbot.platforms.discord.identifies import Identifies
from digestbot.platforms.discord.pressing import pressed
from digestbot.ports import Commands

_log = structlog.get_logger("discord")


@dataclass(frozen=True, slots=True)
class Events:
    """What the rest of the room wants to hear of."""

    ready: Callable[["NewsClient"], None]
    joined: Callable[[discord.Guild], None]
    left: Callable[[int], None]


class NewsClient(discord.AutoShardedClient):
    """One life of the connection. Servers are all it hears of: no messages, no members, nothing privileged."""

    def __init__(
        self,
        commands: Commands,
        conversation: Conversation,
        budget: Budget,
        identifies: Identifies,
        events: Events,
        *,
        shard_count: int | None = None,
        shard_ids: Sequence[int] = (),
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we have no voice
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=30.0,
            http_trace=budget.trace(),
            shard_count=shard_count,
        )
        use_buckets(self)
        self.shard_ids = list(shard_ids) or None
        self.tree = NewsTree(self, commands.verbs, conversation)
        self.add_dynamic_items(pressed(conversation))
        self._identifies = identifies
        self._events = events

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        await super().before_identify_hook(shard_id, initial=initial)
        try:
            await self._identifies.allow(shard_id or 0)
        except Exception:  # noqa: BLE001 - the store is away: an identify that is not counted is better than no connection
            _log.exception("discord.identify_uncounted", shard=shard_id)

    async def on_ready(self) -> None:
        self._events.ready(self)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self._events.joined(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Not called for an outage, which has its own event."""
        self._events.left(guild.id)


def use_addresses(api: str, gateway: str) -> None:
    """Point the library at Discord, a proxy or a test server: its addresses are the process's."""
    Route.BASE = api.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
