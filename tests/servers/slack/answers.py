"""Answers to interactions: by acknowledgement, and by response_url."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.servers.slack import wire
from tests.servers.slack.interaction import ResponseUrl
from tests.servers.slack.posting import body_of, post
from tests.servers.slack.record import Call
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.state import State
from tests.servers.slack.world import Channel, Workspace


class Answers:
    def __init__(self, state: State) -> None:
        self._state = state

    def offer(self, workspace: Workspace, channel: Channel, user: str) -> tuple[str, ResponseUrl]:
        number = next(self._state.numbers)
        url = ResponseUrl(workspace, channel, user, self._state.now())
        self._state.response_urls[str(number)] = url
        return f"{self._state.origin}/response/{workspace.id}/{number}", url

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Slack: response_url. It needs no token, and is not asked whether the app may post."""
        params = await wire.params_of(request)
        url = self._state.response_urls.get(request.match_info["number"])
        fault = self._state.faults.take("response_url", url.channel.id if url else None, str(params))
        if fault and not fault.accepts:
            self._note(url, params, fault.kind)
            return await wire.lose(request, web.Response(), fault, self._state.closing)
        try:
            self.take(url, params)
        except Refusal as refusal:
            self._note(url, params, refusal.error)
            status = 404 if refusal.error in {"used_url", "expired_url", "invalid_url"} else 400
            return wire.answer(refusal.answer(), status=status)
        self._note(url, params, fault.kind if fault else "ok")
        good = wire.answer({"ok": True})
        return await wire.lose(request, good, fault, self._state.closing) if fault else good

    def take(self, url: ResponseUrl | None, params: Mapping[str, Any]) -> None:
        if url is None:
            raise Refusal("invalid_url")
        if params.get("delete_original"):
            url.use(self._state.now())
            self._delete(url)
            return
        body = body_of(params)
        url.use(self._state.now())
        original = url.original or (url.answers[-1] if url.answers else None)
        if params.get("replace_original") and original:
            original.edits.append(body)
            return
        self.say(url, params)

    def say(self, url: ResponseUrl, params: Mapping[str, Any]) -> None:
        """A new message: for the person alone, unless it is meant for the channel."""
        alone = params.get("response_type", "ephemeral") != "in_channel"
        to = url.user if alone else None
        url.answers.append(
            post(self._state, url.workspace, url.channel, body_of(params), ephemeral_to=to, via_response_url=True)
        )
        self._state.record.bell.ring()

    def acknowledged(self, url: ResponseUrl, body: object) -> None:
        """Slack: slash commands. What an acknowledgement holds is shown, as a text or as a message."""
        if not body:
            return
        try:
            self.say(url, body if isinstance(body, dict) else {"text": str(body)})
        except Refusal as refusal:
            self._state.record.problems.append(f"an acknowledgement that cannot be shown: {refusal.error}")

    def _delete(self, url: ResponseUrl) -> None:
        if url.original:
            url.original.deleted = True
        elif url.answers:
            url.answers[-1].deleted = True

    def _note(self, url: ResponseUrl | None, params: Mapping[str, Any], said: str) -> None:
        team, channel = (url.workspace.id, url.channel.id) if url else (None, None)
        self._state.record.calls.append(
            Call("response_url", team, channel, params, str(said), self._state.now()),
        )
        self._state.record.bell.ring()
