"""Discord's messenger with the real client, connected to a server that keeps Discord's rules."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from digestbot.platforms.discord.platform import DiscordOptions, DiscordPlatform
from digestbot.runtime.clock import SystemClock
from tests.fakes import FakeLedger, FakeNotebook, FakeSubscriptions, FakeTenants, NoCommands
from tests.servers.discord.server import Discord


@dataclass(frozen=True)
class Connected:
    server: Discord
    platform: DiscordPlatform


@asynccontextmanager
async def connected() -> AsyncIterator[Connected]:
    """Without limits of rate; servers and channels may be made before and after."""
    async with Discord() as server:
        server.limits.off()
        options = DiscordOptions(token=server.token, api_base=server.api, gateway_url=server.gateway)
        subscriptions = FakeSubscriptions()
        tenants = FakeTenants(subscriptions, FakeLedger(subscriptions=subscriptions))
        platform = DiscordPlatform(options, tenants, FakeNotebook(), SystemClock())
        run = asyncio.create_task(platform.run(NoCommands()))
        await server.wait_ready()
        yield Connected(server, platform)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
