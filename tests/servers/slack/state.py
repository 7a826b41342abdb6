"""All that Slack keeps: workspaces, messages, views, and what is still to be used up."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from digestbot.ports import Clock
from tests.servers.slack.credentials import APP_ID, Credentials
from tests.servers.slack.faults import Faults
from tests.servers.slack.interaction import ResponseUrl
from tests.servers.slack.limits import Limits
from tests.servers.slack.record import Message, Record
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.triggers import Triggers
from tests.servers.slack.views import Views
from tests.servers.slack.world import Channel, File, Workspace, found


@dataclass(slots=True)
class State:
    """`edit_window` is the seconds in which a workspace lets messages be edited; None for ever."""

    clock: Clock
    credentials: Credentials = field(default_factory=Credentials)
    record: Record = field(default_factory=Record)
    faults: Faults = field(default_factory=Faults)
    limits: Limits = field(default_factory=Limits)
    triggers: Triggers = field(default_factory=Triggers)
    views: Views = field(default_factory=lambda: Views(APP_ID))
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    origin: str = ""
    edit_window: float | None = None
    last_ts: float = 0.0
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> float:
        return self.clock.now().timestamp()

    def stamp(self) -> str:
        """The ts of a new message: the time in microseconds, and never twice the same."""
        self.last_ts = max(self.now(), self.last_ts + 0.000_01)
        return f"{self.last_ts:.6f}"

    def of_token(self, token: str | None) -> Workspace:
        """Slack: errors of every method. Whose token it is, unless it is worth nothing any more."""
        if not token:
            raise Refusal("not_authed")
        if token == self.credentials.app_token:
            raise Refusal("not_allowed_token_type")
        for workspace in self.workspaces.values():
            if workspace.bot_token == token and workspace.token_state == "live":
                return workspace
            if token in workspace.dead_tokens or workspace.bot_token == token:
                raise Refusal(workspace.dead_tokens.get(token, workspace.token_state))
        raise Refusal("invalid_auth")

    def found(self, name: str, enterprise: str | None) -> Workspace:
        workspace = found(name, APP_ID, enterprise, self.numbers)
        self.workspaces[workspace.id] = workspace
        return workspace

    def names(self, workspace: Workspace) -> dict[str, str]:
        """Ids by handle, of people and of groups."""
        groups = {group.handle: group.id for group in workspace.groups.values()}
        return {user.name: user.id for user in workspace.users.values()} | groups

    def channel(self, workspace: Workspace, channel_id: str) -> Channel:
        """One that the bot can see: private ones only from within. Slack: conversations.info."""
        channel = workspace.channels.get(channel_id)
        if channel is None or (channel.private and workspace.bot_user not in channel.members):
            raise Refusal("channel_not_found")
        return channel

    def message(self, channel: Channel, ts: str) -> Message:
        for message in self.record.messages:
            if (message.channel, message.ts) == (channel.id, ts) and not message.deleted and not message.ephemeral_to:
                return message
        raise Refusal("message_not_found")
