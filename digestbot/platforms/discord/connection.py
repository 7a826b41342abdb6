"""The connection: the client of the present life, and what the other parts of the room may ask of it."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import aiohttp
import discord
from discord.http import Route

from digestbot.errors import Away, TryLater
from digestbot.platforms.discord.faults import translated

PATIENCE: Final = timedelta(seconds=20)
"""How long one request may stay without an answer; a doubt is settled only after it."""

_READY_WITHIN: Final = timedelta(seconds=10)
_SOON: Final = timedelta(seconds=5)
_NOT_CONNECTED: Final = "digestbot is not connected to Discord"
_TIMEOUT: Final = aiohttp.ClientTimeout(total=PATIENCE.total_seconds(), sock_connect=10)


class Connection:
    """`client` is None between two lives; `refused` says why there will be no further one."""

    def __init__(self) -> None:
        self.client: discord.AutoShardedClient | None = None
        self.refused: str | None = None
        self._began = asyncio.Event()
        self._ready = asyncio.Event()

    @property
    def ready(self) -> bool:
        """Whether every server of ours is known."""
        return self._ready.is_set()

    def begin(self, client: discord.AutoShardedClient) -> None:
        """Logged in: requests can be made."""
        self.client = client
        self._began.set()

    def set_ready(self) -> None:
        self._ready.set()

    def end(self, refused: str | None = None) -> None:
        self._began.clear()
        self._ready.clear()
        self.client = None
        self.refused = self.refused or refused

    async def present(self) -> discord.AutoShardedClient:
        """The client, logged in. Raises `TryLater`."""
        if self.refused:
            raise TryLater(self.refused, timedelta(minutes=10))
        await _soon(self._began)
        if self.client is None or self.client.is_closed():
            raise Away(_NOT_CONNECTED, _SOON)
        return self.client

    async def guild(self, guild: int) -> discord.Guild | None:
        """From memory: as soon as it is known, or when all are and it is not among them. Raises `TryLater`."""
        client = await self.present()
        found = client.get_guild(guild)
        if found is None or found.unavailable:
            await _soon(self._ready)
            found = client.get_guild(guild)
        return found

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        **parameters: str | int,
    ) -> Any:  # noqa: ANN401 - Discord's JSON
        """One request through the library's buckets; `parameters` fill the path's names. Raises `DeliveryError`s."""
        client = await self.present()
        given: dict[str, Any] = {"timeout": _TIMEOUT}
        given |= {"json": body} if body is not None else {}
        given |= {"params": query} if query is not None else {}
        route = Route(method, path, metadata=None, **parameters)
        try:
            with translated():
                return await client.http.request(route, **given)
        except RuntimeError as fault:
            if not client.is_closed():
                raise
            raise Away(_NOT_CONNECTED, _SOON) from fault  # the session was closed before this left

    def owns(self, guild: int) -> bool:
        """Whether this process's shards hear of that server."""
        client = self.client
        if client is None or not client.shard_count:
            return False
        shards = client.shard_ids or range(client.shard_count)
        return (guild >> 22) % client.shard_count in shards


async def _soon(event: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(_READY_WITHIN.total_seconds()):
            await event.wait()
    except TimeoutError as fault:
        raise Away(_NOT_CONNECTED, _SOON) from fault
