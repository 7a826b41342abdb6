"""The app: what runs while the bot runs, and in which order it starts and stops."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from digestbot.delivery.corrections import Corrections
from digestbot.delivery.courier import Courier
from digestbot.errors import StartupError
from digestbot.ports import Clock, Commands, Dispatcher, Ledger, Platform
from digestbot.scheduling.planner import Planner
from digestbot.scheduling.purge import Purge

_log = structlog.get_logger("app")


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """`watch` follows the story files; `commands` answer what the `platforms` that connect by themselves are asked.

    `alone` says that no other process delivers from this database.
    """

    clock: Clock
    ledger: Ledger
    planner: Planner
    dispatcher: Dispatcher
    courier: Courier
    corrections: Corrections
    watch: Callable[[], Awaitable[None]]
    alone: bool
    commands: Commands
    purge: Purge
    platforms: Sequence[Platform] = ()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what is in hand and leave the rest to the next start.

        A job that ends by a fault ends the bot: a supervisor restarts it, and the ledger knows where we were.
        """
        if self.alone:
            doubtful = await self.ledger.reclaim(self.clock.now())
            if doubtful:
                _log.warning("app.unfinished", deliveries=doubtful, next="each is settled before it is sent again")
        jobs: Mapping[str, Callable[[], Awaitable[None]]] = {
            "watch": self.watch,
            "planner": self.planner.run,
            "corrections": self.corrections.run,
            "purge": self.purge.run,
            "dispatcher": lambda: self.dispatcher.run(self.courier.deliver),
            **{platform.name: partial(platform.run, self.commands) for platform in self.platforms},
        }
        try:
            await self._work(jobs, stop)
        except* StartupError as faults:
            raise faults.exceptions[0] from None
        _log.info("app.stopped")

    async def _work(self, jobs: Mapping[str, Callable[[], Awaitable[None]]], stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_job(name, work), name=name) for name, work in jobs.items()]
            _log.info("app.started", platforms=sorted(self.courier.messengers))
            await stop.wait()
            _log.info("app.stopping")
            await asyncio.gather(*(platform.close() for platform in self.platforms))
            self.courier.closing.set()
            await self.dispatcher.close()
            for task in tasks:
                task.cancel()


async def _job(name: str, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except StartupError:
        raise
    except Exception:
        _log.exception("app.job_failed", job=name)
        raise
