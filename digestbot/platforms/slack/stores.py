"""Stores: our rows of installations and of OAuth states, as Bolt asks for them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from re import compile as pattern
from secrets import token_urlsafe
from typing import Final

import structlog
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Installation as Granted
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from digestbot.ports import Clock, Installation, Installations, OAuthStates

LIFE: Final = timedelta(minutes=10)
"""How long a person may take at Slack's page; a code lives as long."""

_STATE: Final = pattern(r"[\w-]{43}")

_log = structlog.get_logger("slack")


class States(AsyncOAuthStateStore):
    """Each good once, for ten minutes."""

    def __init__(self, states: OAuthStates, clock: Clock) -> None:
        self._states = states
        self._clock = clock

    async def async_issue(self, *_args: object, **_more: object) -> str:
        state = token_urlsafe(32)
        await self._states.issue(state, self._clock.now() + LIFE)
        return state

    async def async_consume(self, state: str) -> bool:
        return bool(_STATE.fullmatch(state)) and await self._states.consume(state, self._clock.now())


class Store(AsyncInstallationStore):
    """Saves, then says so to `installed`; whatever that raises, the installation stays."""

    def __init__(self, installations: Installations, installed: Callable[[Installation], Awaitable[None]]) -> None:
        self._installations = installations
        self._installed = installed

    async def async_save(self, installation: Granted) -> None:
        """Raises BoltError, the only error for which Bolt has an answer."""
        made = made_of(installation)
        try:
            await self._installations.save(made)
        except Exception as error:
            _log.error("slack.install_not_saved", key=made.key, error=type(error).__name__)
            raise BoltError("not saved") from error
        _log.info("slack.installed", key=made.key, name=made.name)
        try:
            await self._installed(made)
        except Exception:  # noqa: BLE001 - it is saved, and the next start will see it
            _log.exception("slack.install_unheeded", key=made.key)


def made_of(granted: Granted) -> Installation:
    """Of a whole organisation there is no team."""
    whole = granted.is_enterprise_install
    return Installation(
        enterprise=granted.enterprise_id,
        team=None if whole else granted.team_id,
        name=(granted.enterprise_name if whole else granted.team_name) or "",
        token=granted.bot_token or "",
        bot_user=granted.bot_user_id or "",
        bot_id=granted.bot_id or "",
        scopes=tuple(granted.bot_scopes or ()),
        installed_by=granted.user_id,
        installed_at=datetime.fromtimestamp(granted.installed_at, UTC),
    )
