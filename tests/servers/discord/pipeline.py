"""The way of a request: the fault it meets, who it is from, how many came before it, and the answer on the wire."""

import asyncio
import json
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from tests.servers.discord.calls import Answer, Call, read
from tests.servers.discord.faults import BEFORE, Fault, Faults, Kind
from tests.servers.discord.limits import Gate, TooMany
from tests.servers.discord.record import Record, Request
from tests.servers.discord.refusals import Json, Refusal, unauthorized
from tests.servers.discord.snowflakes import Clock

_HTML = "<html><head><title>{status}</title></head><body>cloudflare</body></html>"
_VIA = {"Via": "1.1 google"}


@dataclass(frozen=True, slots=True)
class Route:
    """`name` is what faults and limits call it. `open` ones need no token and do not count to the global limit."""

    name: str
    method: str
    path: str
    handler: Callable[[Call], Answer]
    open: bool = False


@dataclass
class _Outcome:
    answer: Answer
    headers: dict[str, str]
    code: int = 0
    scope: str | None = None


class Pipeline:
    def __init__(
        self,
        *,
        token: Callable[[], str],
        faults: Faults,
        gate: Gate,
        record: Record,
        clock: Clock,
        next_id: Callable[[], int],
    ) -> None:
        self._token = token
        self._faults = faults
        self._gate = gate
        self._record = record
        self._clock = clock
        self._next_id = next_id
        self.closing = asyncio.Event()

    async def serve(self, route: Route, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        fault = self._faults.take(route.name, _channel(request), raw)
        if fault is not None and fault.kind is Kind.LATE:
            await asyncio.sleep(fault.delay)
        before = fault if fault is not None and fault.kind in BEFORE else None
        outcome = _refused(before) if before else self._judge(route, request, raw)
        self._note(route, request, raw, outcome, fault)
        if fault is not None and fault.kind in _WITHOUT_ANSWER:
            return await self._unanswered(fault, request, outcome)
        if fault is not None and fault.kind is Kind.LOST:
            outcome = _refused(fault)
        return _response(outcome)

    def _judge(self, route: Route, request: web.Request, raw: bytes) -> _Outcome:
        headers: dict[str, str] = {}
        try:
            if not route.open:
                if request.headers.get("Authorization") != f"Bot {self._token()}":
                    raise unauthorized()
                self._gate.enter_global()
            headers = self._gate.enter(route.name, _major(request))
            answer = self._handled(route, request, raw)
        except TooMany as refused:
            return _Outcome(Answer(refused.body, 429), headers | refused.headers, refused.code, refused.scope)
        except Refusal as refused:
            return _Outcome(Answer(refused.body, refused.status), headers, refused.code)
        return _Outcome(answer, headers)

    def _handled(self, route: Route, request: web.Request, raw: bytes) -> Answer:
        """A crash of ours must not pass for an outage of Discord's."""
        try:
            return route.handler(read(request, raw, self._next_id))
        except Refusal:
            raise
        except Exception as error:
            self._record.crashes.append(error)
            raise

    def _note(self, route: Route, request: web.Request, raw: bytes, outcome: _Outcome, fault: Fault | None) -> None:
        answered = fault is None or fault.kind not in {Kind.RESET, Kind.HANG}
        self._record.add(
            Request(
                route=route.name,
                method=route.method,
                path=request.path,
                at=self._clock(),
                body=_json(raw),
                status=outcome.answer.status if answered else 0,
                code=outcome.code,
                scope=outcome.scope,
                fault=None if fault is None else fault.kind.value,
                channel=_channel(request),
            ),
            counted=answered and not route.open,
        )

    async def _unanswered(self, fault: Fault, request: web.Request, outcome: _Outcome) -> web.StreamResponse:
        transport = request.transport
        if fault.kind in {Kind.HANG, Kind.LOST_HANG}:
            await self.closing.wait()
        elif transport is not None and fault.kind is Kind.LOST_HALF:
            text = json.dumps(outcome.answer.json).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
            transport.write(head.encode() + text[: len(text) // 2])
            transport.close()
        elif transport is not None:
            _reset(transport)
        return web.Response(status=500)


_WITHOUT_ANSWER = {Kind.RESET, Kind.HANG, Kind.LOST_RESET, Kind.LOST_HALF, Kind.LOST_HANG}


def _refused(fault: Fault) -> _Outcome:
    if fault.kind is Kind.LIMIT:
        return _limited(fault)
    if fault.kind is Kind.CLOUDFLARE:
        scope = "cloudflare" if fault.status == 429 else None
        return _Outcome(Answer(_HTML.format(status=fault.status), fault.status), {"Server": "cloudflare"}, scope=scope)
    if fault.status in {502, 504, 524}:
        return _Outcome(Answer(_HTML.format(status=fault.status), fault.status), {})
    body = {"message": fault.message or f"{fault.status}: planned", "code": fault.code}
    return _Outcome(Answer(body, fault.status), {}, fault.code)


def _limited(fault: Fault) -> _Outcome:
    if fault.retry_after is None:
        refused = TooMany(0.0, fault.scope, {}, fault.code or None)
        del refused.body["retry_after"], refused.headers["Retry-After"]
    else:
        refused = TooMany(fault.retry_after, fault.scope, {}, fault.code or None)
    return _Outcome(Answer(None if fault.bare else refused.body, 429), refused.headers, fault.code, fault.scope)


def _response(outcome: _Outcome) -> web.Response:
    """JSON's content type has no charset: discord.py takes anything longer for text."""
    body, status, headers = outcome.answer.json, outcome.answer.status, dict(outcome.headers)
    if "Server" not in headers:
        headers |= _VIA
    if body is None:
        return web.Response(status=status, headers=headers)
    if isinstance(body, str):
        return web.Response(text=body, status=status, headers=headers, content_type="text/html")
    headers["Content-Type"] = "application/json"
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers)


def _reset(transport: asyncio.Transport) -> None:
    """RST instead of FIN: what is unsent is thrown away."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _channel(request: web.Request) -> int | None:
    text = request.match_info.get("channel", "")
    return int(text) if text.isdecimal() else None


def _major(request: web.Request) -> str:
    return "/".join(request.match_info.get(name, "") for name in ("channel", "guild", "webhook", "token"))


def _json(raw: bytes) -> Json:
    try:
        found = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {"list": found}
