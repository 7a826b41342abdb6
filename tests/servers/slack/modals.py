"""views.*: opening, pushing, updating modals, and publishing homes."""

from typing import Any

from tests.servers.slack.asked import Asked
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.state import State
from tests.servers.slack.views import View

Answer = dict[str, Any]


def open_(state: State, asked: Asked) -> Answer:
    return _opened(state, asked, previous=None)


def push(state: State, asked: Asked) -> Answer:
    """Slack: views.push. On top of the newest modal that this person has open."""
    trigger_id = asked.text("trigger_id")
    user = state.triggers.owner(trigger_id)
    stack = [view for view in state.views.known.values() if _modal_of(view, asked.workspace.id, user)]
    if not stack:
        raise Refusal("invalid_trigger_id")
    return _opened(state, asked, previous=stack[-1])


def update(state: State, asked: Asked) -> Answer:
    view_id, external_id = asked.maybe("view_id"), asked.maybe("external_id")
    team = asked.workspace.id
    view = state.views.update(team, view_id, external_id, asked.params.get("view"), asked.maybe("hash"))
    return {"ok": True, "view": view.shown()}


def publish(state: State, asked: Asked) -> Answer:
    workspace, user = asked.workspace, asked.text("user_id")
    if user not in workspace.users:
        raise Refusal("user_not_found")
    view = state.views.publish(workspace.id, user, workspace.bot_id, asked.params.get("view"), asked.maybe("hash"))
    return {"ok": True, "view": view.shown()}


def _opened(state: State, asked: Asked, previous: View | None) -> Answer:
    """A refused view leaves its trigger unused."""
    workspace, trigger_id = asked.workspace, asked.text("trigger_id")
    trigger = state.triggers.good(trigger_id, workspace.id, asked.now)
    view = state.views.open(workspace.id, trigger.user, workspace.bot_id, asked.params.get("view"), previous)
    trigger.spent = True
    trigger.opened.append(view.id)
    return {"ok": True, "view": view.shown()}


def _modal_of(view: View, team: str, user: str | None) -> bool:
    return view.open and (view.team, view.user) == (team, user) and view.sent["type"] == "modal"
