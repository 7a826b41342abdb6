"""The courier, wired: what it delivers from, over which messengers, and what it leaves alone."""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta

from digestbot.commands.desk import Desk
from digestbot.delivery.circuit import Circuits
from digestbot.delivery.courier import Courier
from digestbot.delivery.notices import Notices
from digestbot.delivery.quarantine import Ward
from digestbot.delivery.retries import Retries
from digestbot.ports import Clock, Messenger
from digestbot.runtime.metrics import Metrics
from digestbot.settings import Settings

_dice = random.SystemRandom().random


def make_circuits(clock: Clock, metrics: Metrics) -> Circuits:
    circuits = Circuits(clock, _dice)
    metrics.watch("circuits_open", "Platforms that answer nobody, now", lambda: circuits.opened)
    return circuits


def make_courier(
    settings: Settings,
    desk: Desk,
    messengers: Mapping[str, Messenger],
    circuits: Circuits,
    metrics: Metrics,
    *,
    reach: Callable[[str], None],
) -> Courier:
    """From the stores of the desk, with each messenger behind its platform's circuit."""
    notices = Notices(
        ledger=desk.ledger,
        quarantines=desk.quarantines,
        subscriptions=desk.subscriptions,
        renderer=desk.renderer,
        channels=desk.channels,
    )
    ward = Ward(desk.quarantines, desk.ledger, notices, desk.clock, _dice)
    metrics.watch("quarantined_channels", "Channels that are left alone, now", lambda: ward.known)
    return Courier(
        ledger=desk.ledger,
        stories=desk.stories,
        renderer=desk.renderer,
        messengers={name: circuits.guard(messenger) for name, messenger in messengers.items()},
        clock=desk.clock,
        ward=ward,
        started=desk.clock.now(),
        retries=Retries(
            jitter=_dice,
            ceiling=timedelta(hours=settings.delivery.longest_wait_hours),
            attempts=settings.delivery.attempts,
        ),
        lease=timedelta(seconds=settings.delivery.lease_seconds),
        reach=reach,
        attempted=metrics.attempted,
    )
