"""The app: what runs while the bot runs, and in which order it starts and stops."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from digestbot.delivery.corrections import Corrections
from digestbot.delivery.courier import Courier
from digestbot.ports import Clock, Dispatcher, Ledger
from digestbot.scheduling.planner import Planner

_log = structlog.get_logger("app")


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """`watch` follows the story files; `alone` says that no other process delivers from this database."""

    clock: Clock
    ledger: Ledger
    planner: Planner
    dispatcher: Dispatcher
    courier: Courier
    corrections: Corrections
    watch: Callable[[], Awaitable[None]]
    alone: bool

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what is in hand and leave the rest to the next start.

        A job that ends by a fault ends the bot: a supervisor restarts it, and the ledger knows where we were.
        """
        if self.alone:
            grace = max((each.grace for each in self.courier.messengers.values()), default=timedelta())
            doubtful = await self.ledger.reclaim(self.clock.now(), grace)
            if doubtful:
                _log.warning("app.unfinished", deliveries=doubtful, next="each is settled before it is sent again")
        jobs: Mapping[str, Callable[[], Awaitable[None]]] = {
            "watch": self.watch,
            "planner": self.planner.run,
            "corrections": self.corrections.run,
            "dispatcher": lambda: self.dispatcher.run(self.courier.deliver),
        }
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_job(name, work), name=name) for name, work in jobs.items()]
            _log.info("app.started", platforms=sorted(self.courier.messengers))
            await stop.wait()
            _log.info("app.stopping")
            await self.dispatcher.close()
            for task in tasks:
                task.cancel()
        _log.info("app.stopped")


async def _job(name: str, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception:
        _log.exception("app.job_failed", job=name)
        raise
