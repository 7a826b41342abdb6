"""What Slack tells an app: commands, clicks, typed words, submitted views, events."""

from collections.abc import Mapping
from typing import Any

from tests.servers.slack.credentials import APP_ID
from tests.servers.slack.posting import shown
from tests.servers.slack.record import Message
from tests.servers.slack.views import View
from tests.servers.slack.world import Channel, User, Workspace

VERIFICATION = "verification-canary"
Payload = dict[str, Any]


def command(workspace: Workspace, channel: Channel, user: User, name: str, text: str) -> Payload:
    """Slack: slash commands. Everything is text, so that it fits a form."""
    payload = {
        "token": VERIFICATION,
        "team_id": workspace.id,
        "team_domain": workspace.name.lower(),
        "channel_id": channel.id,
        "channel_name": _said_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
    }
    if workspace.enterprise:
        payload |= {"enterprise_id": workspace.enterprise, "enterprise_name": "Grid"}
    return payload


def actions(workspace: Workspace, user: User, where: Payload, values: Mapping[str, Any], action: Payload) -> Payload:
    """Slack: block_actions."""
    return {**_from(workspace, user, "block_actions"), **where, "state": {"values": values}, "actions": [action]}


def on_message(message: Message, channel: Channel, workspace: Workspace) -> Payload:
    """The place of a click on a message; a message for one person alone is not carried along."""
    private = message.ephemeral_to is not None
    container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": private}
    container |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
    place: Payload = {"container": container, "channel": {"id": channel.id, "name": _said_name(channel)}}
    return place if private else {**place, "message": shown(message, workspace)}


def in_view(view: View, values: Mapping[str, Any]) -> Payload:
    return {"container": {"type": "view", "view_id": view.id}, "view": view.shown(values)}


def suggestion(workspace: Workspace, user: User, where: Payload, action: Payload) -> Payload:
    """Slack: block_suggestion. It has no trigger id."""
    return {**_from(workspace, user, "block_suggestion"), **where, **action}


def submission(workspace: Workspace, user: User, view: View, values: Mapping[str, Any]) -> Payload:
    return {**_from(workspace, user, "view_submission"), "view": view.shown(values), "response_urls": []}


def closed(workspace: Workspace, user: User, view: View, *, cleared: bool) -> Payload:
    return {**_from(workspace, user, "view_closed"), "view": view.shown(), "is_cleared": cleared}


def event(workspace: Workspace, body: Payload, number: int, at: float) -> Payload:
    """Slack: the Events API's outer envelope."""
    authorization = {
        "enterprise_id": workspace.enterprise,
        "team_id": workspace.id,
        "user_id": workspace.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": VERIFICATION,
        "team_id": workspace.id,
        "enterprise_id": workspace.enterprise,
        "api_app_id": APP_ID,
        "event": {"event_ts": f"{at:.6f}", **body},
        "type": "event_callback",
        "event_id": f"Ev{number:09d}",
        "event_time": int(at),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }


def _from(workspace: Workspace, user: User, kind: str) -> Payload:
    grid = {"id": workspace.enterprise, "name": "Grid"} if workspace.enterprise else None
    return {
        "type": kind,
        "team": {"id": workspace.id, "domain": workspace.name.lower()},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": workspace.id},
        "api_app_id": APP_ID,
        "token": VERIFICATION,
        "enterprise": grid,
        "is_enterprise_install": False,
    }


def _said_name(channel: Channel) -> str:
    if channel.other is not None:
        return "directmessage"
    return "privategroup" if channel.private else channel.name
