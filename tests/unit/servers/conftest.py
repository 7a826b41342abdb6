"""The real discord.py against the loopback Discord."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import discord
import pytest

from tests.servers.discord.pointing import pointed
from tests.servers.discord.server import Discord


class FakeTime:
    """The machine's time, moved on by hand."""

    def __init__(self) -> None:
        self.at = 1_790_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> FakeTime:
    return FakeTime()


@pytest.fixture
async def server(clock: FakeTime) -> AsyncIterator[Discord]:
    async with Discord(clock=clock) as server:
        with pointed(server):
            yield server


@pytest.fixture
async def client(server: Discord) -> AsyncIterator[discord.Client]:
    """Logged in, without a gateway."""
    async with new_client() as client:
        await client.login(server.token)
        yield client


class HastyClient(discord.Client):
    """Does not wait five seconds before it identifies anew."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        pass


class HastyShards(discord.AutoShardedClient):
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        pass


def new_client() -> discord.Client:
    return HastyClient(
        intents=discord.Intents(guilds=True),
        max_messages=None,
        chunk_guilds_at_startup=False,
        guild_ready_timeout=0.01,
        max_ratelimit_timeout=30,
    )


Start = Callable[[discord.Client], Awaitable["asyncio.Task[None]"]]


@pytest.fixture
async def start(server: Discord) -> AsyncIterator[Start]:
    """Connects clients until they are ready, or raises what ended them; closes them at the end."""
    running: list[tuple[discord.Client, asyncio.Task[None]]] = []

    async def run(client: discord.Client) -> "asyncio.Task[None]":
        await client.login(server.token)
        task = asyncio.create_task(client.connect())
        running.append((client, task))
        ready = asyncio.create_task(client.wait_until_ready())
        await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if task.done():
            await task
        return task

    yield run
    for client, task in running:
        await client.close()
        await asyncio.wait([task])
