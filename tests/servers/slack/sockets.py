"""Socket Mode: connections of the app, envelopes over them, and their acknowledgements."""

import asyncio
import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.slack import wire
from tests.servers.slack.ack import DEADLINE, Ack
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.state import State

CONNECTIONS = 10


@dataclass(eq=False, slots=True)
class Connection:
    """`waiting` holds an acknowledgement to come for each envelope."""

    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    leaving: bool = False

    def heard(self, text: str) -> str | None:
        """Take an acknowledgement; an envelope that nobody waits for is a fault of the app."""
        said = json.loads(text)
        waiting = self.waiting.pop(str(said.get("envelope_id")), None)
        if waiting is None:
            return f"an acknowledgement of an unknown envelope: {text}"
        if not waiting.done():
            waiting.set_result(said.get("payload"))
        return None

    def lost(self) -> None:
        for waiting in self.waiting.values():
            waiting.cancel()


class Sockets:
    """Slack: Socket Mode. Each address works once; each envelope goes to any one connection, by turns."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._numbers = count(1)
        self._tickets: set[str] = set()
        self._turn = 0
        self.deadline = DEADLINE
        self.connections: list[Connection] = []

    def open(self, request: web.Request, params: dict[str, Any]) -> dict[str, Any]:
        """Slack: apps.connections.open."""
        token = wire.token_of(request, params)
        if not token:
            raise Refusal("not_authed")
        if token != self._state.credentials.app_token:
            raise Refusal("not_allowed_token_type" if token.startswith("xoxb-") else "invalid_auth")
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        origin = self._state.origin.replace("http://", "ws://")
        return {"ok": True, "url": f"{origin}/link/?ticket={ticket}&app_id={self._state.credentials.app_id}"}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPUnauthorized
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(timeout=1)
        await socket.prepare(request)
        connection = Connection(socket)
        if len(self.connections) >= CONNECTIONS:
            await self._say(connection, {"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.connections.append(connection)
        await self._say(connection, self._hello())
        self._state.record.bell.ring()
        await self._listen(connection)
        return socket

    async def send(self, kind: str, payload: dict[str, Any], *, answers: bool, retry: dict[str, Any]) -> Ack:
        """One envelope to one connection. Not taken: nobody there, connection lost, or silence for 3 seconds."""
        connection = self._next()
        if connection is None:
            return Ack("dispatch_failed")
        envelope_id = f"envelope-{next(self._numbers)}"
        waiting = connection.waiting[envelope_id] = asyncio.get_running_loop().create_future()
        sent = {"envelope_id": envelope_id, "type": kind, "payload": payload, "accepts_response_payload": answers}
        started = asyncio.get_running_loop().time()
        try:
            await self._say(connection, {**sent, **retry})
            body = await asyncio.wait_for(asyncio.shield(waiting), self.deadline)
        except TimeoutError:
            return Ack("timeout", self.deadline)
        except (ConnectionError, asyncio.CancelledError):
            if not waiting.cancelled():
                raise
            return Ack("connection_failed")
        if body is not None and not answers:
            self._state.record.problems.append(f"an answer to an envelope that takes none: {body}")
        return Ack(seconds=asyncio.get_running_loop().time() - started, body=body)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every app to connect anew; no further envelope goes to the old connections, unless it is a warning.

        The app is the one to close them.
        """
        for connection in list(self.connections):
            connection.leaving = reason != "warning"
            await self._say(connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": "loopback"}})

    async def drop(self) -> None:
        """Close every connection without a word."""
        for connection in list(self.connections):
            await connection.socket.close()

    async def _listen(self, connection: Connection) -> None:
        try:
            async for message in connection.socket:
                if message.type is WSMsgType.TEXT:
                    problem = connection.heard(message.data)
                    self._state.record.problems += [problem] if problem else []
        finally:
            self.connections.remove(connection)
            connection.lost()
            self._state.record.bell.ring()

    def _next(self) -> Connection | None:
        ready = [connection for connection in self.connections if not connection.leaving]
        if not ready:
            return None
        self._turn += 1
        return ready[self._turn % len(ready)]

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "loopback", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._state.credentials.app_id},
        }

    @staticmethod
    async def _say(connection: Connection, message: dict[str, Any]) -> None:
        await connection.socket.send_str(json.dumps(message))
