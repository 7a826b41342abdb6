"""A ward over fakes, for couriers whose tests are about something else."""

from digestbot.delivery.notices import Notices
from digestbot.delivery.quarantine import Ward
from digestbot.ports import Clock, Ledger, Renderer
from tests.fakes import FakeQuarantines, FakeSubscriptions


def ward(ledger: Ledger, renderer: Renderer, clock: Clock) -> Ward:
    """Empty, and nobody has subscribed anything."""
    quarantines = FakeQuarantines()
    notices = Notices(
        ledger=ledger,
        quarantines=quarantines,
        subscriptions=FakeSubscriptions(),
        renderer=renderer,
        channels={},
    )
    return Ward(quarantines, ledger, notices, clock, lambda: 1.0)
