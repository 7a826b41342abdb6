"""Discord's gateway: hello, identify, ready, heartbeats, resumes, and the ways in which a connection ends."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from tests.servers.discord import payloads
from tests.servers.discord.connection import Closed, Connection, Op
from tests.servers.discord.limits import Limits
from tests.servers.discord.record import Record
from tests.servers.discord.refusals import Json
from tests.servers.discord.sessions import Session, Sessions
from tests.servers.discord.snowflakes import Clock
from tests.servers.discord.world import World

PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
_KNOWN = (1 << 26) - 1
_MOST_GUILDS = 2500


@dataclass
class Terms:
    """What a connection needs of the server. `privileged` are the intents granted."""

    token: Callable[[], str]
    application_id: int
    url: str
    heartbeat_interval: float = 41.25
    privileged: int = 0


class Budget:
    """How often shards may identify: so many a day, and one a bucket of `max_concurrency` in five seconds."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self.clock = clock
        self._last: dict[int, float] = {}
        self.used = 0

    @property
    def left(self) -> int:
        return max(0, self._limits.identifies - self.used)

    def take(self, shard: int) -> bool:
        now, bucket = self.clock(), shard % self._limits.max_concurrency
        too_soon = now < self._last.get(bucket, float("-inf")) + self._limits.identify_interval
        if too_soon or not self.left:
            return False
        self._last[bucket] = now
        self.used += 1
        return True


class Gateway:
    """`intents` are those of the last identify."""

    def __init__(self, terms: Terms, world: World, sessions: Sessions, record: Record, budget: Budget) -> None:
        self.terms = terms
        self.clock = budget.clock
        self.intents: int | None = None
        self.budget = budget
        self.connections: list[Connection] = []
        self._world = world
        self._sessions = sessions
        self._record = record

    async def connect(self, request: web.Request) -> web.StreamResponse:
        connection = Connection(self, request, self.clock)
        self.connections.append(connection)
        return await connection.run(self.terms.heartbeat_interval)

    def of(self, shard: int) -> list[Connection]:
        return [each for each in self.connections if each.session is not None and each.session.shard == shard]

    def hear(self, connection: Connection, payload: Json) -> None:
        op, data = payload.get("op"), payload.get("d")
        if op == Op.HEARTBEAT:
            if connection.acknowledges:
                connection.say(Op.ACK, None)
        elif op == Op.IDENTIFY and isinstance(data, dict):
            self._identify(connection, data)
        elif op == Op.RESUME and isinstance(data, dict):
            self._resume(connection, data)
        elif op not in {Op.PRESENCE, Op.VOICE, Op.MEMBERS}:
            raise Closed(4001)
        elif connection.session is None:
            raise Closed(4003)

    def left(self, connection: Connection, code: int | None) -> None:
        """Who closes with 1000 or 1001 ends the session; any other way it may be resumed."""
        self.connections.remove(connection)
        session = connection.session
        if session is not None and session.line is connection:
            session.line = None
            if code in {1000, 1001}:
                self._sessions.drop(session)

    def invalidate(self, connection: Connection, *, resumable: bool) -> None:
        if connection.session is not None and not resumable:
            self._sessions.drop(connection.session)
        connection.say(Op.INVALID, resumable)

    def reconnect(self, connection: Connection) -> None:
        connection.say(Op.RECONNECT, None)

    def _identify(self, connection: Connection, data: Json) -> None:
        if connection.session is not None:
            raise Closed(4005)
        self._authenticate(data)
        shard, shards = self._shard(data)
        self._check_intents(data.get("intents"))
        if not self.budget.take(shard):
            connection.say(Op.INVALID, data=False)
            return
        self._record.identifies.append(data)
        session = Session(shard, shards, data["intents"], line=connection)
        connection.session = session
        self._sessions.add(session)
        self._greet(session)

    def _greet(self, session: Session) -> None:
        guilds = [guild for guild in self._world.guilds.values() if session.serves(guild.id)]
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": payloads.user(self._world.bot) | {"verified": True, "mfa_enabled": True, "email": None},
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "session_type": "normal",
                "resume_gateway_url": self.terms.url,
                "shard": [session.shard, session.shards],
                "application": {"id": str(self.terms.application_id), "flags": 0},
                "private_channels": [],
                "relationships": [],
                "user_settings": {},
                "presences": [],
                "guild_join_requests": [],
                "geo_ordered_rtc_regions": [],
            },
        )
        for guild in guilds:
            if not guild.unavailable:
                session.dispatch("GUILD_CREATE", {**payloads.guild(guild), "unavailable": False})
        session.ready = True

    def _resume(self, connection: Connection, data: Json) -> None:
        self._authenticate(data)
        session, seq = self._sessions.find(data.get("session_id")), data.get("seq")
        if session is None:
            connection.say(Op.INVALID, data=False)
            return
        if not isinstance(seq, int) or seq > session.seq:
            raise Closed(4007)
        self._record.resumes.append(data)
        connection.session = session
        session.resume(connection, seq)

    def _authenticate(self, data: Json) -> None:
        if data.get("token") != self.terms.token():
            raise Closed(4004)

    def _shard(self, data: Json) -> tuple[int, int]:
        shard = data.get("shard", [0, 1])
        whole = isinstance(shard, list) and len(shard) == 2 and all(isinstance(each, int) for each in shard)
        if not whole or not 0 <= shard[0] < shard[1]:
            raise Closed(4010)
        if sum((id_ >> 22) % shard[1] == shard[0] for id_ in self._world.guilds) > _MOST_GUILDS:
            raise Closed(4011)
        return shard[0], shard[1]

    def _check_intents(self, intents: object) -> None:
        if not isinstance(intents, int) or intents & ~_KNOWN:
            raise Closed(4013)
        if intents & PRIVILEGED & ~self.terms.privileged:
            raise Closed(4014)
        self.intents = intents
