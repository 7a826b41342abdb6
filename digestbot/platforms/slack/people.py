"""People: who asks, and whether they manage the workspace, as Slack says it now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from digestbot.domain.place import Member
from digestbot.errors import DeliveryError, UserMistake
from digestbot.platforms.slack.api import Api
from digestbot.platforms.slack.groups import Groups
from digestbot.platforms.slack.workspaces import team_of
from digestbot.ports import Clock

_KNOWN_FOR: Final = timedelta(seconds=60)
_MOST: Final = 10_000
_UNTOLD: Final = "Slack does not say now whether you manage this workspace: try again in a minute."
_ELSEWHERE: Final = ("is_stranger", "is_restricted", "is_ultra_restricted", "deleted")
_log = structlog.get_logger("slack")


class People:
    """Asked anew for whatever changes something; while somebody types, an answer of the last minute does."""

    def __init__(self, api: Api, groups: Groups, clock: Clock, admin_group: str = "") -> None:
        """`admin_group` is the handle of a user group whose members manage digestbot too."""
        self._api = api
        self._groups = groups
        self._clock = clock
        self._admin_group = admin_group
        self._known: dict[tuple[str, str], tuple[datetime, Member]] = {}

    async def member(self, tenant: str, user: str, *, fresh: bool) -> Member:
        """Raises `UserMistake` where Slack must say whether they manage the workspace (`fresh`) and does not."""
        at, known = self._known.get((tenant, user), (None, None))
        if known and at and not fresh and self._clock.now() - at < _KNOWN_FOR:
            return known
        try:
            member = await self._asked(tenant, user)
        except DeliveryError as fault:
            _log.warning("slack.unknown_member", tenant=tenant, reason=str(fault))
            if fresh:
                raise UserMistake(_UNTOLD) from fault
            return known or Member(id=user, name=user)
        while len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]
        self._known[tenant, user] = (self._clock.now(), member)
        return member

    async def _asked(self, tenant: str, user: str) -> Member:
        found = (await self._api.call(tenant, "users.info", user=user, include_locale=True))["user"]
        profile = found.get("profile") or {}
        return Member(
            id=user,
            name=profile.get("display_name") or found.get("real_name") or found.get("name") or user,
            admin=_is_here(found, team_of(tenant)) and await self._manages(tenant, found),
            locale=found.get("locale") or "en",
        )

    async def _manages(self, tenant: str, found: Mapping[str, Any]) -> bool:
        if any(found.get(word) for word in ("is_admin", "is_owner", "is_primary_owner")):
            return True
        return bool(self._admin_group) and await self._groups.holds(tenant, self._admin_group, found["id"])


def _is_here(found: Mapping[str, Any], team: str) -> bool:
    """Whether they belong to this workspace as full members: guests, and who is met in a shared channel, manage none.

    Somebody of another organisation may well be an admin there.
    """
    if (
        found.get("is_stranger")
        or found.get("is_restricted")
        or found.get("is_ultra_restricted")
        or found.get("deleted")
    ):
        return False
    teams = (found.get("enterprise_user") or {}).get("teams") or []
    return found.get("team_id") == team or team in teams
