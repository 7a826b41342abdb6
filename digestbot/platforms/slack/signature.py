"""Signatures: whether a request was signed by Slack, and just now."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=5)
"""How far a request's time may be from ours. Slack: verifying requests."""

_LONGEST_TIMESTAMP: Final = 12


def fresh(timestamp: str | None, now: datetime) -> bool:
    """Whether it is a time, in seconds since 1970, within the window; nothing that a stranger writes raises."""
    if not timestamp or len(timestamp) > _LONGEST_TIMESTAMP or not (timestamp.isascii() and timestamp.isdigit()):
        return False
    return abs(now.timestamp() - int(timestamp)) <= WINDOW.total_seconds()


def genuine(secret: str, body: bytes, timestamp: str, signature: str) -> bool:
    """Over the raw bytes, compared in constant time."""
    signed = b"v0:" + timestamp.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode(errors="replace"))
