"""The record keeps what it accepted, and keeps count."""

import asyncio
import os
import signal
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from digestbot.errors import StartupError
from digestbot.platforms.sandbox.record import Record
from tests.unit.sandbox.stage import NOW, ManualClock, story

ROOT = Path(__file__).parents[3]


async def test_two_creates_of_one_delivery_are_two_rows(record: Record) -> None:
    first = await record.create("news", story(), delivery="d1")
    second = await record.create("news", story(), delivery="d1")
    assert [message.id for message in await record.of_delivery("news", "d1")] == [first.id, second.id] == ["1", "2"]


async def test_a_message_says_all_that_it_was_given(record: Record) -> None:
    message = await record.create("film", story(), page=2, mention="@fans", asked_by="member-1", asked="latest")
    assert await record.get(message.id) == message
    assert (message.channel, message.card, message.page, message.mention) == ("film", story(), 2, "@fans")
    assert (message.asked_by, message.asked, message.delivery) == ("member-1", "latest", None)
    assert (message.received_at, message.edits, message.edited_at, message.deleted) == (NOW, 0, None, False)


async def test_an_edit_replaces_the_card_and_is_counted_and_logged(tmp_path: Path) -> None:
    clock = ManualClock()
    async with Record(tmp_path / "record.db", clock) as record:
        message = await record.create("news", story("First"))
        clock.move(timedelta(hours=1))
        edited = await record.edit(message.id, story("Second"))
        assert edited is not None
        assert (edited.card, edited.edits, edited.edited_at) == (story("Second"), 1, NOW + timedelta(hours=1))
        log = await record.since(0, 10)
    assert [(entry.kind, entry.card) for entry in log] == [("created", story("First")), ("edited", story("Second"))]


async def test_a_deleted_message_stays_marked_and_takes_no_edit(record: Record) -> None:
    message = await record.create("news", story(), delivery="d1")
    deleted = await record.delete(message.id)
    assert deleted is not None
    assert deleted.deleted
    assert await record.edit(message.id, story("Again")) is None
    assert await record.delete(message.id) is None
    assert [(found.deleted, found.card) for found in await record.of_delivery("news", "d1")] == [(True, story())]
    assert await record.latest("news", 10) == ()


@pytest.mark.parametrize("message", ["99", "", "x", "1; DROP TABLE message"])
async def test_a_message_that_never_was_is_not_found(record: Record, message: str) -> None:
    await record.create("news", story())
    assert await record.get(message) is None
    assert await record.edit(message, story()) is None
    assert await record.delete(message) is None
    assert len(await record.all()) == 1


async def test_the_latest_come_oldest_first_and_can_be_walked_back(record: Record) -> None:
    for _ in range(5):
        await record.create("news", story())
    await record.create("film", story())
    assert [message.id for message in await record.latest("news", 2)] == ["4", "5"]
    assert [message.id for message in await record.latest("news", 2, before=4)] == ["2", "3"]


async def test_the_log_goes_on_where_a_reader_left_it(record: Record) -> None:
    for _ in range(3):
        await record.create("news", story())
    assert [entry.seq for entry in await record.since(1, 10)] == [2, 3]
    assert [entry.seq for entry in await record.since(0, 2)] == [1, 2]
    assert await record.cursor() == 3


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    async with Record(tmp_path / "record.db", ManualClock()) as record:
        await record.create("news", story(), delivery="d1")
    async with Record(tmp_path / "record.db", ManualClock()) as record:
        assert [message.delivery for message in await record.all()] == ["d1"]
        assert (await record.create("news", story())).id == "2"


async def test_what_was_accepted_survives_a_kill(tmp_path: Path) -> None:
    script = (
        "import asyncio, os, signal, pathlib, sys\n"
        "from digestbot.platforms.sandbox.record import Record\n"
        "from tests.unit.sandbox.stage import ManualClock, story\n"
        "async def main():\n"
        "    record = await Record(pathlib.Path(sys.argv[1]), ManualClock()).__aenter__()\n"
        "    for number in range(3):\n"
        "        await record.create('news', story(), delivery=f'd{number}')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    path = tmp_path / "record.db"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, str(path), cwd=ROOT, env=environment)
    assert await process.wait() == -signal.SIGKILL
    async with Record(path, ManualClock()) as record:
        assert [message.delivery for message in await record.all()] == ["d0", "d1", "d2"]


async def test_other_programs_can_count_while_the_sandbox_runs(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    async with Record(path, ManualClock()) as record:
        await record.create("news", story(), delivery="d1")
        reader = sqlite3.connect(path)
        assert reader.execute("SELECT delivery, count(*) FROM message GROUP BY delivery").fetchall() == [("d1", 1)]
        reader.close()
        await record.create("news", story(), delivery="d2")
        assert len(await record.all()) == 2


async def test_it_tells_that_something_happened(record: Record) -> None:
    before = record.news
    await record.create("news", story())
    assert before.is_set()
    assert not record.news.is_set()


async def test_a_file_that_is_not_a_record_stops_the_start_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    path.write_text("This is a shopping list, and it is longer than a header. " * 20, encoding="utf-8")
    with pytest.raises(StartupError, match=r"record\.db cannot be opened .* move the file away"):
        await Record(path, ManualClock()).__aenter__()
    assert path.read_text(encoding="utf-8").startswith("This is a shopping list")


async def test_a_record_of_another_format_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 7")
    other.close()
    with pytest.raises(StartupError, match="format 7, this digestbot writes format 1"):
        await Record(path, ManualClock()).__aenter__()


async def test_a_closed_record_says_so(tmp_path: Path) -> None:
    async with Record(tmp_path / "record.db", ManualClock()) as record:
        pass
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        await record.all()
