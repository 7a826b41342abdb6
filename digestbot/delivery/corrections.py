"""Corrections: finds posted messages that show an older revision, or whose spoilers are due to be shown."""

import asyncio
from collections.abc import Collection
from datetime import timedelta

import structlog

from digestbot.ports import Clock, Ledger, Stories

_log = structlog.get_logger("corrections")
_BATCH = 500
_AFTER_FAULT = timedelta(seconds=5)


class Corrections:
    """Turns stale messages into edit jobs of the same ledger; many changes of one story make one edit."""

    def __init__(
        self, ledger: Ledger, stories: Stories, clock: Clock, every: timedelta = timedelta(seconds=30)
    ) -> None:
        self._ledger = ledger
        self._stories = stories
        self._clock = clock
        self._every = every
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Somewhere messages may show older revisions although no story has changed: look at all of them."""
        self._woken.set()

    async def run(self) -> None:
        """All at the start (what changed while we were away), then at every change; never ends by itself."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow_changes(), name="corrections-changes")
            group.create_task(self._follow_spoilers(), name="corrections-spoilers")
            group.create_task(self._follow_wakes(), name="corrections-wakes")

    async def sweep(self, stories: Collection[str]) -> int:
        """Mark what shows another revision of these stories. Vanished ones edit nothing. Returns how many."""
        known = {id_: story for id_ in stories if (story := self._stories.get(id_))}
        stale = await self._ledger.stale({id_: story.revision for id_, story in known.items()})
        return await self._correct(list(stale), edited=True)

    async def reveal(self) -> int:
        ids = await self._ledger.revealing(self._clock.now(), _BATCH)
        return await self._correct(list(ids), edited=False)

    async def _correct(self, ids: list[str], *, edited: bool) -> int:
        marked = await self._ledger.correct(ids, self._clock.now(), edited=edited) if ids else 0
        if marked:
            _log.info("corrections.marked" if edited else "corrections.revealing", messages=marked)
        return marked

    async def _follow_changes(self) -> None:
        changes = self._stories.changes()
        changed: Collection[str] | None = None  # all of them: what changed while we were away, or while the store was
        while True:
            try:
                await self.sweep([story.id for story in self._stories.all()] if changed is None else changed)
                changed = await anext(changes)
            except Exception:  # noqa: BLE001 - the store may be away for a while: say so, stay alive
                _log.exception("corrections.fault", again_in=str(_AFTER_FAULT))
                changed = None
                await self._clock.sleep(_AFTER_FAULT)

    async def _follow_wakes(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            try:
                await self.sweep([story.id for story in self._stories.all()])
            except Exception:  # noqa: BLE001 - as above
                _log.exception("corrections.fault", again_in=str(_AFTER_FAULT))
                self.wake()
                await self._clock.sleep(_AFTER_FAULT)

    async def _follow_spoilers(self) -> None:
        while True:
            try:
                await self.reveal()
            except Exception:  # noqa: BLE001 - as above
                _log.exception("corrections.fault", again_in=str(self._every))
            await self._clock.sleep(self._every)
