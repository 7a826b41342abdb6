"""Tells several listeners which stories changed; who listens slowly gets several changes as one."""

import asyncio
from weakref import WeakSet


class Listener:
    """An endless asynchronous iterator over sets of story ids, for one task; it hears from when it was made."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._some = asyncio.Event()

    def __aiter__(self) -> "Listener":
        return self

    async def __anext__(self) -> frozenset[str]:
        await self._some.wait()
        self._some.clear()
        ids, self._ids = frozenset(self._ids), set()
        return ids

    def hear(self, ids: frozenset[str]) -> None:
        self._ids |= ids
        self._some.set()


class Changes:
    """Listeners are held weakly: one that nobody iterates any more costs nothing."""

    def __init__(self) -> None:
        self._listeners: WeakSet[Listener] = WeakSet()

    def listen(self) -> Listener:
        listener = Listener()
        self._listeners.add(listener)
        return listener

    def tell(self, ids: frozenset[str]) -> None:
        """Silence is not told."""
        if ids:
            for listener in self._listeners:
                listener.hear(ids)
