"""A batch: many writes, one transaction, each caller its own answer."""

import asyncio
from collections.abc import Sequence

import pytest

from digestbot.storage.batch import Batch


class Writer:
    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.gate = asyncio.Event()
        self.fault: Exception | None = None

    async def write(self, items: Sequence[int]) -> Sequence[int]:
        self.rounds.append(list(items))
        await self.gate.wait()
        if self.fault:
            raise self.fault
        return [item * 10 for item in items]


async def test_what_arrives_during_a_write_shares_the_next() -> None:
    writer = Writer()
    batch = Batch(writer.write)
    first = asyncio.create_task(batch.submit(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.create_task(batch.submit(n)) for n in (2, 3, 4)]
    await asyncio.sleep(0)
    writer.gate.set()
    assert await asyncio.gather(first, *others) == [10, 20, 30, 40]
    assert writer.rounds == [[1], [2, 3, 4]]


async def test_a_write_that_fails_is_told_to_each_caller_and_the_next_round_works() -> None:
    writer = Writer()
    writer.gate.set()
    writer.fault = OSError("disk full")
    batch = Batch(writer.write)
    answers = await asyncio.gather(batch.submit(1), batch.submit(2), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["disk full", "disk full"]
    writer.fault = None
    assert await batch.submit(3) == 30


async def test_a_caller_that_leaves_does_not_take_its_item_along() -> None:
    writer = Writer()
    batch = Batch(writer.write)
    leaving = asyncio.create_task(batch.submit(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    writer.gate.set()
    assert await batch.submit(2) == 20
    assert writer.rounds == [[1], [2]]
