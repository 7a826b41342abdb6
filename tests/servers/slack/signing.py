"""Requests to the app over HTTP: signed as Slack signs them, and what came back."""

import asyncio
import hashlib
import hmac
import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import aiohttp

from tests.servers.slack.ack import DEADLINE, Ack, read

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack: verifying requests, version 0."""
    signed = b":".join((b"v0", timestamp.encode(), body))
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


@dataclass(slots=True)
class Outbox:
    """`timestamps` is the system's time even beside a fake clock: the app's library compares with that."""

    secret: str
    base: str = ""
    path: str = "/slack/events"
    deadline: float = DEADLINE
    timestamps: Callable[[], float] = time.time

    def headers(self, body: bytes, content_type: str) -> dict[str, str]:
        timestamp = str(int(self.timestamps()))
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self.secret, timestamp, body),
        }

    async def post(self, body: bytes, content_type: str, more: Mapping[str, str] | None = None) -> Ack:
        return await self.send(body, {**self.headers(body, content_type), **(more or {})})

    async def send(self, body: bytes, headers: Mapping[str, str]) -> Ack:
        """As given, signed or not."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        timeout = aiohttp.ClientTimeout(total=self.deadline)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self.base + self.path, data=io.BytesIO(body), headers=headers) as response,
            ):
                text = await response.text(errors="replace")
        except TimeoutError:
            return Ack("http_timeout", self.deadline)
        except aiohttp.ClientError:
            return Ack("connection_failed")
        failure = None if response.status == 200 else "http_error"
        no_retry = response.headers.get("X-Slack-No-Retry") == "1"
        return Ack(failure, loop.time() - started, response.status, read(text), no_retry)
