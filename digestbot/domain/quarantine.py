"""A quarantine: a channel that keeps failing, left alone but for a probe now and then."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from digestbot.domain.delivery import Delivery
from digestbot.domain.place import Place

AFTER = 3
"""Failures in a row that put a channel into quarantine."""

_FIRST = timedelta(minutes=10)
_LONGEST = timedelta(hours=6)
_SPREAD = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """`reason` is the newest failure's. Once `probe_at` has come one message is tried; `probes` counts those.

    `told` says that the ledger has a message about it for each who subscribed the channel.
    """

    place: Place
    reason: str
    since: datetime
    probe_at: datetime
    probes: int = 0
    told: bool = False

    def is_due(self, now: datetime) -> bool:
        return now >= self.probe_at

    def probed(self, now: datetime, jitter: Callable[[], float]) -> "Quarantine":
        """With the time of the probe after the one that begins now."""
        return replace(self, probe_at=now + probe_wait(self.probes + 1, jitter), probes=self.probes + 1)


def probe_wait(probes: int, jitter: Callable[[], float]) -> timedelta:
    """Ten minutes, doubling to six hours; `jitter` (0 to 1) takes up to a fifth off."""
    wait: timedelta = min(_FIRST * 2 ** min(probes, 10), _LONGEST)
    return wait * (1 - _SPREAD * jitter())


class Told(StrEnum):
    """CLOSED goes to whoever subscribed, REOPENED to the channel."""

    CLOSED = "closed"
    REOPENED = "reopened"


NOTICE = "notice"
"""The subscription of a notice's ledger row: nobody's."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of ours about a quarantine; its occasion says all of it, so that the ledger keeps it once."""

    kind: Told
    place: Place
    since: datetime
    member: str = ""

    @property
    def occasion(self) -> str:
        began = int(self.since.timestamp() * 1_000_000)
        parts = (self.kind, self.place.platform, str(began), self.member, self.place.tenant, self.place.channel)
        return "\t".join(parts)


def notice_in(delivery: Delivery) -> Notice | None:
    """What a ledger row tells, if it is a notice's."""
    if delivery.subscription != NOTICE:
        return None
    kind, platform, began, member, tenant, channel = delivery.occasion.split("\t")
    since = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(began))
    return Notice(Told(kind), Place(platform, tenant, channel), since, member)
