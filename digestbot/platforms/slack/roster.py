"""The roster: who let digestbot in, in memory, so that nothing that must answer at once waits for the database."""

from datetime import datetime, timedelta
from typing import Final

import structlog

from digestbot.errors import Busy, TryLater
from digestbot.platforms.slack.workspaces import key_of
from digestbot.ports import Clock, Installation

_REST: Final = timedelta(minutes=10)
_SOON: Final = timedelta(seconds=2)
_log = structlog.get_logger("slack")


class Roster:
    """Installations by key. One whose token Slack refuses rests for a while: every call with it would be refused.

    `complete` is set once those from before this start are in: until then a workspace that is missing is only late.
    """

    def __init__(self, clock: Clock) -> None:
        self.complete = False
        self._clock = clock
        self._known: dict[str, Installation] = {}
        self._resting: dict[str, tuple[datetime, str]] = {}

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._known)

    def put(self, installation: Installation) -> None:
        """A new or a newer one; whatever was refused before, this token was not."""
        self._known[installation.key] = installation
        self._resting.pop(installation.key, None)

    def drop(self, key: str) -> None:
        self._known.pop(key, None)
        self._resting.pop(key, None)

    def known(self, tenant: str) -> Installation | None:
        return self._known.get(key_of(tenant))

    def of(self, tenant: str) -> Installation:
        """Whose token works there. Raises `TryLater` where there is none or it rests, `Busy` before it can be known."""
        key = key_of(tenant)
        installation = self._known.get(key)
        if installation is None and not self.complete:
            raise Busy("digestbot is not connected to Slack yet", _SOON)
        if installation is None:
            raise TryLater("digestbot is not connected to this workspace, or was removed from it", _REST)
        until, reason = self._resting.get(key, (None, ""))
        if until is not None and self._clock.now() < until:
            raise TryLater(reason, until - self._clock.now())
        return installation

    def rest(self, key: str, reason: str) -> None:
        """Slack refuses its token: one call in ten minutes is enough to see whether it still does."""
        if key in self._known and key not in self._resting:
            _log.error("slack.refused", workspace=key, reason=reason, next="install digestbot there again")
        self._resting[key] = (self._clock.now() + _REST, reason)

    def trouble(self, key: str) -> str | None:
        """Why nothing is sent with it now."""
        until, reason = self._resting.get(key, (None, ""))
        return reason if until is not None and self._clock.now() < until else None
