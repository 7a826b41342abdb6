"""Budgets: requests a second, and requests that Discord counts as invalid, kept at the client's own wire."""

import asyncio
import json
import math
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp
from yarl import URL

from digestbot.errors import TryLater
from digestbot.platforms.discord.faults import Limited, ServerFault

WINDOW = 1.005
"""Seconds in which at most `rate` requests may arrive: Discord's second, and a little."""

_EVENLY = 0.9
"""Of a second, over which a second's requests are spread."""

_LOST = 2.0
"""Seconds after which a request without an answer has surely arrived, if it ever does."""

_INVALID_WINDOW = 600.0
_INVALID_LIMIT = 5_000
"""Half of the 10,000 invalid requests in ten minutes after which Discord shuts out an address (topics: rate limits)."""

_INVALID = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
_SHIELD = 60.0
"""Seconds to keep off after a 429 without Discord's own header: the shield in front of it shut us out."""

_LONGEST = 86_400.0
_UNLIMITED = ("/interactions/", "/webhooks/")
"""Interactions and what follows them are outside of the bot's requests a second."""


class Budget:
    """One a token, whatever clients come and go; `trace` puts it under a client's requests.

    A slot is free again a second after its request was *answered*: a request arrives before its answer, so however
    long either travels, no second at Discord's end sees more than `rate` of them. They leave evenly, so that a fan-out
    does not come in bursts that would hold up commands.
    """

    def __init__(self, api: str, rate: int, unauthorized: Callable[[], None] = lambda: None) -> None:
        """`unauthorized` is called whenever Discord refuses the token itself."""
        self._api = str(URL(api)).rstrip("/")
        self._slots = asyncio.Semaphore(rate)
        self._gap = _EVENLY / rate
        self._next = 0.0
        self._unauthorized = unauthorized
        self._invalid: deque[float] = deque()
        self._held_until = 0.0

    @property
    def invalid(self) -> int:
        """Invalid requests within the last ten minutes."""
        now = asyncio.get_running_loop().time()
        while self._invalid and self._invalid[0] <= now - _INVALID_WINDOW:
            self._invalid.popleft()
        return len(self._invalid)

    def trace(self) -> aiohttp.TraceConfig:
        """Waits before a request leaves; raises `Limited` for a 429 and `ServerFault` for 5xx to a write, at once.

        The library would sleep and repeat by itself: ours are repeated by the ledger, which settles doubts first and
        holds no lease while it waits.
        """
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._started)
        trace.on_request_end.append(self._answered)
        trace.on_request_exception.append(self._failed)
        return trace

    async def _started(
        self, _session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestStartParams
    ) -> None:
        context.release = None
        if not self._limited(str(request.url)):
            return
        self._check()
        await self._slots.acquire()
        try:
            await self._turn()
            self._check()
        except BaseException:
            self._slots.release()
            raise
        context.release = _Once(self._slots.release)
        context.release.after(_LOST + WINDOW)

    async def _turn(self) -> None:
        now = asyncio.get_running_loop().time()
        self._next = max(self._next + self._gap, now)
        if self._next > now:
            await asyncio.sleep(self._next - now)

    def _check(self) -> None:
        """Before and after waiting for a slot: a limit may have come meanwhile."""
        now = asyncio.get_running_loop().time()
        if self.invalid >= _INVALID_LIMIT:
            wait = self._invalid[0] + _INVALID_WINDOW - now
            raise TryLater.in_seconds("too many of our requests to Discord were refused lately", wait)
        if self._held_until > now:
            raise Limited(timedelta(seconds=self._held_until - now))

    async def _answered(
        self, _session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestEndParams
    ) -> None:
        response = request.response
        _free(context)
        if response.status in _INVALID and response.headers.get("X-RateLimit-Scope") != "shared":
            self._invalid.append(asyncio.get_running_loop().time())
        if not self._limited(str(request.url)):
            return
        if response.status == HTTPStatus.UNAUTHORIZED:
            self._unauthorized()
        if response.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise await self._held_up(response)
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR and self._writes(request):
            response.close()
            raise ServerFault(response.status)

    async def _failed(
        self, _session: aiohttp.ClientSession, context: SimpleNamespace, _request: aiohttp.TraceRequestExceptionParams
    ) -> None:
        _free(context)

    async def _held_up(self, response: aiohttp.ClientResponse) -> Limited:
        """A limit of the whole token, or the shield in front of Discord, holds up every request."""
        body = await response.read()
        wait, code = _wait(response.headers, body), _code(body)
        response.release()
        if "Via" not in response.headers:
            wait = max(wait, _SHIELD)
        if "Via" not in response.headers or response.headers.get("X-RateLimit-Scope") == "global":
            self._held_until = max(self._held_until, asyncio.get_running_loop().time() + wait)
        return Limited(timedelta(seconds=wait), code)

    def _writes(self, request: aiohttp.TraceRequestEndParams) -> bool:
        path = str(request.url).removeprefix(self._api)
        return request.method in {"POST", "PATCH"} and path.startswith("/channels/")

    def _limited(self, url: str) -> bool:
        return url.startswith(self._api) and not url.removeprefix(self._api).startswith(_UNLIMITED)


def _wait(headers: Mapping[str, str], body: bytes) -> float:
    """Seconds, from the body or the header; one where neither says anything sensible."""
    for read in (lambda: json.loads(body)["retry_after"], lambda: headers["Retry-After"]):
        with suppress(KeyError, TypeError, ValueError):
            seconds = float(read())
            if 0 < seconds < math.inf:
                return min(seconds, _LONGEST)
    return 1.0


def _code(body: bytes) -> int:
    """Some limits are of one message and have a code: few edits of an old one (30046)."""
    with suppress(KeyError, TypeError, ValueError):
        return int(json.loads(body)["code"])
    return 0


class _Once:
    """Frees a slot so many seconds after it was last told to, but never twice."""

    def __init__(self, release: Callable[[], None]) -> None:
        self._release = release
        self._handle: asyncio.TimerHandle | None = None
        self._done = False

    def after(self, seconds: float) -> None:
        if self._handle:
            self._handle.cancel()
        if not self._done:
            self._handle = asyncio.get_running_loop().call_later(seconds, self._fire)

    def _fire(self) -> None:
        self._done = True
        self._release()


def _free(context: SimpleNamespace) -> None:
    if context.release:
        context.release.after(WINDOW)
        context.release = None
