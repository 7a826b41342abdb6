"""Installations: who let digestbot in by OAuth, and the tokens that came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

LONGEST_STATE: Final = timedelta(hours=1)
"""No state may be issued for longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One workspace's, or that of a whole organisation: then `team` is None and `enterprise` is not.

    `token` is the bot's: a secret that is in no log and in no `repr`.
    """

    enterprise: str | None
    team: str | None
    name: str
    token: str = field(repr=False)
    bot_user: str
    bot_id: str
    scopes: tuple[str, ...]
    installed_by: str
    installed_at: datetime

    @property
    def key(self) -> str:
        """The workspace's id, else the organisation's: Slack gives no id twice."""
        return self.team or self.enterprise or ""


class Installations(Protocol):
    """One row a key; tokens are encrypted where they lie."""

    async def save(self, installation: Installation) -> None:
        """Durable before it returns; takes the place of an older one of the same key."""
        ...

    async def all(self) -> Sequence[Installation]:
        """Those whose token can be read; of the others the log says which and why."""
        ...

    async def find(self, key: str) -> Installation | None: ...

    async def remove(self, key: str, before: datetime) -> bool:
        """Forget it if it was made before that time: a late farewell must not end a newer installation."""
        ...


class OAuthStates(Protocol):
    """The `state` of each installation that somebody began: good once, for a while."""

    async def issue(self, state: str, until: datetime) -> None:
        """Durable before it returns; those that ended `LONGEST_STATE` before `until` are over and are forgotten."""
        ...

    async def consume(self, state: str, now: datetime) -> bool:
        """Whether it was issued, is not over and was not consumed: for one caller, however many ask at once."""
        ...
