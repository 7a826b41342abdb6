"""One websocket of the gateway: what is heard on it, and what waits to be said."""

import asyncio
import json
import zlib
from contextlib import suppress
from enum import IntEnum
from typing import Protocol

from aiohttp import WSMsgType, web

from tests.servers.discord.refusals import Json
from tests.servers.discord.sessions import Session
from tests.servers.discord.snowflakes import Clock

_LARGEST, _MOST_A_MINUTE = 4096, 120


class Op(IntEnum):
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE = 4
    RESUME = 6
    RECONNECT = 7
    MEMBERS = 8
    INVALID = 9
    HELLO = 10
    ACK = 11


class Closed(Exception):
    """The gateway closes the connection with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Listener(Protocol):
    """`hear` may raise `Closed`; `left` is told the code that the client closed with, if any."""

    def hear(self, connection: "Connection", payload: Json) -> None: ...

    def left(self, connection: "Connection", code: int | None) -> None: ...


class Connection:
    """Everything to be sent waits in a queue: a text, a close code, or None for a cut."""

    def __init__(self, listener: Listener, request: web.Request, clock: Clock) -> None:
        self._listener = listener
        self._request = request
        self._clock = clock
        self._socket = web.WebSocketResponse(compress=False, max_msg_size=0)
        self._queue: asyncio.Queue[str | int | None] = asyncio.Queue()
        self._zlib = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._heard: list[float] = []
        self._closing = False
        self.session: Session | None = None
        self.acknowledges = True

    def send(self, text: str) -> None:
        self._queue.put_nowait(text)

    def say(self, op: int, data: object) -> None:
        self.send(json.dumps({"op": op, "t": None, "s": None, "d": data}))

    def close(self, code: int | None) -> None:
        """After what is queued; None cuts the connection without a word."""
        self._queue.put_nowait(code)

    async def run(self, heartbeat_interval: float) -> web.WebSocketResponse:
        await self._socket.prepare(self._request)
        writer = asyncio.create_task(self._write(), name="gateway-writer")
        self._check_query()
        self.say(Op.HELLO, {"heartbeat_interval": int(heartbeat_interval * 1000), "_trace": []})
        try:
            await self._listen()
            if self._closing:
                await writer
        finally:
            writer.cancel()
            self._listener.left(self, None if self._closing else self._socket.close_code)
        return self._socket

    def _check_query(self) -> None:
        query = self._request.query
        if query.get("v") != "10" or query.get("compress") not in {None, "zlib-stream"}:
            self.close(4012)
        elif query.get("encoding") != "json":
            self.close(4002)

    async def _listen(self) -> None:
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                self._listener.hear(self, self._parse(message.data))
            except Closed as closed:
                self.close(closed.code)

    def _parse(self, text: str) -> Json:
        now = self._clock()
        self._heard = [*(at for at in self._heard if at > now - 60), now]
        if len(self._heard) > _MOST_A_MINUTE:
            raise Closed(4008)
        try:
            payload = json.loads(text)
        except ValueError as error:
            raise Closed(4002) from error
        if len(text) > _LARGEST or not isinstance(payload, dict):
            raise Closed(4002)
        return payload

    async def _write(self) -> None:
        with suppress(ConnectionError):
            while isinstance(item := await self._queue.get(), str):
                await self._put(item)
            self._closing = True
            if item is not None:
                await self._socket.close(code=item)
            elif self._request.transport is not None:
                self._request.transport.abort()

    async def _put(self, text: str) -> None:
        if self._zlib is None:
            await self._socket.send_str(text)
        else:
            await self._socket.send_bytes(self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH))
