"""What goes wrong next: planned one by one, standing until lifted, or thrown by dice of a seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The first five accept nothing. LOST ones accept, and the answer is lost in one way or another.

    REFUSE answers `status` and `code`; LIMIT is a 429 of Discord's, CLOUDFLARE an HTML page of `status` without
    a Via header; RESET and HANG give no answer. LOST answers `status` after accepting; LOST_RESET resets the
    connection, LOST_HALF closes it within the answer, LOST_HANG never answers. LATE accepts only after `delay`.
    """

    REFUSE = "refuse"
    LIMIT = "limit"
    CLOUDFLARE = "cloudflare"
    RESET = "reset"
    HANG = "hang"
    LOST = "lost"
    LOST_RESET = "lost_reset"
    LOST_HALF = "lost_half"
    LOST_HANG = "lost_hang"
    LATE = "late"


BEFORE = {Kind.REFUSE, Kind.LIMIT, Kind.CLOUDFLARE, Kind.RESET, Kind.HANG}


@dataclass(frozen=True, slots=True)
class Fault:
    """`route` is a route's name or `any`; `channel` an id; `body` a text that the request must contain.

    `retry_after` of a LIMIT may be None (absent from body and headers); `bare` leaves out its body. `delay` is in
    real seconds.
    """

    kind: Kind
    route: str = "any"
    channel: int | None = None
    body: str | None = None
    status: int = 502
    code: int = 0
    message: str = ""
    scope: str = "user"
    retry_after: float | None = 1.0
    bare: bool = False
    delay: float = 0.2

    def fits(self, route: str, channel: int | None, raw: bytes) -> bool:
        return (
            self.route in {"any", route}
            and self.channel in {None, channel}
            and (self.body is None or self.body.encode() in raw)
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
        """Each request meets a fault by chance; the same seed throws the same."""
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

    def take(self, route: str, channel: int | None, raw: bytes) -> Fault | None:
        for fault in self._planned:
            if fault.fits(route, channel, raw):
                self._planned.remove(fault)
                return fault
        for fault in self._standing:
            if fault.fits(route, channel, raw):
                return fault
        return self._thrown(route, channel, raw)

    def _thrown(self, route: str, channel: int | None, raw: bytes) -> Fault | None:
        thrown = self._dice.random() if self._odds else 1.0
        for fault, chance in self._odds.items():
            thrown -= chance
            if thrown < 0:
                return fault if fault.fits(route, channel, raw) else None
        return None
