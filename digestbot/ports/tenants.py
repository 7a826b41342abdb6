"""Tenants: the servers and workspaces that digestbot is in, was in, or is to forget."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was deleted."""

    subscriptions: int
    deliveries: int
    settings: int = 0


class Tenants(Protocol):
    """Who left is not forgotten at once: coming back within the grace period, all goes on from then."""

    async def all(self, platform: str) -> Collection[str]:
        """Those that have subscriptions, ended ones too, or settings."""
        ...

    async def left(self, platform: str, tenant: str, at: datetime) -> None:
        """Digestbot was removed: what is queued there is skipped; until `returned` nothing is planned or corrected.

        What is subscribed or changed meanwhile rests too. Saying so again changes nothing, the earliest time counts.
        """
        ...

    async def returned(self, platform: str, tenant: str, at: datetime) -> bool:
        """Digestbot is there again; stories from before `at` are not made up for. False if it had not left."""
        ...

    async def departed(self, platform: str) -> Collection[str]:
        """Those that left and have not come back."""
        ...

    async def counted(self, platform: str, tenant: str, channel: str | None = None) -> Forgotten:
        """What `forget` would delete."""
        ...

    async def forget(self, platform: str, tenant: str, channel: str | None = None) -> Forgotten:
        """Delete everything of theirs, in one transaction; of one channel alone, its subscriptions and deliveries."""
        ...

    async def purge(self, before: datetime) -> Mapping[tuple[str, str], Forgotten]:
        """Forget those that left before that time and have not come back since."""
        ...
