"""The bot with something changed, to see the drill turn red, or to see it sooner: `worker.py HOME CHANGE…`."""

import secrets
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from digestbot.cli import main
from digestbot.delivery import courier
from digestbot.domain.place import MessageRef
from digestbot.ports import Absent, Sighting

SLACK_PATIENCE = timedelta(seconds=0.6)
SLACK_GRACE = timedelta(seconds=1.6)
"""In place of 20 and 50 seconds. As there, whatever was sent has landed before the grace is over."""


async def blindly(*_arguments: object, **_options: object) -> Sighting:
    """As if what is in doubt had certainly not been posted."""
    return Absent()


def without_settling() -> None:
    courier.settle = blindly  # type: ignore[attr-defined]  # replaced where it is used, which is the point


def without_nonce() -> None:
    from digestbot.platforms.discord import messenger  # noqa: PLC0415 - another platform's drill is not to wait for it
    from digestbot.platforms.discord.connection import Connection  # noqa: PLC0415 - as above
    from digestbot.platforms.discord.forums import create  # noqa: PLC0415 - as above

    async def create_anew(connection: Connection, channel: int, body: Mapping[str, Any], nonce: str) -> MessageRef:
        """As if each attempt were a message of its own."""
        return await create(connection, channel, body, f"{nonce[:10]}{secrets.token_hex(7)}")

    messenger.create = create_anew  # type: ignore[attr-defined]  # replaced where it is used


def with_a_hasty_slack() -> None:
    """It gives up on answers, and settles doubts, within seconds, and posts as fast as it can.

    What it waits for is the same. Slack's limits are off in a drill; `test_slack_abuse.py` keeps them.
    """
    from digestbot.platforms.slack import api, budget  # noqa: PLC0415 - as above
    from digestbot.platforms.slack.messenger import SlackMessenger  # noqa: PLC0415 - as above

    api.PATIENCE = SLACK_PATIENCE  # type: ignore[misc]  # replaced where it is used
    SlackMessenger.grace = SLACK_GRACE
    budget.A_POST = timedelta(seconds=0.05)  # type: ignore[misc]  # as above
    budget.EDITS_A_MINUTE = 6_000  # type: ignore[misc]  # as above


CHANGES = {"settling": without_settling, "nonce": without_nonce, "hasty-slack": with_a_hasty_slack}


if __name__ == "__main__":
    home, *changes = sys.argv[1:]
    for change in changes:
        CHANGES[change]()
    sys.argv = ["digestbot", "run", "--home", str(Path(home))]
    main()
