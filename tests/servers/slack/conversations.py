"""conversations.*: channels, who is in them, and what was said there."""

import base64
from typing import Any, TypeVar

from tests.servers.slack.asked import Asked
from tests.servers.slack.posting import shown
from tests.servers.slack.record import Message
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.state import State
from tests.servers.slack.world import Channel, Workspace

Answer = dict[str, Any]
Item = TypeVar("Item")
MOST = 999
RESTRICTED = 15


def info(state: State, asked: Asked) -> Answer:
    channel = state.channel(asked.workspace, asked.text("channel"))
    asked.needs(_scope(channel, "read"))
    return {"ok": True, "channel": channel.shown(asked.workspace.bot_user)}


def list_(_: State, asked: Asked) -> Answer:
    """Slack: conversations.list. Public ones unless other types are asked; private ones only from within."""
    types = set((asked.maybe("types") or "public_channel").split(","))
    if "public_channel" in types:
        asked.needs("channels:read")
    if "private_channel" in types:
        asked.needs("groups:read")
    seen = [channel for channel in asked.workspace.channels.values() if _listed(channel, asked, types)]
    page, cursor = _page(seen, asked, asked.number("limit", 100))
    bot = asked.workspace.bot_user
    return {
        "ok": True,
        "channels": [channel.shown(bot) for channel in page],
        "response_metadata": {"next_cursor": cursor},
    }


def join(state: State, asked: Asked) -> Answer:
    channel = state.channel(asked.workspace, asked.text("channel"))
    asked.needs("channels:join")
    if channel.private:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    channel.members.add(asked.workspace.bot_user)
    return {"ok": True, "channel": channel.shown(asked.workspace.bot_user)}


def open_(_: State, asked: Asked) -> Answer:
    asked.needs("im:write")
    user = asked.workspace.users.get(asked.text("users"))
    if user is None:
        raise Refusal("user_not_found")
    return {"ok": True, "channel": {"id": asked.workspace.dm(user).id}}


def history(state: State, asked: Asked) -> Answer:
    """Slack: conversations.history. Newest first, and only from within the channel.

    Metadata comes on demand; answers within threads and whispers never do.
    """
    channel = state.channel(asked.workspace, asked.text("channel"))
    asked.needs(_scope(channel, "history"))
    _check_member(channel, asked.workspace)
    said = [message for message in state.record.visible(channel.id) if _within(message, asked)]
    said = [message for message in said if message.thread_ts in {None, message.ts} or _broadcast(message)]
    return _answer(state, asked, sorted(said, key=lambda message: message.ts, reverse=True))


def replies(state: State, asked: Asked) -> Answer:
    """Slack: conversations.replies. The message itself first, then its answers, oldest first."""
    channel = state.channel(asked.workspace, asked.text("channel"))
    asked.needs(_scope(channel, "history"))
    _check_member(channel, asked.workspace)
    root = asked.text("ts")
    said = [message for message in state.record.visible(channel.id) if root in {message.ts, message.thread_ts}]
    if not said:
        raise Refusal("thread_not_found")
    return _answer(state, asked, said)


def _answer(state: State, asked: Asked, said: list[Message]) -> Answer:
    most = RESTRICTED if state.limits.restricted else MOST
    limit = asked.number("limit", RESTRICTED if state.limits.restricted else 100)
    page, cursor = _page(said, asked, min(limit, most))
    metadata = asked.flag("include_all_metadata")
    answer: Answer = {
        "ok": True,
        "messages": [shown(message, asked.workspace, with_metadata=metadata) for message in page],
        "has_more": bool(cursor),
    }
    return {**answer, "response_metadata": {"next_cursor": cursor}} if cursor else answer


def _within(message: Message, asked: Asked) -> bool:
    oldest, latest = asked.maybe("oldest") or "0", asked.maybe("latest")
    at, inclusive = float(message.ts), asked.flag("inclusive")
    after = at > float(oldest) or (inclusive and at == float(oldest))
    before = latest is None or at < float(latest) or (inclusive and at == float(latest))
    return after and before


def _broadcast(message: Message) -> bool:
    return bool(message.body.sent.get("reply_broadcast"))


def _check_member(channel: Channel, workspace: Workspace) -> None:
    if workspace.bot_user not in channel.members:
        raise Refusal("not_in_channel")


def _listed(channel: Channel, asked: Asked, types: set[str]) -> bool:
    if channel.other is not None:
        return "im" in types
    if channel.archived and asked.flag("exclude_archived"):
        return False
    if channel.private:
        return "private_channel" in types and asked.workspace.bot_user in channel.members
    return "public_channel" in types


def _scope(channel: Channel, what: str) -> str:
    if channel.other is not None:
        return f"im:{what}"
    return f"{'groups' if channel.private else 'channels'}:{what}"


def _page(items: list[Item], asked: Asked, limit: int) -> tuple[list[Item], str]:
    """Some of the items, and the cursor of the next ones; it is empty after the last."""
    start = _start(asked.maybe("cursor"))
    end = start + max(limit, 1)
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], cursor


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).removeprefix(b"next:"))
    except ValueError as error:
        raise Refusal("invalid_cursor") from error
