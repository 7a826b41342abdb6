"""The door: what comes to Slack's address over HTTP is proved and opened here, before Bolt sees any of it."""

import asyncio
import logging
from datetime import timedelta
from typing import Any, Final

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from digestbot.errors import StartupError
from digestbot.platforms.slack.envelope import FORM, JSON, Unreadable, opened
from digestbot.platforms.slack.once import Memory
from digestbot.platforms.slack.signature import WINDOW, fresh, genuine
from digestbot.ports import Clock

PATH: Final = "/slack/events"
PATHS: Final = (PATH,)
"""For the web server's `open_paths`: Slack comes under the public name, and signs."""

LARGEST: Final = 1024 * 1024
"""Bytes of a body."""

_TOLD_ON: Final = ("X-Slack-Retry-Num", "X-Slack-Retry-Reason")
_LONGEST_SSL_CHECK: Final = 1024
_MOST_REMEMBERED: Final = 10_000
_FAULT: Final = 500

_log = structlog.get_logger("slack")


class Door:
    """Refuses strangers, the late and the malformed, brings nothing twice, and never answers 5xx.

    `app` is built with `request_verification_enabled=False, ssl_check_enabled=False`. `patience` is how long a whole
    body may take; Slack itself waits for three seconds.
    """

    def __init__(
        self, app: AsyncApp, signing_secret: str, clock: Clock, patience: timedelta = timedelta(seconds=3)
    ) -> None:
        if not signing_secret.strip():
            raise StartupError(
                "Slack's requests cannot be checked without the signing secret of the app: set "
                "DIGESTBOT_SLACK__SIGNING_SECRET (Slack shows it under Basic Information)."
            )
        self._app = app
        self._secret = signing_secret
        self._clock = clock
        self._patience = patience.total_seconds()
        self._seen = Memory(clock, _MOST_REMEMBERED, 2 * WINDOW)
        self._said = Memory(clock, 1, timedelta(minutes=1))
        app.logger.setLevel(max(logging.ERROR, app.logger.level))  # its warnings hold what people wrote

    @property
    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.serve)]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if request.content_type not in (JSON, FORM) or "Content-Encoding" in request.headers:
            raise web.HTTPUnsupportedMediaType(text="Slack sends JSON or a form.")
        raw = await self._read(request)
        if _is_ssl_check(raw):
            return web.Response()
        signature = request.headers.get("X-Slack-Signature")
        self._prove(request.headers.get("X-Slack-Request-Timestamp"), raw, signature)
        try:
            body = opened(raw, request.content_type)
            asked = _bolt_request(body, request)
        except Unreadable as error:
            raise web.HTTPBadRequest(text="This is no request of Slack's.") from error
        if not self._seen.first(str(signature)):
            return web.Response()
        return await self._dispatch(asked, str(signature))

    async def _read(self, request: web.Request) -> bytes:
        """The web server's own limit is for people's forms, and smaller."""
        body = bytearray()
        if (request.content_length or 0) > LARGEST:
            raise web.HTTPRequestEntityTooLarge(LARGEST, request.content_length or 0)
        try:
            async with asyncio.timeout(self._patience):
                while chunk := await request.content.readany():
                    body += chunk
                    if len(body) > LARGEST:
                        raise web.HTTPRequestEntityTooLarge(LARGEST, len(body))
        except TimeoutError as error:
            raise web.HTTPRequestTimeout(text="The body took too long.") from error
        except (web.RequestPayloadError, OSError) as error:
            raise web.HTTPBadRequest(text="The body is broken.") from error
        return bytes(body)

    def _prove(self, timestamp: str | None, raw: bytes, signature: str | None) -> None:
        if timestamp is None or signature is None or not fresh(timestamp, self._clock.now()):
            raise web.HTTPUnauthorized(text="The request is unsigned, or its time is not ours.")
        if not genuine(self._secret, raw, timestamp, signature):
            if self._said.first("signature"):
                _log.warning("slack.signature_wrong", hint="compare DIGESTBOT_SLACK__SIGNING_SECRET with the app's")
            raise web.HTTPUnauthorized(text="The signature is wrong.")

    async def _dispatch(self, asked: AsyncBoltRequest, signature: str) -> web.StreamResponse:
        """404 lets Slack tell a person that it failed, and bring an event again; an event nobody wants is taken."""
        answer = await self._app.async_dispatch(asked)
        if answer.status < _FAULT and answer.status != web.HTTPNotFound.status_code:
            return await to_aiohttp_response(answer)
        kind = str(asked.body.get("type") or ("command" if "command" in asked.body else None))
        _log.warning("slack.unanswered", kind=kind[:40], status=answer.status)
        if answer.status >= _FAULT:
            self._seen.forget(signature)
            return web.Response(status=404)
        return web.Response(status=200 if kind == "event_callback" else 404)


def _is_ssl_check(raw: bytes) -> bool:
    """Slack looks at the certificate of a command's address in this way, unsigned."""
    return len(raw) <= _LONGEST_SSL_CHECK and b"ssl_check=1" in raw.split(b"&")


def _bolt_request(body: dict[str, Any], request: web.Request) -> AsyncBoltRequest:
    """As it comes over the socket, opened already: Bolt's own reading of forms loses a command that says “payload”."""
    headers = {name: request.headers[name] for name in _TOLD_ON if name in request.headers}
    try:
        return AsyncBoltRequest(body=body, headers=dict(headers), mode="socket_mode")
    except Exception as error:  # what Bolt cannot find its way in has another shape than anything of Slack's
        raise Unreadable from error
