"""Quarantines: which channels are left alone, and until when."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from digestbot.domain.place import Place
from digestbot.domain.quarantine import Quarantine


class Quarantines(Protocol):
    """The same for every process on one database."""

    async def get(self, place: Place) -> Quarantine | None: ...

    async def of_tenant(self, platform: str, tenant: str) -> Sequence[Quarantine]:
        """The longest first."""
        ...

    async def places(self) -> Collection[Place]:
        """All that are in quarantine."""
        ...

    async def add(self, quarantine: Quarantine) -> bool:
        """False, and nothing written, if the channel is in quarantine already."""
        ...

    async def change(self, quarantine: Quarantine, seen: datetime) -> bool:
        """Write it if its `probe_at` still is the one seen: of several that would probe, one does."""
        ...

    async def release(self, place: Place) -> bool:
        """False if it was not in quarantine."""
        ...
