"""The purge: deletes what nobody needs any more: what is over for long, and what is stored about those who left."""

from datetime import timedelta

import structlog

from digestbot.ports import Clock, Retention, Tenants

_log = structlog.get_logger("purge")
_EVERY = timedelta(hours=1)
_AT_ONCE = 1_000
"""Deliveries to a transaction: whoever waits for the store waits for no more."""


class Purge:
    """Who comes back before the end of `grace` loses nothing; what ended is kept for as long as `keep`."""

    def __init__(
        self, tenants: Tenants, retention: Retention, clock: Clock, *, grace: timedelta, keep: timedelta
    ) -> None:
        self._tenants = tenants
        self._retention = retention
        self._clock = clock
        self._grace = grace
        self._keep = keep

    async def run(self) -> None:
        """Every hour; never ends by itself."""
        while True:
            try:
                await self.once()
            except Exception:  # noqa: BLE001 - the store may be away for a while: say so, stay alive
                _log.exception("purge.fault", again_in=str(_EVERY))
            await self._clock.sleep(_EVERY)

    async def once(self) -> int:
        """How many tenants were deleted."""
        await self._prune()
        gone = await self._tenants.purge(self._clock.now() - self._grace)
        for (platform, tenant), counts in gone.items():
            _log.info(
                "purge.deleted",
                platform=platform,
                tenant=tenant,
                subscriptions=counts.subscriptions,
                deliveries=counts.deliveries,
            )
        return len(gone)

    async def _prune(self) -> None:
        pruned, before = 0, self._clock.now() - self._keep
        while count := await self._retention.prune(before, _AT_ONCE):
            pruned += count
            await self._clock.sleep(timedelta())
        if pruned:
            _log.info("purge.pruned", deliveries=pruned, older_than=before.isoformat())
