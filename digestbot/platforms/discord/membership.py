"""Membership: which servers digestbot is in, told apart from those that are out for a while."""

import discord
import structlog

from digestbot.platforms.discord.connection import Connection
from digestbot.platforms.discord.targets import PLATFORM, member_of
from digestbot.ports import Clock, Notebook, Tenants

_APPLICATION = "discord.application"
_log = structlog.get_logger("discord")


class Membership:
    """An outage is not a removal: only what Discord says is gone counts as left, and can be undone by coming back."""

    def __init__(self, connection: Connection, tenants: Tenants, notebook: Notebook, clock: Clock) -> None:
        self._connection = connection
        self._tenants = tenants
        self._notebook = notebook
        self._clock = clock

    async def joined(self, guild: discord.Guild) -> None:
        if await self._tenants.returned(PLATFORM, str(guild.id), self._clock.now()):
            _log.info("discord.returned", guild=guild.id)

    async def left(self, guild: int) -> None:
        await self._tenants.left(PLATFORM, str(guild), self._clock.now())
        _log.info("discord.removed", guild=guild, next="its data is deleted when the grace period ends")

    async def compare(self, client: discord.AutoShardedClient) -> None:
        """What happened while we were away; for the servers of our own shards, once all of them are known."""
        if not await self._is_the_same_application(client):
            return
        here = {guild.id for guild in client.guilds}
        for tenant in await self._tenants.all(PLATFORM):
            if member_of(tenant) is not None or not tenant.isdecimal() or not self._connection.owns(int(tenant)):
                continue
            if int(tenant) not in here:
                await self.left(int(tenant))
            elif await self._tenants.returned(PLATFORM, tenant, self._clock.now()):
                _log.info("discord.returned", guild=int(tenant))

    async def _is_the_same_application(self, client: discord.AutoShardedClient) -> bool:
        """The token of another bot is in none of the servers that we know: that is a mistake, not a farewell."""
        ours, known = str(client.application_id), await self._notebook.read(_APPLICATION)
        if known is None:
            await self._notebook.write(_APPLICATION, ours)
        elif known != ours:
            _log.error(
                "discord.other_application",
                known=known,
                now=ours,
                next="the token is of another application than before: nothing is marked as removed; use another home",
            )
        return known in {None, ours}
