"""The purge: deletes what is stored about those that digestbot was removed from, once their time of grace is over."""

from datetime import timedelta

import structlog

from digestbot.ports import Clock, Tenants

_log = structlog.get_logger("purge")
_EVERY = timedelta(hours=1)


class Purge:
    """Who comes back before the end of `grace` loses nothing."""

    def __init__(self, tenants: Tenants, clock: Clock, grace: timedelta) -> None:
        self._tenants = tenants
        self._clock = clock
        self._grace = grace

    async def run(self) -> None:
        """Every hour; never ends by itself."""
        while True:
            try:
                await self.once()
            except Exception:  # noqa: BLE001 - the store may be away for a while: say so, stay alive
                _log.exception("purge.fault", again_in=str(_EVERY))
            await self._clock.sleep(_EVERY)

    async def once(self) -> int:
        """How many were deleted."""
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
