"""The live stream: in order, resumable, never more than a reader takes."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar

from digestbot.platforms.sandbox.channels import direct
from tests.unit.sandbox.stage import NOW, Stage, story

HEARTBEAT: Final = timedelta(seconds=15)
PATIENCE: Final = timedelta(seconds=20)


@dataclass(frozen=True)
class Event:
    name: str
    seq: int | None
    data: Mapping[str, Any]


@asynccontextmanager
async def listening(
    stage: Stage, after: int | None = None, last: str | None = None, session: ClientSession | None = None
) -> AsyncIterator[ClientResponse]:
    headers = {} if last is None else {"Last-Event-ID": last}
    query = {} if after is None else {"after": str(after)}
    async with session or ClientSession() as opened:
        url = stage.server.url + "sandbox/events"
        async with opened.get(url, params=query, headers=headers) as response:
            yield response


async def heard(response: ClientResponse) -> Event:
    fields: dict[str, str] = {}
    while True:
        line = (await response.content.readline()).decode()
        if not line:
            raise EOFError
        if line == "\n" and "event" in fields:
            seq = fields.get("id")
            return Event(fields["event"], None if seq is None else int(seq), json.loads(fields["data"]))
        name, _, value = line.rstrip("\n").partition(": ")
        fields[name] = value


async def test_a_new_listener_is_greeted_and_hears_what_comes(stage: Stage) -> None:
    await stage.post(story("Before"))
    async with listening(stage) as response:
        assert response.content_type == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"
        assert await heard(response) == Event("beat", None, {})
        ref = await stage.post(story("After"))
        created = await heard(response)
        await stage.record.edit(ref.message, story("Corrected"))
        edited = await heard(response)
        await stage.record.delete(ref.message)
        deleted = await heard(response)
    assert (created.name, created.seq, created.data["kind"]) == ("message", 2, "created")
    assert created.data["message"]["title"] == "After"
    assert (edited.seq, edited.data["kind"], edited.data["message"]["edits"]) == (3, "edited", 1)
    assert deleted == Event("message", 4, {"kind": "deleted", "message": {"id": 2, "channel": "news", "deleted": True}})


@pytest.mark.parametrize(("after", "last"), [(1, None), (None, "1"), (99, "1")])
async def test_a_listener_goes_on_where_it_left(stage: Stage, after: int | None, last: str | None) -> None:
    for number in range(3):
        await stage.post(story(f"Story {number}"), f"d{number}")
    async with listening(stage, after, last) as response:
        assert (await heard(response)).name == "beat"
        assert [(await heard(response)).seq for _ in range(2)] == [2, 3]


async def test_a_listener_from_before_the_record_began_anew_is_told_to_start_over(stage: Stage) -> None:
    async with listening(stage, after=7) as response:
        assert await heard(response) == Event("reset", None, {})
        with pytest.raises(EOFError):
            await heard(response)


async def test_a_listener_too_far_behind_is_told_to_start_over(stage: Stage, tmp_path: Path) -> None:
    await stage.post(story())
    log = sqlite3.connect(tmp_path / "sandbox.db")
    with log:
        log.executemany("INSERT INTO event (message, kind, at) VALUES (1, 'deleted', ?)", [(NOW.isoformat(),)] * 1000)
    log.close()
    async with listening(stage, after=0) as response:
        assert (await heard(response)).name == "reset"


async def test_when_nothing_happens_the_stream_still_beats(stage: Stage) -> None:
    async with listening(stage) as response:
        await heard(response)
        for _ in range(2):
            await stage.clock.until_asleep(HEARTBEAT)
            stage.clock.move(HEARTBEAT)
            assert await heard(response) == Event("beat", None, {})


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 40, "١"])
async def test_an_id_that_was_never_sent_is_refused(stage: Stage, last: str) -> None:
    async with listening(stage, last=last) as response:
        assert response.status == HTTPStatus.BAD_REQUEST
    async with ClientSession() as session, session.get(stage.server.url + f"sandbox/events?after={last}") as response:
        assert response.status == HTTPStatus.BAD_REQUEST


async def test_direct_messages_are_streamed_to_their_member_alone(stage: Stage) -> None:
    own = ClientSession(cookie_jar=CookieJar(unsafe=True))
    async with own.post(stage.server.url + "sandbox/command", json={"channel": "@me", "line": "latest"}) as response:
        assert response.status == HTTPStatus.OK
    member = stage.commands.asked[0].member.id
    async with listening(stage, session=own) as mine, listening(stage) as theirs:
        await heard(mine)
        await heard(theirs)
        await stage.post(story("Secret"), "d1", channel=direct(member))
        await stage.post(story("Public"), "d2")
        first = await heard(mine)
        assert (first.data["message"]["channel"], first.data["message"]["title"]) == ("@me", "Secret")
        assert (await heard(theirs)).data["message"]["title"] == "Public"


async def test_a_listener_that_takes_nothing_is_dropped(stage: Stage) -> None:
    host, port = "127.0.0.1", stage.server.port
    reader, writer = await asyncio.open_connection(host, port, limit=1)
    writer.write(f"GET /sandbox/events HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    await reader.readexactly(1)  # it listens, and reads no further
    await stage.clock.until_asleep(HEARTBEAT)
    huge = story("x" * 4_000_000)
    await stage.post(huge, "d1")
    await stage.clock.until_asleep(PATIENCE)
    stage.clock.move(PATIENCE)
    with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
        await reader.readexactly(20_000_000)
    writer.close()


async def test_streams_end_when_the_server_stops(stage: Stage) -> None:
    async with listening(stage) as response:
        await heard(response)
        await stage.clock.until_asleep(HEARTBEAT)
        await stage.server.__aexit__(None, None, None)
        await heard(response)
        with pytest.raises(EOFError):
            await heard(response)
