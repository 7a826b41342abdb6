"""A loopback Discord: REST API v10 and gateway, for the real discord.py to run against, with a record of its own."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.servers.discord import payloads
from tests.servers.discord.access import Access
from tests.servers.discord.bodies import Body, created
from tests.servers.discord.commands import Commands
from tests.servers.discord.faults import Faults
from tests.servers.discord.gateway import Budget, Gateway, Terms
from tests.servers.discord.interactions import Interactions
from tests.servers.discord.limits import Gate, Limits
from tests.servers.discord.members import Members
from tests.servers.discord.message import Message
from tests.servers.discord.options import Attachment
from tests.servers.discord.permissions import ALL_NEEDED, Overwrite
from tests.servers.discord.pipeline import Pipeline, Route
from tests.servers.discord.posts import EVERY_KIND, Posts
from tests.servers.discord.record import Record
from tests.servers.discord.refusals import Json
from tests.servers.discord.routes import (
    channel_routes,
    command_routes,
    guild_routes,
    interaction_routes,
    message_routes,
    own_routes,
)
from tests.servers.discord.sessions import Sessions
from tests.servers.discord.snowflakes import Clock
from tests.servers.discord.threads import Threads
from tests.servers.discord.watch import Watch
from tests.servers.discord.world import Channel, Guild, User, World

API, GATEWAY = "/api/v10", "/gateway"


@dataclass(eq=False, repr=False)
class Discord:
    """Listens while entered, on a port of the system's choice.

    `clock` tells windows, ages and deadlines in seconds; ids carry its time if it counts from 1970, else the machine's.
    `privileged` are the intents that this application was granted; `heartbeat_interval` is in seconds.
    """

    clock: Clock = time.time
    token: str = "MTA.canary.discord-token"
    privileged: int = 0
    heartbeat_interval: float = 41.25
    record: Record = field(default_factory=Record)
    faults: Faults = field(default_factory=Faults)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self._watch = Watch()
        self._sessions = Sessions()
        self.world = World(self.clock, self._announce)
        self.application_id = self.bot_id = self.world.bot.id
        self._access = Access(self.world)
        self._posts = Posts(self._access, self.record, self.limits, self.clock)
        self._threads = Threads(self._access, self._posts, self.record, self.limits)
        self._commands = Commands(self.world.ids, self.application_id)
        self._interactions = Interactions(self.world, self._posts, self.clock, self._watch)
        self._files: dict[str, bytes] = {}
        members = Members(self.world, self._commands, self._interactions, self._keep)
        self.command, self.autocomplete, self.press = members.command, members.autocomplete, members.press
        self._terms = Terms(lambda: self.token, self.application_id, "", self.heartbeat_interval, self.privileged)
        budget = Budget(self.limits, self.clock)
        self._gateway = Gateway(self._terms, self.world, self._sessions, self.record, budget)

    async def __aenter__(self) -> Self:
        gate = Gate(self.limits, self.clock, self.world.ids.wall)
        self._pipeline = Pipeline(
            token=lambda: self.token,
            faults=self.faults,
            gate=gate,
            record=self.record,
            clock=self.clock,
            next_id=self.world.ids.next,
        )
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.api = f"http://127.0.0.1:{port}{API}"
        self.gateway = self._terms.url = f"ws://127.0.0.1:{port}{GATEWAY}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipeline.closing.set()
        for connection in self._gateway.connections:
            connection.close(None)
        await self._runner.cleanup()
        if kind is None and self.record.crashes:
            raise AssertionError("the loopback Discord itself broke on a request") from self.record.crashes[0]

    # the world

    def guild(
        self,
        name: str = "Guild",
        *,
        permissions: int = ALL_NEEDED,
        unavailable: bool = False,
        owner: int | None = None,
    ) -> Guild:
        """One that the bot is a member of, with a role of these permissions."""
        return self.world.guild(name, permissions, owner, unavailable=unavailable)

    def remove_guild(self, guild: Guild) -> None:
        """The bot is thrown out."""
        del self.world.guilds[guild.id]
        self._announce("GUILD_DELETE", {"id": str(guild.id)}, guild.id)

    def make_unavailable(self, guild: Guild) -> None:
        guild.unavailable = True
        self._announce("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild.id)

    def make_available(self, guild: Guild) -> None:
        guild.unavailable = False
        guild.tell("GUILD_CREATE", {**payloads.guild(guild), "unavailable": False})

    def delete_channel(self, channel: Channel) -> None:
        self._threads.remove(channel)

    def set_permissions(self, channel: Channel, *, deny: int, allow: int = 0) -> None:
        """The bot's own overwrite in this channel."""
        assert channel.guild, "only channels of guilds have permissions"
        channel.overwrites[self.bot_id] = Overwrite(self.bot_id, allow, deny, member=True)
        channel.guild.tell("CHANNEL_UPDATE", payloads.channel(channel))

    def foreign_message(self, channel: Channel, body: Json, author: User | None = None) -> Message:
        """One that another bot posted; it may hold anything that Discord takes."""
        author = author or self.world.user("another bot", bot=True)
        return self._posts.add(channel, body, created(Body(body)), EVERY_KIND, author=author)

    def delete_message(self, message: Message) -> None:
        """As a moderator would."""
        message.deleted = True

    # the gateway

    @property
    def intents(self) -> int | None:
        """Those of the last shard that identified."""
        return self._gateway.intents

    async def wait_ready(self, shards: int = 1) -> None:
        """Until so many shards are connected and were told of their guilds."""

        def ready() -> bool:
            sessions = self._sessions.all()
            return len({each.shard for each in sessions if each.ready and each.line is not None}) >= shards

        await self._watch.until(ready, f"no {shards} shards came to be ready")

    async def until(self, true: Callable[[], object], otherwise: str = "it never came true") -> None:
        """For what happens some time after a request; AssertionError if it does not."""
        await self._watch.until(true, otherwise)

    def drop(self, shard: int = 0, code: int | None = None) -> None:
        """Close the shard's connections with a code, or cut them without one."""
        for connection in self._gateway.of(shard):
            connection.close(code)

    def reconnect(self, shard: int = 0) -> None:
        """Ask the shard to connect anew and resume."""
        for connection in self._gateway.of(shard):
            self._gateway.reconnect(connection)

    def invalidate(self, shard: int = 0, *, resumable: bool = False) -> None:
        for connection in self._gateway.of(shard):
            self._gateway.invalidate(connection, resumable=resumable)

    def silence(self, shard: int = 0) -> None:
        """Heartbeats are no longer acknowledged."""
        for connection in self._gateway.of(shard):
            connection.acknowledges = False

    def send_raw(self, shard: int, payload: Json | str) -> None:
        """Anything at all, outside of the session's numbers."""
        for connection in self._gateway.of(shard):
            connection.send(payload if isinstance(payload, str) else json.dumps(payload))

    def _announce(self, event: str, data: Json, guild: int | None) -> None:
        self._sessions.announce(event, data, guild)

    def _routes(self) -> list[Route]:
        return [
            *own_routes(self.world, self._gateway, self.limits),
            *guild_routes(self._access),
            *channel_routes(self._access, self._threads),
            *message_routes(self._access, self._posts),
            *command_routes(self._access, self._commands, self.application_id),
            *interaction_routes(self._interactions),
        ]

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=0)
        application.router.add_get(GATEWAY, self._gateway.connect)
        application.router.add_get("/attachments/{id}/{name}", self._file)
        for route in self._routes():
            application.router.add_route(route.method, API + route.path, self._handler(route))
        return application

    def _keep(self, id_: int, file: Attachment) -> str:
        """Serve a file as Discord's CDN would."""
        path = f"/attachments/{id_}/{file.filename}"
        self._files[path] = file.content
        return self.api.removesuffix(API) + path

    async def _file(self, request: web.Request) -> web.Response:
        if request.path not in self._files:
            raise web.HTTPNotFound
        return web.Response(body=self._files[request.path])

    def _handler(self, route: Route) -> Any:  # noqa: ANN401 - aiohttp's own type of handlers
        async def handle(request: web.Request) -> web.StreamResponse:
            response = await self._pipeline.serve(route, request)
            self._watch.changed()
            return response

        return handle
