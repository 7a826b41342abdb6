"""What people do with the app: typing commands, pressing, choosing, submitting."""

from collections.abc import Mapping
from typing import Any

from tests.servers.slack import inputs, payloads
from tests.servers.slack.ack import Ack
from tests.servers.slack.answers import Answers
from tests.servers.slack.blocks import option_faults
from tests.servers.slack.courier import Courier, Via
from tests.servers.slack.inputs import Unusable
from tests.servers.slack.interaction import Interaction, ResponseUrl
from tests.servers.slack.naming import named
from tests.servers.slack.record import Message
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.state import State
from tests.servers.slack.views import View, check
from tests.servers.slack.world import Channel, User, Workspace

MIN_QUERY = 3
UNTAKEN = Ack("untaken")


class Acting:
    def __init__(self, state: State, courier: Courier, answers: Answers) -> None:
        self._state = state
        self._courier = courier
        self._answers = answers

    async def command(
        self, workspace: Workspace, channel: Channel, user: User, words: tuple[str, str], via: Via
    ) -> Interaction:
        """`words` are the command's name and the text behind it; whoever types in a channel is in it."""
        channel.members.add(user.id)
        payload = payloads.command(workspace, channel, user, *words)
        interaction = self._begin(payload, workspace, user)
        self._offer(interaction, workspace, channel, user, None)
        interaction.ack = await self._courier.command(payload, via)
        if interaction.ack.ok and interaction.response_url:
            self._answers.acknowledged(interaction.response_url, interaction.ack.body)
        return interaction

    async def press(self, where: Message | View, user: User, name: str, via: Via, choice: str | None) -> Interaction:
        workspace = self._state.workspaces[where.team]
        blocks = self._blocks(where)
        block, element = inputs.find(blocks, name)
        action = self._action(block, element, choice)
        values = inputs.state(blocks, {})
        payload = payloads.actions(workspace, user, self._place(where, values), values, action)
        interaction = self._begin(payload, workspace, user)
        if isinstance(where, Message):
            self._offer(interaction, workspace, workspace.channels[where.channel], user, where)
        interaction.ack = await self._courier.interact(payload, via)
        return interaction

    async def options(self, user: User, name: str, typed: str, where: View | Message, via: Via) -> list[dict[str, Any]]:
        """Slack: block_suggestion. Under `min_query_length` nobody is asked; a wrong answer shows nothing."""
        workspace = self._state.workspaces[where.team]
        block, element = inputs.find(self._blocks(where), name)
        if len(typed) < element.get("min_query_length", MIN_QUERY):
            return []
        action = {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
        place = self._place(where, inputs.state(self._blocks(where), {}))
        payload = payloads.suggestion(workspace, user, place, action)
        ack = await self._courier.interact(payload, via)
        body = ack.body if ack.ok and isinstance(ack.body, dict) else {}
        options = [option for group in body.get("option_groups", [body]) for option in group.get("options", [])]
        faults = [f"options: {ack.failure}"] if not ack.ok else option_faults(options)
        self._state.record.problems += faults
        return [] if faults else options

    async def submit(self, view: View, user: User, values: Mapping[str, Any], via: Via) -> Interaction:
        workspace = self._state.workspaces[view.team]
        filled = inputs.state(view.blocks, values)
        if not view.open or not view.sent.get("submit"):
            raise Unusable("there is no such modal to submit")
        if missing := inputs.missing(view.blocks, filled):
            raise Unusable(f"not filled in: {missing}")
        payload = payloads.submission(workspace, user, view, filled)
        interaction = self._begin(payload, workspace, user)
        interaction.ack = await self._courier.interact(payload, via)
        if interaction.ack.ok:
            self._submitted(view, interaction)
        return interaction

    async def close(self, view: View, user: User, via: Via) -> Interaction | None:
        """Slack: view_closed. The app is told only if it asked for it."""
        self._state.views.close(view, stack=False)
        if not view.sent.get("notify_on_close"):
            return None
        payload = payloads.closed(self._state.workspaces[view.team], user, view, cleared=False)
        return Interaction(payload, await self._courier.interact(payload, via), self._state.record, self._state.views)

    def _submitted(self, view: View, interaction: Interaction) -> None:
        body = interaction.ack.body or {}
        try:
            self._respond(view, interaction, body if isinstance(body, dict) else {"response_action": body})
        except Refusal as refusal:
            self._state.record.problems.append(f"an answer to a submitted view that Slack refuses: {refusal.fields}")

    def _respond(self, view: View, interaction: Interaction, body: dict[str, Any]) -> None:
        """Slack: response_action. Nothing closes the view; errors have to name inputs of it."""
        views = self._state.views
        match body.get("response_action"):
            case None if not body:
                views.close(view, stack=False)
            case "clear":
                views.close(view, stack=True)
            case "errors":
                view.errors = interaction.errors = dict(body.get("errors") or {})
                strange = view.errors.keys() - {block["block_id"] for block in view.blocks if block["type"] == "input"}
                if strange or not view.errors:
                    raise Refusal("invalid_arguments", errors=sorted(strange))
            case "update":
                views.change(view, check(body.get("view"), "modal"))
            case "push":
                pushed = views.open(view.team, view.user, view.bot_id, body.get("view"), view)
                if interaction.trigger:
                    interaction.trigger.opened.append(pushed.id)
            case _:
                raise Refusal("invalid_arguments", answer=body)

    def _begin(self, payload: dict[str, Any], workspace: Workspace, user: User) -> Interaction:
        trigger = self._state.triggers.make(workspace.id, user.id, self._state.now())
        payload["trigger_id"] = trigger.id
        return Interaction(payload, UNTAKEN, self._state.record, self._state.views, trigger)

    def _offer(
        self, interaction: Interaction, workspace: Workspace, channel: Channel, user: User, original: Message | None
    ) -> ResponseUrl:
        interaction.payload["response_url"], url = self._answers.offer(workspace, channel, user.id)
        interaction.response_url, url.original = url, original
        return url

    def _blocks(self, where: Message | View) -> list[dict[str, Any]]:
        if isinstance(where, View):
            return where.blocks
        if where.deleted:
            raise Unusable("the message is gone")
        return named(where.blocks, where.ts.replace(".", ""))

    def _place(self, where: Message | View, values: Mapping[str, Any]) -> dict[str, Any]:
        if isinstance(where, View):
            return payloads.in_view(where, values)
        workspace = self._state.workspaces[where.team]
        return payloads.on_message(where, workspace.channels[where.channel], workspace)

    def _action(self, block: dict[str, Any], element: dict[str, Any], choice: str | None) -> dict[str, Any]:
        action = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
        action["action_ts"] = self._state.stamp()
        if element["type"] == "button":
            return {**action, "text": element["text"], **({"value": element["value"]} if "value" in element else {})}
        return {**action, **inputs.value_of(element, choice)}
