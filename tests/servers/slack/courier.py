"""Carrying what happens to the app, over Socket Mode or as signed requests."""

import json
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from tests.servers.slack.ack import Ack
from tests.servers.slack.signing import FORM, JSON, Outbox
from tests.servers.slack.sockets import Sockets
from tests.servers.slack.state import State

Via = Literal["socket", "http"]
PAUSES = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
"""Slack: the Events API asks again at once, after a minute and after five."""


class Courier:
    def __init__(self, state: State, sockets: Sockets, outbox: Outbox) -> None:
        self._state = state
        self._sockets = sockets
        self._outbox = outbox

    async def command(self, payload: dict[str, Any], via: Via) -> Ack:
        if via == "socket":
            return await self._sockets.send("slash_commands", payload, answers=True, retry={})
        return await self._outbox.post(urlencode(payload).encode(), FORM)

    async def interact(self, payload: dict[str, Any], via: Via) -> Ack:
        if via == "socket":
            return await self._sockets.send("interactive", payload, answers=True, retry={})
        return await self._outbox.post(urlencode({"payload": json.dumps(payload)}).encode(), FORM)

    async def event(self, payload: dict[str, Any], via: Via, retry: int = 0, reason: str = "http_timeout") -> Ack:
        """Once; `retry` is how many times it was brought before."""
        if via == "socket":
            again = {"retry_attempt": retry, "retry_reason": reason if retry else ""}
            return await self._sockets.send("events_api", payload, answers=False, retry=again)
        headers = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason} if retry else {}
        return await self._outbox.post(json.dumps(payload).encode(), JSON, headers)

    async def persist(self, payload: dict[str, Any], via: Via) -> list[Ack]:
        """Until it is taken, the app wishes no more, or three more attempts have failed."""
        acks = [await self.event(payload, via)]
        for number, pause in enumerate(PAUSES, 1):
            if acks[-1].ok or acks[-1].no_retry:
                break
            await self._state.clock.sleep(pause)
            acks.append(await self.event(payload, via, number, acks[-1].failure or ""))
        return acks
