"""The bot with one guard taken out, to see the drill turn red: `worker.py HOME GUARD`."""

import sys
from datetime import datetime
from pathlib import Path

from digestbot.cli import main
from digestbot.delivery import courier
from digestbot.domain.delivery import Delivery
from digestbot.ports import Absent, Messenger, Outgoing, Sighting


async def blindly(delivery: Delivery, outgoing: Outgoing, messenger: Messenger, now: datetime) -> Sighting:  # noqa: ARG001 - the guard's signature
    """As if what is in doubt had certainly not been posted."""
    return Absent()


def take_out(guard: str) -> None:
    if guard != "settling":
        sys.exit(f"there is no guard {guard!r}")
    courier.settle = blindly  # type: ignore[attr-defined]  # replaced where it is used, which is the point


if __name__ == "__main__":
    home, guard = sys.argv[1:]
    take_out(guard)
    sys.argv = ["digestbot", "run", "--home", str(Path(home))]
    main()
