"""The circuit: while a platform answers nobody, one message at a time finds out whether it does again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Look
from digestbot.errors import Away, Closed, DeliveryError, Gone, Outage, TryLater, Unknown
from digestbot.ports import Clock, Messenger, Outgoing, Sighting

_log = structlog.get_logger("delivery")
_PLACES = 5
_WITHIN = timedelta(minutes=1)
_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(minutes=2)
_SPREAD = 0.2


@dataclass(frozen=True, slots=True)
class Circuit:
    """Of one platform; open while `probe_at` is set. `failed` holds who failed in a row lately, a time a place."""

    failed: tuple[tuple[Place, datetime], ...] = ()
    reason: str = ""
    since: datetime | None = None
    probe_at: datetime | None = None
    probes: int = 0

    def after_failure(self, place: Place, reason: str, now: datetime, jitter: Callable[[], float]) -> "Circuit":
        """Five places within a minute, none of which got through, open it."""
        if self.probe_at is not None:
            return replace(self, reason=reason)
        others = tuple((each, at) for each, at in self.failed if each != place and now - at <= _WITHIN)
        failed = (*others, (place, now))
        if len(failed) < _PLACES:
            return replace(self, failed=failed, reason=reason)
        return Circuit(reason=reason, since=now, probe_at=now + probe_wait(0, jitter))

    def bars(self, now: datetime) -> bool:
        return self.probe_at is not None and now < self.probe_at

    def probed(self, now: datetime, jitter: Callable[[], float]) -> "Circuit":
        """With the time of the probe after the one that begins now."""
        return replace(self, probe_at=now + probe_wait(self.probes + 1, jitter), probes=self.probes + 1)


def probe_wait(probes: int, jitter: Callable[[], float]) -> timedelta:
    """Five seconds, doubling to two minutes; `jitter` (0 to 1) takes up to a fifth off."""
    wait: timedelta = min(_FIRST * 2 ** min(probes, 10), _LONGEST)
    return wait * (1 - _SPREAD * jitter())


class Circuits:
    """One a platform, in the memory of this process."""

    def __init__(self, clock: Clock, jitter: Callable[[], float]) -> None:
        self._clock = clock
        self._jitter = jitter
        self._of: dict[str, Circuit] = {}

    def guard(self, messenger: Messenger) -> Messenger:
        """The same messenger, which is not asked while its platform's circuit is open."""
        return _Guarded(messenger, self)

    @property
    def opened(self) -> int:
        return sum(circuit.probe_at is not None for circuit in self._of.values())

    def trouble(self, platform: str) -> str | None:
        """One sentence for whoever asks why nothing is posted."""
        circuit = self._of.get(platform)
        return _sentence(platform, circuit) if circuit and circuit.probe_at else None

    @contextmanager
    def asking(self, place: Place, *, closes: bool = True) -> Iterator[None]:
        """Around a request. Raises `Away` instead while it is not to be made, and tells a row's failure from an outage.

        `closes` says whether an answer means that messages are taken.
        """
        before, now = self._of.get(place.platform, Circuit()), self._clock.now()
        if before.bars(now):
            raise Away(_sentence(place.platform, before), self._wait(before))
        if before.probe_at is not None:
            self._of[place.platform] = before.probed(now, self._jitter)
        try:
            yield
        except DeliveryError as fault:
            if _is_the_platforms(fault):
                self._failed(place, fault)
            elif isinstance(fault, TryLater | Gone):
                self._give_back(place.platform, before)
            else:
                self._answered(place.platform)
            raise
        if closes:
            self._answered(place.platform)
        else:
            self._give_back(place.platform, before)

    def _failed(self, place: Place, fault: DeliveryError) -> None:
        """Raises `Away` or `Outage` in its stead if the circuit is open by now."""
        before = self._of.get(place.platform, Circuit())
        after = before.after_failure(place, str(fault), self._clock.now(), self._jitter)
        self._of[place.platform] = after
        if after.probe_at is None:
            return
        if before.probe_at is None:
            _log.error("delivery.circuit_open", platform=place.platform, reason=str(fault), places=_PLACES)
        sentence, wait = _sentence(place.platform, after), self._wait(after)
        raise (Outage if isinstance(fault, Unknown) else Away)(sentence, wait) from fault

    def _answered(self, platform: str) -> None:
        circuit = self._of.pop(platform, None)
        if circuit and circuit.since:
            away = int((self._clock.now() - circuit.since).total_seconds())
            _log.info("delivery.circuit_closed", platform=platform, seconds=away, probes=circuit.probes)

    def _give_back(self, platform: str, before: Circuit) -> None:
        """It told nothing about the platform: the next message may be the probe."""
        if before.probe_at is not None and platform in self._of:
            self._of[platform] = replace(self._of[platform], probe_at=self._clock.now(), probes=before.probes)

    def _wait(self, circuit: Circuit) -> timedelta:
        """Until the next probe, and a while longer for all but a few: they are not to come back in one moment."""
        wait = max((circuit.probe_at or self._clock.now()) - self._clock.now(), timedelta())
        return wait + probe_wait(circuit.probes, lambda: 0.0) / 2 * self._jitter()


def _is_the_platforms(fault: DeliveryError) -> bool:
    """No answer, or none that means anything; a wait that the platform names itself is an answer."""
    if isinstance(fault, TryLater):
        return not isinstance(fault, Closed) and fault.after is None
    return isinstance(fault, Unknown)


def _sentence(platform: str, circuit: Circuit) -> str:
    again = f"{circuit.probe_at:%H:%M:%S} UTC" if circuit.probe_at else "once it does"
    return f"{platform.capitalize()} does not answer ({circuit.reason}): tried again at {again}"


class _Guarded:
    """`ports.Messenger`."""

    def __init__(self, messenger: Messenger, circuits: Circuits) -> None:
        self.platform = messenger.platform
        self.grace = messenger.grace
        self._messenger = messenger
        self._circuits = circuits

    def sorts(self, place: Place, look: Look) -> bool:
        return self._messenger.sorts(place, look)

    def repeatable(self, place: Place, age: timedelta) -> bool:
        return self._messenger.repeatable(place, age)

    async def send(self, outgoing: Outgoing) -> MessageRef:
        with self._circuits.asking(outgoing.place):
            return await self._messenger.send(outgoing)

    async def edit(self, ref: MessageRef, outgoing: Outgoing) -> MessageRef:
        with self._circuits.asking(outgoing.place):
            return await self._messenger.edit(ref, outgoing)

    async def find(self, outgoing: Outgoing) -> Sighting:
        """A platform may show what it has while it takes nothing new."""
        with self._circuits.asking(outgoing.place, closes=False):
            return await self._messenger.find(outgoing)
