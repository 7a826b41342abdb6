"""Subscriptions: who gets what."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from digestbot.domain.place import Place
from digestbot.domain.subscription import Subscription, TenantSettings


class Subscriptions(Protocol):
    """Who gets what; every query names its tenant or its channel."""

    async def add(self, subscription: Subscription) -> None: ...

    async def replace(self, subscription: Subscription) -> None:
        """Write every field of a known subscription that has not ended.

        If it is not active any more, what it has queued and nobody began becomes skipped in the same transaction.
        """
        ...

    async def get(self, platform: str, tenant: str, subscription: str) -> Subscription | None:
        """None too if it belongs to another tenant or has ended."""
        ...

    async def of_tenant(self, platform: str, tenant: str) -> Sequence[Subscription]:
        """Those not ended, oldest first."""
        ...

    async def of_channel(self, place: Place) -> Sequence[Subscription]: ...

    async def settings(self, platform: str, tenant: str) -> TenantSettings: ...

    async def set_settings(self, platform: str, tenant: str, settings: TenantSettings) -> None: ...

    async def due(self, now: datetime, limit: int) -> Sequence[Subscription]:
        """Active ones with `next_due` <= now, earliest first: O(due)."""
        ...

    async def earliest(self) -> datetime | None:
        """The earliest `next_due` of all."""
        ...

    async def instant(self, keys: Collection[str], after: str, limit: int) -> Sequence[Subscription]:
        """Active instant ones that one of the story keys may concern, by id, ids > `after`: O(concerned)."""
        ...
