"""The app: slack-bolt's, with its own doings taken out that would ask Slack, write files or send anything twice."""

import logging
from typing import Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from digestbot.platforms.slack.roster import Roster

_CHECKED_BEFORE: Final = "digestbot checks signatures before the library sees a request"
_UNKNOWN: Final = "digestbot is not installed in this workspace any more: ask an admin to install it again."
_library: Final = logging.getLogger("slack_bolt.digestbot")


def make_app(client: AsyncWebClient, roster: Roster) -> AsyncApp:
    """Who is let in is looked up in memory: the library would ask Slack each time, within the three seconds.

    Its warnings hold whole requests, with what people typed and with secret addresses: only its errors are logged.
    """
    _library.setLevel(logging.ERROR)

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        known = roster.known(team_id or "") or roster.known(enterprise_id or "")
        if known is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=known.token,
            bot_id=known.bot_id,
            bot_user_id=known.bot_user,
        )

    return AsyncApp(
        name="digestbot",
        logger=_library,
        client=client,
        signing_secret=_CHECKED_BEFORE,
        authorize=authorize,  # type: ignore[arg-type]  # the library takes None for “not installed”
        user_facing_authorize_error_message=_UNKNOWN,
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
