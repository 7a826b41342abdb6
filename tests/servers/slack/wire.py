"""Requests and answers of the Web API on the wire, and the ways in which an answer goes missing."""

import asyncio
import base64
import json
import socket
import struct
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.servers.slack.asked import unfold
from tests.servers.slack.faults import Fault, Kind
from tests.servers.slack.refusal import Refusal

PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body><h1>Server Error</h1></body></html>"


async def params_of(request: web.Request) -> dict[str, Any]:
    """From address, form and JSON body together. Slack: `invalid_json`, `json_not_object`."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        raw = await request.read()
        try:
            body = json.loads(raw or b"{}")
        except ValueError as error:
            raise Refusal("invalid_json") from error
        if not isinstance(body, dict):
            raise Refusal("json_not_object")
        return {**params, **unfold(body)}
    return unfold({**params, **await request.post()})


def token_of(request: web.Request, params: Mapping[str, Any]) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else params.get("token")


def client_of(request: web.Request, params: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Id and secret of a client, from the header or the parameters."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        client_id, _, client_secret = base64.b64decode(secret).decode().partition(":")
        return client_id, client_secret
    return params.get("client_id"), params.get("client_secret")


def answer(body: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )


def limited(retry_after: str | None) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return answer({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


def page(status: int) -> web.Response:
    return web.Response(text=PAGE, status=status, content_type="text/html")


async def lose(request: web.Request, good: web.Response, fault: Fault, closing: asyncio.Event) -> web.StreamResponse:
    """What the app gets of a good answer, or in its place."""
    match fault.kind:
        case Kind.ERROR | Kind.LOST_ERROR:
            return answer({"ok": False, "error": fault.error})
        case Kind.STATUS | Kind.LOST:
            return answer({"ok": False, "error": "service_unavailable"}, status=fault.status)
        case Kind.HTML | Kind.LOST_HTML:
            return page(fault.status)
        case Kind.LIMIT:
            return limited(fault.retry_after)
        case Kind.HANG | Kind.LOST_HANG:
            await closing.wait()
        case Kind.LOST_HALF:
            return await _half(request, good)
        case Kind.RESET | Kind.LOST_RESET:
            _reset(request)
    return good


async def _half(request: web.Request, good: web.Response) -> web.StreamResponse:
    whole = good.body if isinstance(good.body, bytes) else b""
    half = web.StreamResponse(status=good.status, headers={"Content-Type": "application/json; charset=utf-8"})
    half.content_length = len(whole)
    await half.prepare(request)
    await half.write(whole[: len(whole) // 2])
    if request.transport:
        request.transport.close()
    return half


def _reset(request: web.Request) -> None:
    if request.transport:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
