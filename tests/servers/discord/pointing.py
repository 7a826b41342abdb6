"""Points discord.py at a loopback Discord, and back."""

from collections.abc import Iterator
from contextlib import contextmanager

import discord.gateway
import discord.http
import yarl

from tests.servers.discord.server import Discord


@contextmanager
def pointed(server: Discord) -> Iterator[None]:
    """Every client that is made and run within talks to the server."""
    route, socket = discord.http.Route, discord.gateway.DiscordWebSocket
    base, gateway = route.BASE, socket.DEFAULT_GATEWAY
    route.BASE, socket.DEFAULT_GATEWAY = server.api, yarl.URL(server.gateway)
    try:
        yield
    finally:
        route.BASE, socket.DEFAULT_GATEWAY = base, gateway
