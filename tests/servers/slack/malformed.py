"""Requests that nobody at Slack would send: every one of them has to be turned away without harm."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.servers.slack.signing import FORM, JSON, signature

COMMAND = b"token=t&team_id=T1&command=%2Fnews&text=latest&user_id=U1&channel_id=C1&trigger_id=1.2.3"
MEGABYTE = 1024**2


@dataclass(frozen=True, slots=True)
class Malformed:
    name: str
    body: bytes
    headers: dict[str, str]


def corpus(secret: str, *, now: float | None = None) -> Iterator[Malformed]:
    """`now` is what the app takes for the time."""
    now = time.time() if now is None else now
    yield from _unsigned(now)
    yield from _strange_headers(secret, now)
    yield from _strange_bodies(secret, now)


def signed(secret: str, body: bytes, timestamp: str, content_type: str = FORM) -> dict[str, str]:
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, timestamp, body),
    }


def _unsigned(now: float) -> Iterator[Malformed]:
    yield Malformed("no signature", COMMAND, {"Content-Type": FORM})
    yield Malformed("another secret", COMMAND, signed("another", COMMAND, str(int(now))))
    challenge = json.dumps({"type": "url_verification", "challenge": "c"}).encode()
    yield Malformed("unsigned url_verification", challenge, {"Content-Type": JSON})


def _strange_headers(secret: str, now: float) -> Iterator[Malformed]:
    yield Malformed("301 seconds old", COMMAND, signed(secret, COMMAND, str(int(now) - 301)))
    yield Malformed("302 seconds ahead", COMMAND, signed(secret, COMMAND, str(int(now) + 302)))
    for timestamp in ("abc", "", "1e9", "-1", "9" * 400, "١٢٣"):
        yield Malformed(f"timestamp {timestamp[:8]!r}", COMMAND, signed(secret, COMMAND, timestamp))
    for odd in ("v0=é", "v0=", "v1=00", "v0=" + "0" * 10_000, ""):
        headers = {**signed(secret, COMMAND, str(int(now))), "X-Slack-Signature": odd}
        yield Malformed(f"signature {odd[:8]!r}", COMMAND, headers)
    tampered = COMMAND.replace(b"latest", b"subscribe")
    yield Malformed("tampered body", tampered, signed(secret, COMMAND, str(int(now))))


def _strange_bodies(secret: str, now: float) -> Iterator[Malformed]:
    """Signed well: only the body is wrong."""
    bodies = {
        "not UTF-8": (b"text=\xff\xfe", FORM),
        "broken JSON": (b'{"type": ', JSON),
        "broken payload": (b"payload=%7B%22type", FORM),
        "payload that is no object": (b"payload=%5B1%5D", FORM),
        "JSON that is no object": (b"[1, 2]", JSON),
        "deep JSON": (b"[" * 100_000, JSON),
        "empty": (b"", FORM),
        "another content type": (COMMAND.replace(b"news", b"nothing"), "text/plain"),
        "over a megabyte": (b"text=" + b"x" * MEGABYTE, FORM),
        "unknown command": (COMMAND.replace(b"news", b"nothing"), FORM),
        "unknown interaction": (b"payload=%7B%22type%22%3A%22nothing%22%7D", FORM),
    }
    for name, (body, content_type) in bodies.items():
        yield Malformed(name, body, signed(secret, body, str(int(now)), content_type))
