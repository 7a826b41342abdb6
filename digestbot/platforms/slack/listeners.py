"""Listeners: what Slack brings, by command, button, modal or event, to whoever answers it."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp

from digestbot.errors import UserMistake
from digestbot.platforms.slack.asking import Asker
from digestbot.platforms.slack.buttons import ADDRESS, command_of
from digestbot.platforms.slack.conversation import Ack, Conversation
from digestbot.platforms.slack.forms import CALLBACK, lacks
from digestbot.platforms.slack.membership import Membership
from digestbot.platforms.slack.modals import Modals
from digestbot.platforms.slack.workspaces import installer_in, tenant_in

COMMAND: Final = "/news"
_ANY: Final = re.compile(r".*", re.DOTALL)

Body = dict[str, Any]


class Listeners:
    """`register` puts them into a Bolt app; each acknowledges first and is never asked the same twice."""

    def __init__(self, conversation: Conversation, modals: Modals, membership: Membership) -> None:
        self._conversation = conversation
        self._modals = modals
        self._membership = membership

    def register(self, app: AsyncApp) -> None:
        self._on_commands(app)
        self._on_views(app)
        self._on_events(app)

    def _on_commands(self, app: AsyncApp) -> None:
        @app.command(COMMAND)
        async def typed(ack: Ack, body: Body) -> None:
            await self._typed(ack, body)

        @app.action(ADDRESS)
        async def opened(ack: Ack) -> None:
            await ack()

        @app.action(_ANY)
        async def pressed(ack: Ack, body: Body) -> None:
            await ack()
            await self._pressed(body)

    def _on_views(self, app: AsyncApp) -> None:
        @app.view(CALLBACK)
        async def submitted(ack: Ack, body: Body) -> None:
            answer = await self._modals.submitted(asker_in(body), body)
            await (ack(answer) if answer else ack())

        @app.options(_ANY)
        async def suggested(ack: Ack, body: Body) -> None:
            await ack({"options": await self._modals.options(asker_in(body), body)})

    def _on_events(self, app: AsyncApp) -> None:
        @app.event("app_home_opened")
        async def visited(body: Body) -> None:
            event = body["event"]
            if event.get("tab") == "home":
                await self._modals.home(Asker(tenant_in(body) or "", event["user"]), event.get("view", {}).get("hash"))

        @app.event("app_uninstalled")
        async def removed(body: Body) -> None:
            await self._farewell(body)

        @app.event("tokens_revoked")
        async def revoked(body: Body) -> None:
            if body["event"].get("tokens", {}).get("bot"):
                await self._farewell(body)

    async def _typed(self, ack: Ack, body: Body) -> None:
        """A line that lacks what it needs opens a form, and an empty one (which is read as `help`) the menu."""
        asker, url, trigger = asker_in(body), str(body["response_url"]), str(body["trigger_id"])
        line = html.unescape(str(body.get("text") or "")).strip()
        try:
            verb, options = self._conversation.read(line)
        except UserMistake as mistake:
            await self._conversation.say(ack, str(mistake))
            return
        if line and not lacks(verb, options):
            await self._conversation.typed(ack, asker, verb, options, url)
            return
        await ack()
        if not await self._modals.open(asker, trigger, verb.name if line else None, options, url):
            await self._conversation.answer(asker, verb, options, url)

    async def _pressed(self, body: Body) -> None:
        """In a modal and in the App Home the answer is shown there, elsewhere by a message."""
        asker = asker_in(body)
        if body.get("view"):
            await self._modals.chosen(asker, body)
            return
        line = command_of(body["actions"][0]) if body.get("actions") else None
        if line and body.get("response_url"):
            thread = (body.get("container") or {}).get("thread_ts")
            await self._conversation.pressed(asker, line, str(body["response_url"]), thread)

    async def _farewell(self, body: Body) -> None:
        key, said = installer_in(body), body.get("event_time")
        if key and isinstance(said, int):
            await self._membership.farewell(key, datetime.fromtimestamp(said, UTC))


def asker_in(body: Mapping[str, Any]) -> Asker:
    """Who, from where: a command names them flat, an interaction as objects; a view has no channel."""
    user = body.get("user_id") or (body.get("user") or {}).get("id") or ""
    channel = body.get("channel_id") or (body.get("channel") or {}).get("id") or ""
    return Asker(tenant_in(body) or "", str(user), str(channel))
