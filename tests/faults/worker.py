"""The bot with one guard taken out, to see the drill turn red: `worker.py HOME GUARD`."""

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from digestbot.cli import main
from digestbot.delivery import courier
from digestbot.domain.place import MessageRef
from digestbot.platforms.discord import messenger
from digestbot.platforms.discord.connection import Connection
from digestbot.platforms.discord.forums import create
from digestbot.ports import Absent, Sighting


async def blindly(*_arguments: object, **_options: object) -> Sighting:
    """As if what is in doubt had certainly not been posted."""
    return Absent()


async def create_anew(connection: Connection, channel: int, body: Mapping[str, Any], nonce: str) -> MessageRef:
    """As if each attempt were a message of its own."""
    return await create(connection, channel, body, f"{nonce[:10]}{secrets.token_hex(7)}")


def take_out(guard: str) -> None:
    match guard:
        case "settling":
            courier.settle = blindly  # type: ignore[attr-defined]  # replaced where it is used, which is the point
        case "nonce":
            messenger.create = create_anew  # type: ignore[attr-defined]  # as above
        case _:
            sys.exit(f"there is no guard {guard!r}")


if __name__ == "__main__":
    home, guard = sys.argv[1:]
    take_out(guard)
    sys.argv = ["digestbot", "run", "--home", str(Path(home))]
    main()
