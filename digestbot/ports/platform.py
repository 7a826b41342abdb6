"""A platform: where cards are posted and commands come from."""

from typing import Protocol

from digestbot.ports.commands import Channels, Commands
from digestbot.ports.messenger import Messenger


class Platform(Protocol):
    """One that connects by itself; its messenger and channels are there before, and say when it is not connected."""

    @property
    def name(self) -> str: ...

    @property
    def messenger(self) -> Messenger: ...

    @property
    def channels(self) -> Channels: ...

    async def run(self, commands: Commands) -> None:
        """Stay connected and answer commands until cancelled, or until the platform wants us no more.

        Raises `StartupError` if it never will.
        """
        ...

    async def close(self) -> None:
        """Take no more commands; return when those in hand are answered, or after some seconds."""
        ...

    async def check(self) -> str | None:
        """What is wrong with the connection; None if nothing."""
        ...
