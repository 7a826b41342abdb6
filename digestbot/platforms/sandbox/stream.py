"""The live stream: what happens in the channels, as server-sent events that a browser can resume."""

import asyncio
import json
from collections.abc import Awaitable, Mapping
from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from digestbot.platforms.sandbox.channels import direct, member_of
from digestbot.platforms.sandbox.payloads import Listening, query
from digestbot.platforms.sandbox.record import Record
from digestbot.platforms.sandbox.rows import Happened
from digestbot.platforms.sandbox.view import View
from digestbot.platforms.sandbox.visitor import Visitor
from digestbot.ports import Clock

_BATCH: Final = 100
_BEHIND: Final = 1000
"""A browser that missed more than this many events is told to load the page's messages anew."""


class Stream:
    """Every browser reads the record's log at its own pace, so that live and resumed are one thing.

    Three events: `message` (a message as it stands now, its id the log's seq), `beat` when nothing happened for
    `heartbeat`, `reset` when the browser had better start over. A browser that takes nothing for `patience` is
    dropped: it will come back and resume.
    """

    def __init__(
        self,
        record: Record,
        view: View,
        clock: Clock,
        heartbeat: timedelta = timedelta(seconds=15),
        patience: timedelta = timedelta(seconds=20),
    ) -> None:
        self._record = record
        self._view = view
        self._clock = clock
        self._heartbeat = heartbeat
        self._patience = patience
        self._closed = asyncio.Event()

    async def serve(self, request: web.Request, who: Visitor) -> web.StreamResponse:
        after = await self._start(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        behind = not 0 <= await self._record.cursor() - after <= _BEHIND
        await response.write(b"retry: 2000\n\n" + (_event("reset", {}) if behind else _event("beat", {})))
        if not behind:
            await self._follow(request, response, who, after)
        return response

    def close(self) -> None:
        """End every stream."""
        self._closed.set()

    async def _start(self, request: web.Request) -> int:
        last = request.headers.get("Last-Event-ID") or query(request, Listening).after
        if last is None:
            return await self._record.cursor()
        if isinstance(last, str) and not (last.isascii() and last.isdigit() and len(last) <= len(str(2**62))):
            raise web.HTTPBadRequest(text="Last-Event-ID must be an id that this stream has sent.")
        return int(last)

    async def _follow(self, request: web.Request, response: web.StreamResponse, who: Visitor, after: int) -> None:
        while not self._closed.is_set():
            news = self._record.news
            happened = await self._record.since(after, _BATCH)
            if happened:
                after = happened[-1].seq
                data = b"".join(self._message(entry, who) for entry in happened if _visible(entry, who))
            else:
                await _first(news.wait(), self._closed.wait(), self._clock.sleep(self._heartbeat))
                data = b"" if news.is_set() else _event("beat", {})
            if data and not await self._written(response, data):
                if request.transport is not None:
                    request.transport.abort()  # a farewell would wait for the same browser
                return

    async def _written(self, response: web.StreamResponse, data: bytes) -> bool:
        """Whether the browser took it in time."""
        writing = asyncio.ensure_future(response.write(data))
        await _first(writing, self._clock.sleep(self._patience))
        return not writing.cancelled() and writing.exception() is None

    def _message(self, entry: Happened, who: Visitor) -> bytes:
        return _event("message", {"kind": entry.kind, "message": self._view.message(entry.message, who)}, entry.seq)


def _visible(entry: Happened, who: Visitor) -> bool:
    channel = entry.message.channel
    return member_of(channel) is None or channel == direct(who.id)


def _event(name: str, data: Mapping[str, Any], seq: int | None = None) -> bytes:
    number = "" if seq is None else f"id: {seq}\n"
    return f"event: {name}\n{number}data: {json.dumps(data)}\n\n".encode()


async def _first(*things: Awaitable[object]) -> None:
    """Wait until one is done, then drop the others."""
    tasks = [asyncio.ensure_future(thing) for thing in things]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
