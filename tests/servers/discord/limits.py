"""Rates as Discord keeps them: buckets of routes told by headers, a global limit, and budgets of the gateway."""

import hashlib
import math
from collections import deque
from dataclasses import dataclass, field

from tests.servers.discord.refusals import WORDS, Refusal
from tests.servers.discord.snowflakes import Clock


@dataclass(frozen=True, slots=True)
class Rate:
    """`calls` in each window of `seconds`."""

    calls: int
    seconds: float


def _routes() -> dict[str, Rate]:
    """As bots have seen them: Discord documents none, and says that they change."""
    return {
        "create_message": Rate(5, 5.0),
        "edit_message": Rate(5, 5.0),
        "delete_message": Rate(5, 1.0),
        "history": Rate(5, 5.0),
        "crosspost": Rate(10, 3600.0),
        "followup": Rate(5, 2.0),
        "edit_answer": Rate(5, 2.0),
    }


@dataclass
class Limits:
    """`per_second` is the global limit, None for none; `routes` maps a route's name to its rate, absent for none.

    `old_edits` a message and hour are taken of messages older than an hour; further ones are 429s of code 30046,
    with `old_edit_wait` as retry_after, which is not documented. `nonce_window` is in seconds.
    """

    per_second: int | None = 50
    routes: dict[str, Rate] = field(default_factory=_routes)
    nonce_window: float = 120.0
    old_edits: int = 3
    old_edit_wait: float = 0.2
    active_threads: int = 1000
    shards: int = 1
    max_concurrency: int = 1
    identify_interval: float = 5.0
    identifies: int = 1000

    def off(self) -> None:
        """No rate limits on requests."""
        self.per_second = None
        self.routes.clear()


class TooMany(Refusal):
    """`scope` is user, global or shared."""

    def __init__(self, wait: float, scope: str, headers: dict[str, str], code: int | None = None) -> None:
        words = WORDS[code][1] if code in WORDS else "You are being rate limited."
        super().__init__(429, code or 0, words, retry_after=round(wait, 3), **{"global": scope == "global"})
        if code is None:
            self.body.pop("code")
        self.scope = scope
        self.headers = {
            **headers,
            "Retry-After": str(math.ceil(wait)),
            "X-RateLimit-Scope": scope,
            **({"X-RateLimit-Global": "true"} if scope == "global" else {}),
        }


@dataclass
class _Window:
    ends: float
    used: int = 0


class Gate:
    """Lets requests through or raises `TooMany`."""

    def __init__(self, limits: Limits, clock: Clock, wall: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._wall = wall
        self._windows: dict[tuple[str, str], _Window] = {}
        self._second: deque[float] = deque()

    def enter_global(self) -> None:
        """At most `per_second` in any second, not only in those that begin on the clock's."""
        now = self._clock()
        while self._second and self._second[0] <= now - 1:
            self._second.popleft()
        if self._limits.per_second is not None and len(self._second) >= self._limits.per_second:
            raise TooMany(self._second[0] + 1 - now, "global", {})
        self._second.append(now)

    def enter(self, route: str, major: str) -> dict[str, str]:
        """Headers for the answer; `major` is the channel, guild or webhook that the bucket is of."""
        rate = self._limits.routes.get(route)
        if rate is None:
            return {}
        now = self._clock()
        window = self._windows.get((route, major))
        if window is None or window.ends <= now:
            window = self._windows[route, major] = _Window(now + rate.seconds)
        headers = self._headers(route, rate, window, now)
        if window.used >= rate.calls:
            raise TooMany(window.ends - now, "user", headers)
        window.used += 1
        return self._headers(route, rate, window, now)

    def _headers(self, route: str, rate: Rate, window: _Window, now: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(rate.calls),
            "X-RateLimit-Remaining": str(rate.calls - window.used),
            "X-RateLimit-Reset": f"{self._wall() + window.ends - now:.3f}",
            "X-RateLimit-Reset-After": f"{window.ends - now:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:32],
        }
