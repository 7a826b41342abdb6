"""The bot with one guard taken out, to see the drill turn red: `worker.py HOME GUARD`."""

import sys
from pathlib import Path

from digestbot.cli import main
from digestbot.delivery import courier
from digestbot.ports import Absent, Sighting


async def blindly(*_arguments: object, **_options: object) -> Sighting:
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
