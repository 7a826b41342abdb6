"""Membership: which workspaces digestbot is in, whatever order Slack's farewells and greetings come in."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from digestbot.errors import DeliveryError
from digestbot.platforms.slack.api import Api
from digestbot.platforms.slack.faults import DEAD, UNWANTED, code_of
from digestbot.platforms.slack.roster import Roster
from digestbot.platforms.slack.workspaces import PLATFORM, is_of
from digestbot.ports import Clock, Installation, Installations, Tenants

_AN_INSTANT: Final = timedelta(microseconds=1)
_log = structlog.get_logger("slack")


class Membership:
    """With `installations` they come and go; a workspace known by its token alone may only rest."""

    def __init__(
        self,
        *,
        api: Api,
        roster: Roster,
        installations: Installations | None,
        tenants: Tenants,
        clock: Clock,
        caught_up: Callable[[], None],
    ) -> None:
        """`caught_up` is called when a workspace is back: what changed meanwhile is to be corrected there."""
        self._api = api
        self._roster = roster
        self._installations = installations
        self._tenants = tenants
        self._clock = clock
        self._caught_up = caught_up
        self._turn = asyncio.Lock()

    async def load(self) -> None:
        """What is installed, into memory."""
        for installation in await self._installations.all() if self._installations else ():
            self._roster.put(installation)

    async def installed(self, installation: Installation) -> None:
        """For the first time or again; `installation` is stored already where that is to be."""
        async with self._turn:
            self._roster.put(installation)
            returned = [
                await self._tenants.returned(PLATFORM, tenant, self._clock.now())
                for tenant in await self._tenants.departed(PLATFORM)
                if is_of(tenant, installation.key)
            ]
        _log.info("slack.installed", workspace=installation.key, returned=any(returned))
        if any(returned):
            self._caught_up()

    async def farewell(self, key: str, at: datetime) -> None:
        """Slack said at that time that the app was removed, or its token revoked.

        It may say so late, up to a day, and the app may have been installed anew since: an older farewell is none,
        and neither is one whose token still works. Slack tells such times in whole seconds.
        """
        async with self._turn:
            known = self._roster.known(key)
            if known is not None and known.installed_at.replace(microsecond=0) > at:
                _log.info("slack.late_farewell", workspace=key, said=at.isoformat())
            elif known is None or await self._is_over(known):
                await self._left(key, known)

    async def refused(self, key: str, code: str) -> None:
        """A call was answered so; one answer alone deletes nothing. A workspace of our own settings rests only."""
        async with self._turn:
            known = self._roster.known(key)
            if known and self._installations and code in DEAD and await self._is_dead(known):
                await self._left(key, known)

    async def _left(self, key: str, known: Installation | None) -> None:
        """The data first: a crash between the two leaves a token that is refused, which brings us here again.

        Only the installation that is known to be over is removed: a newer one may be on its way into the store.
        """
        now = self._clock.now()
        for tenant in [each for each in await self._tenants.all(PLATFORM) if is_of(each, key)]:
            await self._tenants.left(PLATFORM, tenant, now)
        if self._installations and known:
            await self._installations.remove(key, known.installed_at + _AN_INSTANT)
        self._roster.drop(key)
        _log.info("slack.removed", workspace=key, next="its data is deleted when the grace period ends")

    async def _is_over(self, known: Installation) -> bool:
        """Slack's word counts unless the token works: where it cannot be asked now, too."""
        try:
            await self._api.ask("auth.test", known.token)
        except DeliveryError:
            return True
        return False

    async def _is_dead(self, known: Installation) -> bool:
        try:
            await self._api.ask("auth.test", known.token)
        except DeliveryError as fault:
            return code_of(fault) in UNWANTED
        return False
