"""chat.*: posting, editing, deleting."""

from typing import Any

from tests.servers.slack.asked import Asked
from tests.servers.slack.posting import body_of, edited, post, shown
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.state import State
from tests.servers.slack.world import Channel

Answer = dict[str, Any]


def post_message(state: State, asked: Asked) -> Answer:
    asked.needs("chat:write")
    channel = _writable(state, asked)
    if channel.other is None and asked.workspace.bot_user not in channel.members:
        _check_public(asked)
    body = body_of(asked.params)
    thread = asked.maybe("thread_ts")
    if thread and not any(m.channel == channel.id and m.ts == thread for m in state.record.messages):
        raise Refusal("thread_not_found")
    message = post(state, asked.workspace, channel, body)
    given = shown(message, asked.workspace, with_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": given}


def post_ephemeral(state: State, asked: Asked) -> Answer:
    """Slack: chat.postEphemeral. The person has to be in the channel, and the app too."""
    asked.needs("chat:write")
    channel = _writable(state, asked)
    if asked.workspace.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    user = asked.text("user")
    if user not in channel.members:
        raise Refusal("user_not_in_channel")
    message = post(state, asked.workspace, channel, body_of(asked.params), ephemeral_to=user)
    return {"ok": True, "message_ts": message.ts}


def update(state: State, asked: Asked) -> Answer:
    asked.needs("chat:write")
    channel = state.channel(asked.workspace, asked.text("channel"))
    message = state.message(channel, asked.text("ts"))
    if message.user != asked.workspace.bot_user:
        raise Refusal("cant_update_message")
    if state.edit_window is not None and asked.now - float(message.ts) > state.edit_window:
        raise Refusal("edit_window_closed")
    if channel.archived:
        raise Refusal("is_archived")
    message.edits.append(edited(message.body, asked.params))
    given = shown(message, asked.workspace, with_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "text": message.text, "message": given}


def delete(state: State, asked: Asked) -> Answer:
    asked.needs("chat:write")
    channel = state.channel(asked.workspace, asked.text("channel"))
    message = state.message(channel, asked.text("ts"))
    if message.user != asked.workspace.bot_user:
        raise Refusal("cant_delete_message")
    message.deleted = True
    return {"ok": True, "channel": channel.id, "ts": message.ts}


def get_permalink(state: State, asked: Asked) -> Answer:
    channel = state.channel(asked.workspace, asked.text("channel"))
    message = state.message(channel, asked.text("message_ts"))
    domain = asked.workspace.name.lower().replace(" ", "-")
    link = f"https://{domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"ok": True, "channel": channel.id, "permalink": link}


def _writable(state: State, asked: Asked) -> Channel:
    """Slack: chat.postMessage. An id of a person stands for the conversation with them."""
    target = asked.text("channel")
    if target in asked.workspace.users:
        return asked.workspace.dm(asked.workspace.users[target])
    channel = state.channel(asked.workspace, target)
    if channel.archived:
        raise Refusal("is_archived")
    return channel


def _check_public(asked: Asked) -> None:
    if "chat:write.public" not in asked.workspace.scopes:
        raise Refusal("not_in_channel")
