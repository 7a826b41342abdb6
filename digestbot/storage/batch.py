"""A batch: many small writes that share one transaction, each caller waiting for its own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Batch(Generic[Item, Answer]):
    """What arrives while one write runs goes into the next: no timer, no delay when idle.

    `write` gets the items in order and returns an answer for each; if it raises, every caller of that round gets it.
    """

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]]) -> None:
        self._write = write
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Answer:
        """Returns once the item is durable. A cancelled caller's item is still written."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._drain(), name="batch-writer")
        return await answer

    async def _drain(self) -> None:
        while self._waiting:
            round_, self._waiting = self._waiting, []
            try:
                answers = await self._write([item for item, _ in round_])
            except BaseException as fault:
                _settle(round_, fault)
                if isinstance(fault, asyncio.CancelledError):
                    raise
                continue
            for (_, future), answer in zip(round_, answers, strict=True):
                if not future.done():
                    future.set_result(answer)


def _settle(round_: Sequence[tuple[Item, asyncio.Future[Answer]]], fault: BaseException) -> None:
    for _, future in round_:
        if future.done():
            continue
        if isinstance(fault, asyncio.CancelledError):
            future.cancel()
        else:
            future.set_exception(fault)
