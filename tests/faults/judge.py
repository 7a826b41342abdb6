"""The judge: a platform's server in a thread of its own, whose record says what was really posted."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Generic, Self, TypeVar

S = TypeVar("S")
T = TypeVar("T")


class Judge(Generic[S]):
    """Use as `with Judge(open_discord) as judge`; everything that touches the server runs on its own loop."""

    def __init__(self, opening: Callable[[], AbstractAsyncContextManager[S]]) -> None:
        self._opening = opening
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="judge", daemon=True)
        self._stack = AsyncExitStack()
        self.server: S

    def __enter__(self) -> Self:
        self._thread.start()
        self.server = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(30)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stack.aclose(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()

    def ask(self, question: Callable[[S], T]) -> T:
        """Answered on the server's own loop."""

        async def answer() -> T:
            return question(self.server)

        return asyncio.run_coroutine_threadsafe(answer(), self._loop).result(30)

    async def _open(self) -> S:
        return await self._stack.enter_async_context(self._opening())
