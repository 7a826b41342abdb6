"""What every notebook must keep."""

from collections.abc import AsyncIterator

import pytest

from digestbot.ports import Notebook
from digestbot.storage.database import Database
from digestbot.storage.notebook import SqlNotebook
from tests.fakes import FakeNotebook


@pytest.fixture
async def notebook(any_address: str | None) -> AsyncIterator[Notebook]:
    if any_address is None:
        yield FakeNotebook()
        return
    async with Database(any_address, upgrade=True) as database:
        yield SqlNotebook(database)


async def test_what_was_never_written_is_none(notebook: Notebook) -> None:
    assert await notebook.read("application") is None


@pytest.mark.parametrize("text", ["12345", "", "Chœur “des”\nExemples 🎺", '{"3": [1.5]}', "x" * 100_000])
async def test_a_text_comes_back_as_it_was_written(notebook: Notebook, text: str) -> None:
    await notebook.write("application", text)
    assert await notebook.read("application") == text


async def test_the_last_text_takes_the_place_of_what_stood_there(notebook: Notebook) -> None:
    for text in ("first", "second", "third"):
        await notebook.write("application", text)
    assert await notebook.read("application") == "third"


async def test_each_name_has_its_own_text(notebook: Notebook) -> None:
    await notebook.write("application", "12345")
    await notebook.write("Application", "other")
    assert await notebook.read("application") == "12345"
    assert await notebook.read("applicatio") is None


async def test_a_text_survives_a_restart(address: str) -> None:
    async with Database(address, upgrade=True) as database:
        await SqlNotebook(database).write("application", "12345")
    async with Database(address) as database:
        assert await SqlNotebook(database).read("application") == "12345"
