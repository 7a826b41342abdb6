"""Membership: which servers digestbot is in, told apart from those that are out for a while."""

from collections.abc import Callable

import discord
import structlog

from digestbot.platforms.discord.connection import Connection
from digestbot.platforms.discord.targets import PLATFORM, member_of
from digestbot.ports import Clock, Notebook, Tenants

_APPLICATION = "discord.application"
_FEW = 20
_log = structlog.get_logger("discord")


class Membership:
    """An outage is not a removal: only what Discord says is gone counts as left, and can be undone by coming back."""

    def __init__(
        self,
        connection: Connection,
        tenants: Tenants,
        notebook: Notebook,
        clock: Clock,
        caught_up: Callable[[], None],
    ) -> None:
        """`caught_up` is called when a server is back: what changed meanwhile is to be corrected there."""
        self._connection = connection
        self._tenants = tenants
        self._notebook = notebook
        self._clock = clock
        self._caught_up = caught_up

    async def joined(self, guild: discord.Guild) -> None:
        await self._returned(str(guild.id))

    async def left(self, guild: int) -> None:
        await self._tenants.left(PLATFORM, str(guild), self._clock.now())
        _log.info("discord.removed", guild=guild, next="its data is deleted when the grace period ends")

    async def compare(self, client: discord.AutoShardedClient) -> None:
        """What happened while we were away; for the servers of our own shards, once all of them are known.

        Whether a server is ours is looked up at its turn: it may join while the others are gone through. Where very
        many are missing at once, Discord has an incident rather than we a bad day.
        """
        departed = await self._tenants.departed(PLATFORM)
        known = [tenant for tenant in await self._tenants.all(PLATFORM) if self._is_own(tenant)]
        for tenant in [each for each in known if each in departed and client.get_guild(int(each))]:
            await self._returned(tenant)
        standing = [tenant for tenant in known if tenant not in departed]
        missing = [tenant for tenant in standing if client.get_guild(int(tenant)) is None]
        if len(missing) > max(_FEW, len(standing) // 3):
            _log.error(
                "discord.many_missing", missing=len(missing), known=len(standing), next="believed next time only"
            )
            return
        for tenant in missing:
            if client.get_guild(int(tenant)) is None:
                await self.left(int(tenant))

    def _is_own(self, tenant: str) -> bool:
        return member_of(tenant) is None and tenant.isdecimal() and self._connection.owns(int(tenant))

    async def stranger(self, client: discord.AutoShardedClient) -> str | None:
        """A sentence if the token is of another application than before.

        Such a bot is in none of the servers that we know: that is a mistake, not a farewell.
        """
        ours, known = str(client.application_id), await self._notebook.read(_APPLICATION)
        if known is None:
            await self._notebook.write(_APPLICATION, ours)
        if known in {None, ours}:
            return None
        return (
            f"The token is of another application ({ours}) than this home has worked for ({known}): set the right"
            " DIGESTBOT_DISCORD__TOKEN, or give this bot another --home."
        )

    async def _returned(self, tenant: str) -> None:
        if await self._tenants.returned(PLATFORM, tenant, self._clock.now()):
            _log.info("discord.returned", guild=int(tenant))
            self._caught_up()
