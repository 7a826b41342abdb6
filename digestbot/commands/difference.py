"""The difference between a sheet and what there is, and making it so."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from digestbot.commands.desk import Desk
from digestbot.commands.edit import alter
from digestbot.commands.sheet import words_of
from digestbot.domain.subscription import State, Subscription, TenantSettings
from digestbot.errors import UserMistake

Kind = Literal["new", "changed", "unchanged", "kept", "ended"]
"""`kept` and `ended` ones are here but not in the sheet."""

_WRITES = frozenset({"new", "changed", "ended"})


@dataclass(frozen=True, slots=True)
class Change:
    """An option with what it is and what it will be, as admins type them."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Row:
    """`wanted` as it will be; a new one has no id yet, `known` is what there is."""

    kind: Kind
    wanted: Subscription
    known: Subscription | None = None

    @property
    def changes(self) -> tuple[Change, ...]:
        return changes(words_of(self.known), words_of(self.wanted)) if self.known else ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one server or workspace; `settled` are the changes that lead to `settings`."""

    settings: TenantSettings
    settled: tuple[Change, ...]
    rows: tuple[Row, ...]

    @property
    def any(self) -> bool:
        return bool(self.settled) or any(row.kind in _WRITES for row in self.rows)

    @property
    def counts(self) -> Mapping[Kind, int]:
        return Counter(row.kind for row in self.rows)

    def of(self, *kinds: Kind) -> Sequence[Row]:
        return [row for row in self.rows if row.kind in kinds]

    def check_quota(self, quota: int) -> None:
        """Raises `UserMistake` if there would be too many; what is over the quota already may stay."""
        after = len(self.rows) - self.counts["ended"]
        if self.counts["new"] and after > quota:
            raise UserMistake(
                f"There would be {after} subscriptions, and {quota} is the most: take some out of the file, or end"
                " those that it does not name with `prune:yes`."
            )


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Change, ...]:
    return tuple(Change(name, old[name], new[name]) for name in old if old[name] != new[name])


async def follow(
    desk: Desk, platform: str, tenant: str, difference: Difference, *, now: datetime, created_by: str | None
) -> int:
    """Write it, one subscription after the other; after a crash the same sheet does the rest.

    Returns how many stories waited for digests that do not come any more, and are posted as last ones.
    """
    waiting = 0
    if difference.settled:
        await desk.subscriptions.set_settings(platform, tenant, difference.settings)
    for row in difference.rows:
        if row.kind == "new":
            await desk.subscriptions.add(replace(row.wanted, id=desk.new_id(), created_by=created_by))
        elif row.kind == "changed" and row.known:
            waiting += await alter(desk, row.known, row.wanted, now)
        elif row.kind == "ended":
            await desk.subscriptions.replace(replace(row.wanted, state=State.ENDED, next_due=None))
    if difference.any:
        desk.changed()
    return waiting
