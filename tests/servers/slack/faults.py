"""What goes wrong next: planned one by one, standing until lifted, or thrown by dice of a seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The first six accept nothing; the LOST ones accept, and the answer is lost in one way or another.

    STATUS answers an HTTP status, HTML the same with a page for people, ERROR `ok: false` with any error, LIMIT a 429;
    RESET and HANG give no answer. LOST answers a status after accepting, LOST_ERROR an error (Slack's `fatal_error`
    and `internal_error` mean that), LOST_HTML a page; LOST_RESET resets the connection, LOST_HALF closes it within
    the answer, LOST_HANG never answers. LATE hangs, and accepts only after `delay`.
    """

    STATUS = "status"
    HTML = "html"
    ERROR = "error"
    LIMIT = "limit"
    RESET = "reset"
    HANG = "hang"
    LOST = "lost"
    LOST_ERROR = "lost_error"
    LOST_HTML = "lost_html"
    LOST_RESET = "lost_reset"
    LOST_HALF = "lost_half"
    LOST_HANG = "lost_hang"
    LATE = "late"


BEFORE = {Kind.STATUS, Kind.HTML, Kind.ERROR, Kind.LIMIT, Kind.RESET, Kind.HANG}


@dataclass(frozen=True, slots=True)
class Fault:
    """`method` is a method's name or `any`; `channel` an id; `body` a text that the parameters must contain.

    `retry_after` of a LIMIT goes out as written ("1.5", "86400"); None leaves the header out. `delay` is in real
    seconds.
    """

    kind: Kind
    method: str = "any"
    channel: str | None = None
    body: str | None = None
    status: int = 503
    error: str = "fatal_error"
    retry_after: str | None = "1"
    delay: float = 0.2

    @property
    def accepts(self) -> bool:
        return self.kind not in BEFORE

    def fits(self, method: str, channel: str | None, body: str) -> bool:
        return (
            self.method in {"any", method}
            and self.channel in {None, channel}
            and (self.body is None or self.body in body)
        )


class Faults:
    """Asked once a request: planned faults come first, each for the first request that it fits."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._standing: list[Fault] = []
        self._odds: dict[Fault, float] = {}
        self._dice = random.Random(0)  # noqa: S311 - a drill is to be repeated, not to be secret

    def plan(self, *faults: Fault) -> None:
        self._planned.extend(faults)

    def stand(self, *faults: Fault) -> None:
        """From now on every request that fits meets these."""
        self._standing.extend(faults)

    def throw(self, odds: Mapping[Fault, float], seed: int) -> None:
        """Each request that fits meets a fault by chance; the same seed throws the same."""
        self._odds = dict(odds)
        self._dice = random.Random(seed)  # noqa: S311 - as above

    def clear(self) -> None:
        self._planned.clear()
        self._standing.clear()
        self._odds.clear()

    @property
    def left(self) -> int:
        """Planned ones that no request has met yet."""
        return len(self._planned)

    def take(self, method: str, channel: str | None, body: str) -> Fault | None:
        for fault in self._planned:
            if fault.fits(method, channel, body):
                self._planned.remove(fault)
                return fault
        for fault in self._standing:
            if fault.fits(method, channel, body):
                return fault
        return self._thrown(method, channel, body)

    def _thrown(self, method: str, channel: str | None, body: str) -> Fault | None:
        fitting = {fault: chance for fault, chance in self._odds.items() if fault.fits(method, channel, body)}
        if not fitting:
            return None
        thrown = self._dice.random()
        for fault, chance in fitting.items():
            thrown -= chance
            if thrown < 0:
                return fault
        return None
