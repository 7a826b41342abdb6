"""The supervisor: one life of the connection after another, and a sentence for each way in which one can end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import aiohttp
import discord
import structlog

from digestbot.errors import DeliveryError, StartupError
from digestbot.platforms.discord.client import NewsClient
from digestbot.platforms.discord.connection import Connection
from digestbot.platforms.discord.faults import Limited
from digestbot.ports import Clock

_FIRST: Final = timedelta(seconds=2)
_LONGEST: Final = timedelta(minutes=5)
_STEADY: Final = timedelta(minutes=10)
"""A life that lasted so long was a good one: the next wait is short again."""

_RENEW: Final = (
    "Discord refuses the bot's token. Make a new one in the developer portal (your application → Bot → Reset Token),"
    " set DIGESTBOT_DISCORD__TOKEN to it, and start digestbot again."
)
_INTENTS: Final = "Discord does not grant the intents that digestbot asks for: install a newer digestbot."
_TOKEN_REFUSED: Final = 4004
_FATAL: Final = {
    _TOKEN_REFUSED: _RENEW,
    4010: "Discord does not know one of our shards: put discord.shard_count and discord.shard_ids right.",
    4011: "Discord asks for more shards: raise discord.shard_count, or take it out so that digestbot asks Discord.",
    4012: "Discord does not know this version of its gateway any more: install a newer digestbot.",
    4013: _INTENTS,
    4014: _INTENTS,
}
_EXPECTED: Final = (OSError, TimeoutError, aiohttp.ClientError, discord.DiscordException, Limited, DeliveryError)
_log = structlog.get_logger("discord")


class Stranger(Exception):
    """The token works, and is not the one that this home has worked with."""


class Supervisor:
    """`make` builds the client of the next life, `prepare` does what is to be done once it is logged in."""

    def __init__(
        self,
        make: Callable[[], NewsClient],
        prepare: Callable[[NewsClient], Awaitable[None]],
        token: str,
        connection: Connection,
        clock: Clock,
    ) -> None:
        self._make = make
        self._prepare = prepare
        self._token = token
        self._connection = connection
        self._clock = clock
        self._wait = _FIRST
        self._worked = False
        self._closing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Until cancelled, or until Discord does not want us any more.

        Raises `StartupError` for a token that never worked; one that is revoked later ends Discord alone.
        """
        while self._connection.refused is None:
            began = self._clock.now()
            try:
                await self._live()
            except discord.LoginFailure as fault:
                if not self._worked:
                    raise StartupError(_RENEW) from fault
                self._refuse(_RENEW)
            except Stranger as fault:
                self._refuse(str(fault))
            except discord.PrivilegedIntentsRequired:
                self._refuse(_INTENTS)
            except discord.ConnectionClosed as fault:
                self._closed(fault)
            except _EXPECTED as fault:
                _log.warning("discord.unreachable", reason=str(fault) or type(fault).__name__, again_in=str(self._wait))
            except Exception:  # noqa: BLE001 - something in Discord's events breaks the library: begin anew
                _log.exception("discord.crashed", again_in=str(self._wait), next="report this if it happens again")
            else:
                _log.warning("discord.closed", again_in=str(self._wait))
            await self._rest(began)

    def revoked(self) -> None:
        """A request was answered with 401: nothing more is asked with this token."""
        client = self._connection.client
        if client is not None:
            self._refuse(_RENEW)
            self._closing = asyncio.create_task(client.close(), name="discord-close")

    def _refuse(self, sentence: str) -> None:
        if self._connection.refused is None:
            _log.error("discord.refused", next=sentence)
        self._connection.end(refused=sentence)

    def _closed(self, fault: discord.ConnectionClosed) -> None:
        sentence = _FATAL.get(fault.code)
        if sentence:
            self._refuse(sentence)
        else:
            _log.warning("discord.disconnected", code=fault.code, again_in=str(self._wait))

    async def _live(self) -> None:
        """One life: log in, see how many sessions are left, connect, and stay until it ends."""
        async with self._make() as client:
            try:
                await client.login(self._token)
                self._worked = True
                await self._sessions(client)
                self._connection.begin(client)
                await self._prepare(client)
                await client.connect()
            finally:
                self._connection.end()

    async def _sessions(self, client: NewsClient) -> None:
        """Wait where Discord would reset the token: it counts the sessions of all our processes."""
        shards, _, limit = await client.http.get_bot_gateway()
        client.shard_count = client.shard_count or shards
        wanted = len(client.shard_ids or range(client.shard_count))
        if limit["remaining"] > wanted + limit["total"] // 20:
            return
        wait = timedelta(milliseconds=limit["reset_after"])
        _log.error(
            "discord.sessions_spent",
            remaining=limit["remaining"],
            wait=str(wait),
            next="digestbot connected too often today: look above for why; it connects when Discord's day is over",
        )
        await self._clock.sleep(wait)

    async def _rest(self, began: datetime) -> None:
        if self._connection.refused is not None:
            return
        steady = self._clock.now() - began > _STEADY
        wait = _FIRST if steady else self._wait
        self._wait = min(wait * 2, _LONGEST)
        await self._clock.sleep(wait)
