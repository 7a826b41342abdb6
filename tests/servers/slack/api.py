"""The Web API: who asks, what goes wrong, how often it may, and what the method says."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from tests.servers.slack import wire
from tests.servers.slack.asked import Asked
from tests.servers.slack.faults import Fault, Kind
from tests.servers.slack.methods import METHODS
from tests.servers.slack.record import Call
from tests.servers.slack.refusal import Limited, Refusal
from tests.servers.slack.state import State

Door = Callable[[web.Request, dict[str, Any]], dict[str, Any]]


class Api:
    """`doors` are the methods that ask with something other than a bot's token."""

    def __init__(self, state: State, doors: Mapping[str, Door]) -> None:
        self._state = state
        self._doors = doors

    async def serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            params = await wire.params_of(request)
        except Refusal as refusal:
            return wire.answer(refusal.answer())
        channel = params.get("channel") or params.get("channel_id")
        fault = self._state.faults.take(method, channel, json.dumps(params, default=str, ensure_ascii=False))
        if fault and not fault.accepts:
            self._note(request, method, params, fault.kind)
            return await wire.lose(request, web.Response(), fault, self._state.closing)
        return await self._accept(request, method, params, fault)

    async def _accept(
        self, request: web.Request, method: str, params: dict[str, Any], fault: Fault | None
    ) -> web.StreamResponse:
        if fault and fault.kind is Kind.LATE:
            await asyncio.sleep(fault.delay)
        good, said = self._answer(request, method, params)
        if fault is None or said != "ok":
            self._note(request, method, params, said)
            return good
        self._note(request, method, params, fault.kind)
        return await wire.lose(request, good, fault, self._state.closing)

    def _answer(self, request: web.Request, method: str, params: dict[str, Any]) -> tuple[web.Response, str]:
        """The response, and in one word what it says."""
        try:
            if method in self._doors:
                return wire.answer(self._doors[method](request, params)), "ok"
            return self._asked(request, method, params), "ok"
        except Limited as limited:
            return wire.limited(str(limited.seconds)), "429"
        except Refusal as refusal:
            return wire.answer(refusal.answer()), refusal.error

    def _asked(self, request: web.Request, method: str, params: dict[str, Any]) -> web.Response:
        if method not in METHODS:
            raise Refusal("unknown_method", req_method=method)
        workspace = self._state.of_token(wire.token_of(request, params))
        asked = Asked(method, workspace, params, self._state.now())
        self._state.limits.spend(method, workspace.id, params.get("channel"), asked.now)
        headers = {"X-OAuth-Scopes": ",".join(sorted(workspace.scopes))}
        return wire.answer(METHODS[method](self._state, asked), headers=headers)

    def _note(self, request: web.Request, method: str, params: dict[str, Any], said: str) -> None:
        try:
            team = self._state.of_token(wire.token_of(request, params)).id
        except Refusal:
            team = None
        channel = params.get("channel")
        self._state.record.calls.append(Call(method, team, channel, params, str(said), self._state.now()))
        self._state.record.bell.ring()
