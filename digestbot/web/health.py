"""Health: what orchestrators and Prometheus ask of a running bot."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

PATHS: Final = ("/healthz", "/readyz", "/metrics")

Check = Callable[[], Awaitable[str | None]]
"""Answers None when all is well, else a reason fit for an operator."""


class Health:
    """`/healthz` says that the process answers, `/readyz` that every check passes, `/metrics` what was counted."""

    def __init__(
        self, checks: Mapping[str, Check], registry: CollectorRegistry, patience: timedelta = timedelta(seconds=2)
    ) -> None:
        self._checks = dict(checks)
        self._registry = registry
        self._patience = patience

    @property
    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self.alive), web.get("/readyz", self.ready), web.get("/metrics", self.metrics)]

    async def alive(self, _request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(self, _request: web.Request) -> web.Response:
        """`{"ready": …, "reasons": {check: reason}}`, 503 while there are any."""
        answers = await asyncio.gather(*map(self._reason, self._checks.values()))
        reasons = {name: reason for name, reason in zip(self._checks, answers, strict=True) if reason is not None}
        return web.json_response({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)

    async def metrics(self, request: web.Request) -> web.Response:
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(self._registry), headers={"Content-Type": content_type})

    async def _reason(self, check: Check) -> str | None:
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                return await check()
        except TimeoutError:
            return f"no answer within {self._patience.total_seconds():g} s"
        except Exception as error:  # noqa: BLE001 - whatever breaks a check is the reason; its text may hold secrets
            return f"the check failed: {type(error).__name__}"
