"""auth.*, users.* and usergroups.*: who is who."""

from typing import Any

from tests.servers.slack.asked import Asked
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.state import State

Answer = dict[str, Any]


def auth_test(_: State, asked: Asked) -> Answer:
    workspace = asked.workspace
    return {
        "ok": True,
        "url": f"https://{workspace.name.lower()}.slack.com/",
        "team": workspace.name,
        "user": "digestbot",
        "team_id": workspace.id,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "enterprise_id": workspace.enterprise,
        "is_enterprise_install": False,
    }


def auth_revoke(_: State, asked: Asked) -> Answer:
    if not asked.flag("test"):
        asked.workspace.token_state = "token_revoked"
    return {"ok": True, "revoked": not asked.flag("test")}


def user_info(_: State, asked: Asked) -> Answer:
    asked.needs("users:read")
    user = asked.workspace.users.get(asked.text("user"))
    if user is None:
        raise Refusal("user_not_found")
    return {"ok": True, "user": user.shown()}


def groups(_: State, asked: Asked) -> Answer:
    asked.needs("usergroups:read")
    shown = [group.shown() for group in asked.workspace.groups.values()]
    if asked.flag("include_users"):
        shown = [{**group, "users": list(asked.workspace.groups[group["id"]].users)} for group in shown]
    return {"ok": True, "usergroups": shown}


def group_users(_: State, asked: Asked) -> Answer:
    asked.needs("usergroups:read")
    group = asked.workspace.groups.get(asked.text("usergroup"))
    if group is None:
        raise Refusal("no_such_subteam")
    return {"ok": True, "users": list(group.users)}
