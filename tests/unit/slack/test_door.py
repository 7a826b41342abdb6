"""The door: Slack's requests reach Bolt once, and everything else is turned away without harm."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_bolt.authorization import AuthorizeResult

from digestbot.errors import StartupError
from digestbot.platforms.slack.door import LARGEST, PATHS, Door
from digestbot.platforms.slack.once import Once
from digestbot.web.server import BODY_LIMIT, Server
from tests.servers.slack import payloads
from tests.servers.slack.ack import Ack
from tests.servers.slack.malformed import corpus
from tests.servers.slack.signing import FORM, JSON, signature
from tests.unit.servers.slack_stage import NOON, Stage, open_stage

SECRET = "signing-secret-canary"
STAMP = "1602763200"
"""NOON in seconds since 1970."""

COMMAND = {"command": "/news", "text": "latest", "team_id": "T1", "user_id": "U1", "channel_id": "C1"}


@dataclass
class House:
    """A Bolt app behind a door, on the server that digestbot's pages share; `runs` are the bodies that it handled."""

    stage: Stage
    port: int
    runs: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    @property
    def ran(self) -> list[str]:
        return [body.get("text") or body["event"]["type"] for body in self.runs]

    async def post(self, body: bytes, content_type: str = FORM, **headers: str) -> Ack:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.stage.slack.outbox.post(body, content_type, more)

    async def command(self, **fields: str) -> Ack:
        return await self.post(urlencode({**COMMAND, **fields}).encode())

    async def event(self, kind: str, number: int) -> Ack:
        body = payloads.event(self.stage.team, {"type": kind}, number, NOON.timestamp())
        return await self.post(json.dumps(body).encode(), JSON)

    async def raw(self, head: str, body: bytes, *, ends: bool = False) -> bytes:
        """The status line that answers part of a body, sent once the door waits for it; it `ends` by hanging up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(body)
        if ends:
            writer.write_eof()
        try:
            return (await reader.readline()).strip()
        finally:
            writer.close()


def signed(body: bytes) -> str:
    lines = (
        "POST /slack/events HTTP/1.1",
        "Host: digestbot.example",
        f"Content-Type: {FORM}",
        f"X-Slack-Request-Timestamp: {STAMP}",
        f"X-Slack-Signature: {signature(SECRET, STAMP, body)}",
    )
    return "\r\n".join(lines) + "\r\n"


@asynccontextmanager
async def opened(stage: Stage, patience: timedelta = timedelta(seconds=3)) -> AsyncIterator[House]:
    house = House(stage, 0)

    async def authorize() -> AuthorizeResult:
        if house.faults:
            raise house.faults.pop()
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_id="B1", bot_user_id="U9", bot_token="xoxb-1")

    app = AsyncApp(
        client=stage.client, authorize=authorize, request_verification_enabled=False, ssl_check_enabled=False
    )
    app.middleware(Once(stage.clock).middleware)

    @app.command("/news")
    async def news(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        house.runs.append(body)
        if body["text"] == "crash":
            raise LookupError
        await ack()
        if "response_url" in body:
            await respond(f"You asked for {body['text']}")

    @app.event("app_home_opened")
    async def home(body: dict[str, Any]) -> None:
        house.runs.append(body)

    door = Door(app, SECRET, stage.clock, patience)
    async with Server(door.routes, port=0, open_paths=PATHS) as server:
        house.port = server.port
        stage.slack.http_base = server.url
        stage.slack.outbox.timestamps = lambda: stage.clock.now().timestamp()
        yield house


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as stage:
        yield stage


@pytest.fixture
async def house(stage: Stage) -> AsyncIterator[House]:
    async with opened(stage) as house:
        yield house


async def test_a_command_of_slack_s_is_answered(house: House) -> None:
    stage, user = house.stage, house.stage.team.user("ann")
    asked = await stage.slack.command(stage.team, stage.team.channel("news"), user, "latest", via="http")
    await asked.answered()
    assert (asked.failure, asked.reads) == (None, "You asked for latest")


async def test_a_command_may_speak_of_a_payload(house: House) -> None:
    assert (await house.command(text="search payload", trigger_id="1.2.t1")).ok
    assert house.ran == ["search payload"]


async def test_no_malformed_request_harms(house: House) -> None:
    answers = {}
    for odd in corpus(SECRET, now=NOON.timestamp()):
        answers[odd.name] = (await house.stage.slack.outbox.send(odd.body, odd.headers)).status
    assert answers == {
        "no signature": 401,
        "another secret": 401,
        "unsigned url_verification": 401,
        "301 seconds old": 401,
        "302 seconds ahead": 401,
        "timestamp 'abc'": 401,
        "timestamp ''": 401,
        "timestamp '1e9'": 401,
        "timestamp '-1'": 401,
        "timestamp '99999999'": 401,
        "timestamp '١٢٣'": 401,
        "signature 'v0=é'": 401,
        "signature 'v0='": 401,
        "signature 'v1=00'": 401,
        "signature 'v0=00000'": 400,
        "signature ''": 401,
        "tampered body": 401,
        "not UTF-8": 400,
        "broken JSON": 400,
        "broken payload": 400,
        "payload that is no object": 400,
        "JSON that is no object": 400,
        "deep JSON": 400,
        "empty": 400,
        "another content type": 415,
        "over a megabyte": 413,
        "unknown command": 404,
        "unknown interaction": 404,
    }
    assert house.runs == []


async def test_shapes_in_which_bolt_loses_its_way_are_no_fault_of_ours(house: House) -> None:
    shapes: list[dict[str, Any]] = [
        {"type": "event_callback", "authorizations": "none", "event": "nothing"},
        {"type": "event_callback", "authorizations": [7]},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "team": {"id": []}, "user": 7, "view": "V1", "container": None},
        {"type": "view_submission", "view": None, "response_urls": 3},
        {"type": ["event_callback"], "event": []},
        {"type": {"a": 1}, "enterprise": 7},
    ]
    for shape in shapes:
        answer = await house.post(json.dumps(shape).encode(), JSON)
        assert answer.status in {200, 400, 404}, shape
    assert house.runs == []


async def test_a_body_that_comes_too_slowly_is_not_waited_for(stage: Stage) -> None:
    async with opened(stage, timedelta(milliseconds=50)) as house:
        head = signed(b"text=late") + "Content-Length: 9\r\n"
        assert await house.raw(head, b"text=") == b"HTTP/1.1 408 Request Timeout"


@pytest.mark.parametrize(
    ("size", "status"), [(BODY_LIMIT + 1, 200), (LARGEST, 200), (LARGEST + 1, 413), (LARGEST * 4, 413)]
)
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_is_a_megabyte_at_most(house: House, size: int, status: int, *, chunked: bool) -> None:
    start = urlencode({**COMMAND, "text": ""}).encode()
    body = start + b"&more=" + b"x" * (size - len(start) - 6)
    headers = house.stage.slack.outbox.headers(body, FORM)

    async def pieces() -> AsyncIterator[bytes]:
        for place in range(0, len(body), 60_000):
            yield body[place : place + 60_000]

    async with aiohttp.ClientSession() as session:
        url = house.stage.slack.http_base + "/slack/events"
        async with session.post(url, data=pieces() if chunked else io.BytesIO(body), headers=headers) as answer:
            assert answer.status == status
    assert len(house.runs) == (1 if status == 200 else 0)


async def test_a_body_that_says_it_is_too_large_is_not_read(house: House) -> None:
    assert await house.raw(signed(b"") + f"Content-Length: {LARGEST + 1}\r\n", b"") == (
        b"HTTP/1.1 413 Request Entity Too Large"
    )


async def test_broken_chunks_never_end_and_are_not_waited_for(stage: Stage) -> None:
    async with opened(stage, timedelta(milliseconds=50)) as house:
        head = signed(b"text=a") + "Transfer-Encoding: chunked\r\n"
        assert await house.raw(head, b"zz\r\ntext=a\r\n") == b"HTTP/1.1 408 Request Timeout"


@pytest.mark.parametrize("framing", ["Content-Length: 9", "Transfer-Encoding: chunked"])
async def test_who_hangs_up_within_a_body_is_no_fault_of_ours(
    stage: Stage, caplog: pytest.LogCaptureFixture, framing: str
) -> None:
    async with opened(stage) as house:
        assert await house.raw(f"{signed(b'text=late')}{framing}\r\n", b"5\r\nte", ends=True) == b""
    assert (house.runs, [record for record in caplog.records if record.levelname == "ERROR"]) == ([], [])


async def test_nothing_packed_is_unpacked(house: House) -> None:
    body = urlencode(COMMAND).encode()
    assert (await house.post(body, Content_Encoding="gzip")).status == 415
    assert house.runs == []


async def test_a_replayed_request_is_taken_and_runs_once(house: House) -> None:
    """It has no trigger id here, so that only its signature tells."""
    assert [(await house.command()).status for _ in range(3)] == [200, 200, 200]
    assert house.ran == ["latest"]


async def test_a_doubled_command_runs_once_though_its_signature_is_new(house: House) -> None:
    assert (await house.command(trigger_id="1.2.t1")).ok
    house.stage.clock.at += timedelta(seconds=1)
    again = await house.command(trigger_id="1.2.t1")
    assert (again.status, again.body, house.ran) == (200, None, ["latest"])


async def test_an_event_that_comes_again_a_day_later_runs_once(house: House) -> None:
    assert (await house.event("app_home_opened", 1)).ok
    house.stage.clock.at += timedelta(hours=25)
    assert (await house.event("app_home_opened", 1)).ok
    assert (await house.event("app_home_opened", 2)).ok
    assert house.ran == ["app_home_opened", "app_home_opened"]


async def test_an_event_that_failed_may_come_again_at_once(house: House) -> None:
    house.faults.append(LookupError())
    assert (await house.event("app_home_opened", 1)).status == 404
    assert house.runs == []
    assert (await house.event("app_home_opened", 1)).status == 200
    assert house.ran == ["app_home_opened"]


async def test_a_person_hears_of_a_crash_and_the_log_of_no_secret(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with structlog.testing.capture_logs() as said, caplog.at_level(logging.WARNING):
        secret = await house.command(text="crash", response_url="https://hooks.slack.com/canary")
        nobody = await house.command(command="/canary", text="canary")
        event = await house.event("reaction_added", 3)
    assert (secret.status, nobody.status, event.status) == (404, 404, 200)
    assert said == [
        {"event": "slack.unanswered", "kind": "command", "status": 500, "log_level": "warning"},
        {"event": "slack.unanswered", "kind": "command", "status": 404, "log_level": "warning"},
        {"event": "slack.unanswered", "kind": "event_callback", "status": 404, "log_level": "warning"},
    ]
    assert "canary" not in caplog.text
    assert "Unhandled request" not in caplog.text


async def test_a_wrong_secret_is_told_once_a_minute(house: House) -> None:
    stage = house.stage
    stage.slack.outbox.secret = "another"
    with structlog.testing.capture_logs() as said:
        statuses = [(await house.command()).status for _ in range(3)]
        stage.clock.at += timedelta(minutes=1)
        statuses.append((await house.command()).status)
    assert statuses == [401, 401, 401, 401]
    assert [event["event"] for event in said] == ["slack.signature_wrong", "slack.signature_wrong"]


async def test_slack_may_verify_the_address_and_look_at_its_certificate(house: House) -> None:
    challenge = await house.post(b'{"type": "url_verification", "challenge": "c-1"}', JSON)
    assert (challenge.status, challenge.body) == (200, {"challenge": "c-1"})
    unsigned = await house.stage.slack.outbox.send(b"ssl_check=1&token=t", {"Content-Type": FORM})
    assert (unsigned.status, unsigned.body, house.runs) == (200, None, [])


async def test_no_header_of_a_stranger_s_steers_bolt(house: House) -> None:
    assert (await house.post(urlencode(COMMAND).encode(), X_Slack_Bolt_Lazy_Only="1")).ok
    assert house.ran == ["latest"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_the_door_takes_posts_alone(house: House, method: str) -> None:
    url = house.stage.slack.http_base + "/slack/events"
    async with aiohttp.ClientSession() as session, session.request(method, url) as answer:
        assert answer.status == 405


@pytest.mark.parametrize("secret", ["", " "])
def test_without_a_secret_there_is_no_door(secret: str) -> None:
    clock: Any = None
    app = AsyncApp(token="xoxb-1")
    with pytest.raises(StartupError, match=r"set DIGESTBOT_SLACK__SIGNING_SECRET"):
        Door(app, secret, clock)
