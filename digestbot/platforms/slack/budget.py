"""The budget: how often Slack may be asked, so that its limits are kept rather than met."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from digestbot.errors import Busy
from digestbot.platforms.slack.workspaces import key_of, team_of
from digestbot.ports import Clock

A_POST: Final = timedelta(seconds=1)
"""Between two messages in one channel (Slack: chat.postMessage)."""

POSTS_A_MINUTE: Final = 300
"""In one workspace: “several hundred”."""

EDITS_A_MINUTE: Final = 50
"""In one workspace: chat.update is of the third tier."""

_MINUTE: Final = timedelta(minutes=1)
_BURST: Final = timedelta(seconds=5)
_LANES: Final = 100_000
_KEPT: Final = timedelta(minutes=10)
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Lane:
    """A rate with a small burst. Who comes too early is given a time of their own, at which they pass."""

    interval: timedelta
    burst: timedelta
    arrival: datetime
    """When the next one is due if all come as slowly as they may."""
    promised: dict[str, datetime] = field(default_factory=dict)
    passed: datetime = _LONG_AGO
    """When the last one did, which may be later than promised: who is in hand of a busy machine comes late."""
    put_off: datetime = _LONG_AGO
    """The last turn that was given to somebody who had missed theirs: they stay in their order."""

    def turn(self, who: str, now: datetime) -> datetime:
        """When it is their turn; the same answer until they took it, or missed it and others came in between."""
        if who not in self.promised:
            arrival = max(self.arrival, now)
            self.promised[who] = max(now, arrival - self.burst)
            self.arrival = arrival + self.interval
        free = self.passed + self.interval - self.burst
        if self.promised[who] < free:
            self.promised[who] = self.put_off = max(free, self.put_off + self.interval)
            self.arrival = max(self.arrival, self.put_off + self.interval + self.burst)
        return self.promised[who]

    def take(self, who: str, now: datetime) -> None:
        self.passed = now
        self.arrival = max(self.arrival, now + self.interval)
        self.promised.pop(who, None)
        for each in [each for each, at in self.promised.items() if at < now - _KEPT]:
            del self.promised[each]  # they never came

    def delay(self, who: str, until: datetime, now: datetime) -> None:
        """Slack told one of them to wait: their turn comes then, and everybody else's after it, as they stood."""
        turns = {each: max(at, now) for each, at in self.promised.items() if each != who}
        arrival = max(self.arrival, now)
        late = max(until + self.interval - min(turns.values(), default=arrival - self.burst), timedelta())
        self.arrival = arrival + late
        self.promised = {who: until} | {each: at + late for each, at in turns.items()}


class Budget:
    """Lanes by channel and by workspace. `Busy` says when to come again, and then the turn is kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lanes: OrderedDict[tuple[str, ...], _Lane] = OrderedDict()

    def post(self, tenant: str, channel: str, delivery: str) -> None:
        """Raises `Busy`."""
        self._pass(delivery, [self._channel(tenant, channel), self._workspace("post", tenant, POSTS_A_MINUTE)])

    def edit(self, tenant: str, delivery: str) -> None:
        """Raises `Busy`."""
        self._pass(delivery, [self._workspace("edit", tenant, EDITS_A_MINUTE)])

    def limited_post(self, tenant: str, channel: str, delivery: str, wait: timedelta) -> None:
        """Slack answered 429 for a channel: who met it is still the first in line there."""
        now = self._clock.now()
        self._channel(tenant, channel).delay(delivery, now + wait, now)

    def limited_edit(self, tenant: str, delivery: str, wait: timedelta) -> None:
        now = self._clock.now()
        self._workspace("edit", tenant, EDITS_A_MINUTE).delay(delivery, now + wait, now)

    def _pass(self, delivery: str, lanes: list[_Lane]) -> None:
        now = self._clock.now()
        turn = max(lane.turn(delivery, now) for lane in lanes)
        if turn > now:
            raise Busy("it waits its turn within Slack's limits", turn - now)
        for lane in lanes:
            lane.take(delivery, now)

    def _channel(self, tenant: str, channel: str) -> _Lane:
        return self._lane(("post", tenant, channel), A_POST, timedelta())

    def _workspace(self, what: str, tenant: str, a_minute: int) -> _Lane:
        return self._lane((what, key_of(tenant), team_of(tenant)), _MINUTE / a_minute, _BURST)

    def _lane(self, name: tuple[str, ...], interval: timedelta, burst: timedelta) -> _Lane:
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = _Lane(interval, burst, self._clock.now())
            while len(self._lanes) > _LANES:
                self._lanes.popitem(last=False)
        self._lanes.move_to_end(name)
        return lane
