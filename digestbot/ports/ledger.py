"""The ledger: what was promised, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from digestbot.domain.delivery import Delivery, DeliveryState, Reservation
from digestbot.domain.place import Place


@dataclass(frozen=True, slots=True)
class Move:
    """A subscription's due time goes from `old` to `new`; nothing happens if another planner moved it before."""

    subscription: str
    old: datetime | None
    new: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """A row with work to do, and where: one channel's rows are worked on one after the other."""

    id: str
    place: Place


class Ledger(Protocol):
    """What was promised and what became of it: the only truth about deliveries."""

    async def reserve(
        self, reservations: Sequence[Reservation], moves: Sequence[Move] = (), planned: Collection[str] = ()
    ) -> Sequence[str]:
        """Write reservations, move due times, mark stories as planned for instants; one transaction.

        Dropped is a reservation whose subscription's move lost, or which was paused or ended meanwhile. Returns the
        ids of the new deliveries.
        """
        ...

    async def unplanned(self, stories: Collection[str]) -> Sequence[str]:
        """Those whose instant fan-out is not finished, in the order given."""
        ...

    async def told(self, subscription: str) -> frozenset[str]:
        """Ids of stories given to a subscription in deliveries not skipped, or that may have arrived after all."""
        ...

    async def told_each(self, subscriptions: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The same for many at once; one without any is missing."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[Due]:
        """Rows with work to do, leases that ran out among them: the urgent ones, then by turns.

        The first of each server or workspace before the second of any, so that no one's thousands keep others
        waiting; among those the earliest first. Of one channel come the earliest few, in order, and none that would
        pass one that failed and waits for another try (edits may); of one server or workspace no more than a quarter
        of `limit`.
        """
        ...

    async def earliest(self, after: datetime | None = None) -> datetime | None:
        """When the next work is due; with `after`, what is due by then is passed over."""
        ...

    async def begin(self, ids: Sequence[str], now: datetime, lease: timedelta) -> Sequence[Delivery]:
        """Take rows: durable before it returns. `planned` and `waiting` become `sending`, attempts rise by one.

        A row comes back only to one caller until its lease ends, and to none only if it has no work. The returned
        rows show `state` and `begun_at` as they were *before* (so a set `begun_at` means: in doubt) with the new
        attempt number and lease.
        """
        ...

    async def finish(self, delivery: Delivery) -> bool:
        """Write the row's new state, due, begun_at, posted_at, edited_at, ref, error and stories.

        Fenced by (id, attempt): False, and nothing written, if somebody else took the row meanwhile. Many
        finishes share a transaction. Of the stories only the revisions are written, and `dropped` ones removed;
        a row that grew meanwhile becomes `correcting` instead of `posted`.
        """
        ...

    async def reclaim(self, now: datetime) -> int:
        """Let go of all leases: for the only process on this database, at its start. Returns how many."""
        ...

    async def get(self, delivery: str) -> Delivery | None: ...

    async def stale(self, revisions: Mapping[str, str]) -> Sequence[str]:
        """Ids of posted deliveries that carry one of the stories in another revision."""
        ...

    async def revealing(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of posted deliveries whose hidden spoilers are due to be shown."""
        ...

    async def correct(self, ids: Sequence[str], now: datetime, *, edited: bool = True) -> int:
        """Turn posted rows into `correcting`, due now; if `edited` the card will say so. Returns how many."""
        ...

    async def of_subscription(self, subscription: str, limit: int = 50) -> Sequence[Delivery]:
        """Newest first."""
        ...

    async def of_story(self, story: str, platform: str, tenant: str) -> Sequence[Delivery]: ...

    async def thread(self, place: Place, stories: Collection[str]) -> str | None:
        """The thread that the newest message standing in that place opened for one of the stories."""
        ...

    async def in_state(self, platform: str, tenant: str, state: DeliveryState, limit: int = 50) -> Sequence[Delivery]:
        """Newest first."""
        ...

    async def of_place(self, place: Place, since: datetime, limit: int = 1000) -> Sequence[Delivery]:
        """Rows of a channel with something that became of them, or is to, at `since` or later; newest first."""
        ...

    async def resend(self, delivery: str, now: datetime) -> bool:
        """A row in `unknown` is planned anew, as if it had never been tried. False if it is in another state."""
        ...

    async def leave(self, delivery: str, now: datetime, reason: str) -> bool:
        """A row in `unknown` ends as skipped, and its stories count as told. False if it is in another state."""
        ...

    async def hasten(self, place: Place, now: datetime) -> int:
        """What waits for this channel is due now. Returns how many."""
        ...

    async def counts(self, platform: str, tenant: str) -> Mapping[DeliveryState, int]: ...
