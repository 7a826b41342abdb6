"""Gateway sessions: what a shard was told, numbered, so that it can be told again on a resume."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Protocol

from tests.servers.discord.refusals import Json

GUILDS = 1 << 0


class Line(Protocol):
    """A connection's sending end."""

    def send(self, text: str) -> None: ...


@dataclass(eq=False)
class Session:
    """`line` is None while the shard is away; `told` are the dispatches in the order of their sequence numbers."""

    shard: int
    shards: int
    intents: int
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    line: Line | None = None
    told: list[str] = field(default_factory=list)
    ready: bool = False

    @property
    def seq(self) -> int:
        return len(self.told)

    def serves(self, guild: int | None) -> bool:
        """Direct messages are shard 0's."""
        return self.shard == ((guild >> 22) % self.shards if guild is not None else 0)

    def hears(self, event: str) -> bool:
        """Guilds, channels, threads and roles need the GUILDS intent; interactions need none."""
        return event == "INTERACTION_CREATE" or bool(self.intents & GUILDS)

    def dispatch(self, event: str, data: Json) -> None:
        text = json.dumps({"op": 0, "t": event, "s": self.seq + 1, "d": data})
        self.told.append(text)
        if self.line is not None:
            self.line.send(text)

    def resume(self, line: Line, seq: int) -> None:
        """Tell what was missed, then RESUMED."""
        self.line = line
        for text in self.told[seq:]:
            line.send(text)
        self.dispatch("RESUMED", {"_trace": []})


class Sessions:
    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def add(self, session: Session) -> None:
        self._sessions[session.id] = session

    def find(self, id_: object) -> Session | None:
        return self._sessions.get(str(id_))

    def drop(self, session: Session) -> None:
        self._sessions.pop(session.id, None)

    def all(self) -> list[Session]:
        return list(self._sessions.values())

    def of(self, shard: int) -> list[Session]:
        return [session for session in self._sessions.values() if session.shard == shard]

    def announce(self, event: str, data: Json, guild: int | None) -> None:
        """To every session that serves the guild: two processes of one shard both hear it."""
        for session in self._sessions.values():
            if session.ready and session.serves(guild) and session.hears(event):
                session.dispatch(event, data)
