"""Once: what Slack brings twice runs once, and what is new always runs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

from digestbot.platforms.slack.once import Memory, Once, key_of
from tests.fakes import FakeClock

NOON = datetime(2020, 10, 15, 12, tzinfo=UTC)
CLICK: dict[str, Any] = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "user": {"id": "U1"},
    "trigger_id": "1.2.t1",
    "actions": [{"action_id": "news:0", "action_ts": "1602763200.000100"}],
}
SUBMITTED: dict[str, Any] = {"type": "view_submission", "view": {"id": "V1", "hash": "156.abc"}, "user": {"id": "U1"}}


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"type": "event_callback", "event_id": "Ev1", "event": {"type": "app_home_opened"}}, "event:Ev1"),
        ({"command": "/news", "text": "latest", "trigger_id": "1.2.t1"}, "command:1.2.t1"),
        (CLICK, "block_actions:1.2.t1"),
        (without(CLICK, "trigger_id"), "block_actions:T1:U1:1602763200.000100"),
        ({**without(CLICK, "trigger_id"), "team": None}, "block_actions::U1:1602763200.000100"),
        ({**SUBMITTED, "trigger_id": "1.3.t1"}, "view_submission:1.3.t1"),
        (SUBMITTED, "view_submission:V1:156.abc"),
        ({**SUBMITTED, "type": "view_closed"}, "view_closed:V1:156.abc"),
        ({"type": "shortcut", "trigger_id": "1.4.t1"}, "shortcut:1.4.t1"),
        ({"type": "message_action", "user": {"id": "U1"}, "action_ts": "16.1"}, "message_action::U1:16.1"),
    ],
)
def test_every_copy_of_a_request_has_its_key(body: dict[str, Any], key: str) -> None:
    assert key_of(body) == key


@pytest.mark.parametrize(
    "body",
    [
        {"type": "block_suggestion", "trigger_id": "1.2.t1", "user": {"id": "U1"}},
        {"type": "url_verification", "challenge": "c"},
        {"ssl_check": "1", "token": "t"},
        {"command": "/news", "text": "latest"},
        {"type": "event_callback", "event_id": 7},
        {"type": "block_actions", "actions": "none", "user": ["U1"], "view": 3, "trigger_id": None},
        {"type": "block_actions", "actions": [], "user": {"id": "U1"}},
        {"type": ["block_actions"]},
        {"type": "nothing", "trigger_id": "1.2.t1"},
        {},
    ],
)
def test_what_is_harmless_or_has_no_name_has_no_key(body: dict[str, Any]) -> None:
    assert key_of(body) is None


def test_a_key_is_first_once() -> None:
    once = Once(FakeClock(NOON))
    assert [once.first("command:1") for _ in range(3)] == [True, False, False]
    assert once.first("command:2")
    assert once.first("block_actions:1")


def test_commands_are_remembered_for_ten_minutes_and_events_for_26_hours() -> None:
    clock = FakeClock(NOON)
    once = Once(clock)
    assert once.first("command:1")
    assert once.first("event:1")
    clock.at = NOON + timedelta(minutes=10, microseconds=-1)
    assert not once.first("command:1")
    clock.at = NOON + timedelta(minutes=10)
    assert once.first("command:1")
    clock.at = NOON + timedelta(hours=26, microseconds=-1)
    assert not once.first("event:1")
    clock.at = NOON + timedelta(hours=26)
    assert once.first("event:1")


def test_a_flood_of_events_pushes_out_no_command() -> None:
    once = Once(FakeClock(NOON), most=3)
    assert once.first("command:1")
    assert all(once.first(f"event:{number}") for number in range(10))
    assert not once.first("command:1")
    assert [once.first(f"event:{number}") for number in (9, 8, 7)] == [False, False, False]
    assert once.first("event:0")


def test_a_memory_never_grows_over_its_bound() -> None:
    memory = Memory(FakeClock(NOON), 3, timedelta(minutes=1))
    for number in range(100):
        memory.first(str(number))
        assert len(memory._until) <= 3


def test_what_is_forgotten_may_come_again() -> None:
    memory = Memory(FakeClock(NOON), 3, timedelta(minutes=1))
    assert memory.first("a")
    memory.forget("a")
    memory.forget("never there")
    assert memory.first("a")


async def authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_id="B1", bot_user_id="U9", bot_token="xoxb-1")


async def test_bolt_runs_a_repeated_command_once_and_acknowledges_it_twice() -> None:
    runs: list[str] = []
    app = AsyncApp(authorize=authorize, request_verification_enabled=False)
    app.middleware(Once(FakeClock(NOON)).middleware)

    @app.command("/news")
    async def news(ack: AsyncAck, command: dict[str, Any]) -> None:
        runs.append(command["text"])
        await ack("here it is")

    async def sent(text: str, trigger: str) -> tuple[int, str]:
        body = {"command": "/news", "text": text, "team_id": "T1", "user_id": "U1", "trigger_id": trigger}
        answer = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        return answer.status, answer.body

    with structlog.testing.capture_logs() as said:
        assert await sent("latest", "1.2.t1") == (200, "here it is")
        assert await sent("latest", "1.2.t1") == (200, "")
        assert await sent("latest", "1.3.t1") == (200, "here it is")
    assert runs == ["latest", "latest"]
    assert said == [{"event": "slack.repeated", "kind": "command", "log_level": "info"}]
