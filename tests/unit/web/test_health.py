"""Health: alive, ready or why not, and what was counted."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiohttp import ClientSession
from prometheus_client import CollectorRegistry, Counter

from digestbot.web.health import PATHS, Check, Health
from digestbot.web.server import Server


async def well() -> str | None:
    return None


async def behind() -> str | None:
    return "3 deliveries are late"


async def broken() -> str | None:
    raise ConnectionError("postgres://user:hunter2@db")


async def silent() -> str | None:
    await asyncio.Event().wait()
    return None


async def asked(path: str, checks: Mapping[str, Check]) -> tuple[int, Any]:
    health = Health(checks, CollectorRegistry(), patience=timedelta(0))
    async with (
        Server(health.routes, port=0, open_paths=PATHS) as server,
        ClientSession(server.url) as session,
        session.get(path) as response,
    ):
        return response.status, await response.json()


async def test_a_process_that_answers_is_alive_whatever_its_checks_say() -> None:
    assert await asked("/healthz", {"database": broken}) == (HTTPStatus.OK, {"alive": True})


async def test_it_is_ready_when_every_check_passes() -> None:
    assert await asked("/readyz", {"database": well, "discord": well}) == (
        HTTPStatus.OK,
        {"ready": True, "reasons": {}},
    )


async def test_it_is_not_ready_for_the_reasons_given() -> None:
    assert await asked("/readyz", {"database": well, "planner": behind}) == (
        HTTPStatus.SERVICE_UNAVAILABLE,
        {"ready": False, "reasons": {"planner": "3 deliveries are late"}},
    )


async def test_a_check_that_fails_or_hangs_is_a_reason_that_tells_no_secret() -> None:
    assert await asked("/readyz", {"database": broken, "slack": silent}) == (
        HTTPStatus.SERVICE_UNAVAILABLE,
        {
            "ready": False,
            "reasons": {"database": "the check failed: ConnectionError", "slack": "no answer within 0 s"},
        },
    )


async def test_metrics_are_those_of_the_given_registry_alone() -> None:
    registry = CollectorRegistry()
    Counter("cards_posted", "Cards posted", registry=registry).inc(3)
    health = Health({}, registry)
    async with Server(health.routes, port=0, open_paths=PATHS) as server, ClientSession() as session:
        async with session.get(server.url + "metrics", headers={"Host": "10.0.0.7:8080"}) as response:
            text = await response.text()
            assert response.content_type == "text/plain"
        openmetrics = {"Accept": "application/openmetrics-text; version=1.0.0"}
        async with session.get(server.url + "metrics", headers=openmetrics) as response:
            assert response.content_type == "application/openmetrics-text"
    assert "cards_posted_total 3.0" in text
    assert "python_info" not in text
