"""Once: a memory of what Slack has already brought, so that nothing is run twice."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from slack_bolt.response import BoltResponse

from digestbot.ports import Clock

_EVENT: Final = "event"
_COMMAND: Final = "command"
_INTERACTIONS: Final = ("block_actions", "view_submission", "view_closed", "shortcut", "message_action")

_log = structlog.get_logger("slack")


class Memory:
    """Keys that came of late: at most `most`, none for longer than `within`; the oldest are forgotten first."""

    def __init__(self, clock: Clock, most: int, within: timedelta) -> None:
        self._clock = clock
        self._most = most
        self._within = within
        self._until: dict[str, datetime] = {}

    def first(self, key: str) -> bool:
        now = self._clock.now()
        while self._until and self._until[oldest := next(iter(self._until))] <= now:
            del self._until[oldest]
        if key in self._until:
            return False
        if len(self._until) >= self._most:
            del self._until[next(iter(self._until))]
        self._until[key] = now + self._within
        return True

    def forget(self, key: str) -> None:
        self._until.pop(key, None)


class Once:
    """Each kind of request has a memory of its own: a flood of events pushes out no command.

    Slack brings an event again for 24 hours where delayed events are on, all else within seconds if at all.
    """

    def __init__(
        self,
        clock: Clock,
        most: int = 10_000,
        within: timedelta = timedelta(minutes=10),
        events_within: timedelta = timedelta(hours=26),
    ) -> None:
        self._memories = {kind: Memory(clock, most, within) for kind in (_COMMAND, *_INTERACTIONS)}
        self._memories[_EVENT] = Memory(clock, most, events_within)

    def first(self, key: str) -> bool:
        """True exactly once for a key of `key_of` while it is remembered."""
        return self._memories[key.partition(":")[0]].first(key)

    async def middleware(self, body: Mapping[str, Any], next_: Callable[[], Awaitable[Any]]) -> BoltResponse | None:
        """For `app.middleware(once.middleware)`: a repeated request is acknowledged, and nothing runs.

        It stands behind authorization, so that an event whose token could not be read may come again.
        """
        key = key_of(body)
        if key is None or self.first(key):
            await next_()
            return None
        _log.info("slack.repeated", kind=key.partition(":")[0])
        return BoltResponse(status=200)


def key_of(body: Mapping[str, Any]) -> str | None:
    """What is the same in every copy of one request; None for what is harmless to repeat or has no such thing."""
    kind = body.get("type")
    if kind == "event_callback":
        return _key(_EVENT, _at(body, "event_id"))
    if kind in _INTERACTIONS:
        return _key(str(kind), _interaction(body))
    return _key(_COMMAND, _at(body, "trigger_id")) if kind is None and "command" in body else None


def _interaction(body: Mapping[str, Any]) -> str:
    trigger = _at(body, "trigger_id")
    if trigger:
        return trigger
    user, at = _at(body, "user", "id"), _at(body, "action_ts") or _at(body, "actions", 0, "action_ts")
    if user and at:
        return f"{_at(body, 'team', 'id')}:{user}:{at}"
    view = _at(body, "view", "id")
    return f"{view}:{_at(body, 'view', 'hash')}" if view else ""


def _key(kind: str, name: str) -> str | None:
    return f"{kind}:{name}" if name else None


def _at(value: Any, *path: str | int) -> str:  # noqa: ANN401 - JSON
    """The text at the end of a path; empty if there is none."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, Sequence) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""
