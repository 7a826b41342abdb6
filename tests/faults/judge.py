"""The judge: a Discord in a thread of its own, whose record says what was really posted while bots were killed."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

from tests.servers.discord.message import Message
from tests.servers.discord.server import Discord

T = TypeVar("T")


class Judge:
    """Use as `with Judge() as judge`; everything that touches the server runs on its own loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="judge", daemon=True)
        self._stack = AsyncExitStack()
        self.server: Discord

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

    def ask(self, question: Callable[[Discord], T]) -> T:
        """Answered on the server's own loop."""

        async def answer() -> T:
            return question(self.server)

        return asyncio.run_coroutine_threadsafe(answer(), self._loop).result(30)

    @property
    def environ(self) -> dict[str, str]:
        return {
            "DIGESTBOT_DISCORD__TOKEN": self.server.token,
            "DIGESTBOT_DISCORD__API_BASE": self.server.api,
            "DIGESTBOT_DISCORD__GATEWAY_URL": self.server.gateway,
        }

    @property
    def messages(self) -> Sequence[Message]:
        return self.ask(lambda server: list(server.record.messages))

    def received(self) -> Counter[str]:
        """How many messages were accepted for each delivery; the nonce is its id and the page's number."""
        return Counter(str(message.nonce)[:-1] for message in self.messages)

    def shown(self) -> list[str]:
        return self.ask(lambda server: [message.reads for message in server.record.messages])

    async def _open(self) -> Discord:
        server = await self._stack.enter_async_context(Discord())
        server.limits.off()
        server.limits.identify_interval = 0.0
        return server
