"""Budgets: what the client's wire lets through, seen against a server that only counts."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from digestbot.errors import TryLater
from digestbot.platforms.discord import budget as module
from digestbot.platforms.discord.budget import Budget
from digestbot.platforms.discord.faults import Limited, ServerFault


@dataclass
class Server:
    url: str = ""
    answers: list[web.Response] = field(default_factory=list)
    arrived: list[float] = field(default_factory=list)

    async def handle(self, _request: web.Request) -> web.Response:
        self.arrived.append(asyncio.get_running_loop().time())
        return self.answers.pop(0) if self.answers else web.json_response({})


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests leave without being spread over their second, but for the test that is about it."""
    monkeypatch.setattr(module, "_EVENLY", 0.0)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    known = Server()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", known.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    known.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10"
    yield known
    await runner.cleanup()


def session(budget: Budget) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(trace_configs=[budget.trace()])


async def test_no_second_sees_more_requests_than_are_allowed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a scaled clock: a tenth of a second stands for one."""
    monkeypatch.setattr(module, "WINDOW", 0.1)
    budget = Budget(server.url, rate=10)
    async with session(budget) as client:

        async def one() -> None:
            async with client.post(f"{server.url}/channels/1/messages"):
                pass

        await asyncio.gather(*(one() for _ in range(35)))
    times = sorted(server.arrived)
    assert len(times) == 35
    assert all(later - earlier >= 0.1 for earlier, later in zip(times, times[10:], strict=False))


async def test_interactions_are_outside_of_the_limit(server: Server) -> None:
    async with session(Budget(server.url, rate=1)) as client, asyncio.timeout(5):
        for _ in range(20):
            async with client.post(f"{server.url}/interactions/1/token/callback"):
                pass
        assert len(server.arrived) == 20


async def test_a_429_is_raised_at_once_with_the_wait_that_the_body_names(server: Server) -> None:
    server.answers = [
        web.json_response({"retry_after": 2.5, "global": False}, status=429, headers={"Via": "1.1", "Retry-After": "3"})
    ]
    async with session(Budget(server.url, rate=50)) as client:
        with pytest.raises(Limited) as caught:
            await client.post(f"{server.url}/channels/1/messages")
    assert caught.value.wait.total_seconds() == 2.5


@pytest.mark.parametrize(
    ("body", "header", "wait"),
    [
        ("{}", "7", 7.0),
        ("no JSON", "1.5", 1.5),
        ('{"retry_after": -4}', "-1", 1.0),
        ('{"retry_after": "soon"}', "soon", 1.0),
        ('{"retry_after": 1e300}', "1", 86_400.0),
        ("[]", "nan", 1.0),
    ],
)
async def test_a_senseless_wait_is_a_second(server: Server, body: str, header: str, wait: float) -> None:
    server.answers = [web.Response(text=body, status=429, headers={"Via": "1.1", "Retry-After": header})]
    async with session(Budget(server.url, rate=50)) as client:
        with pytest.raises(Limited) as caught:
            await client.post(f"{server.url}/channels/1/messages")
    assert caught.value.wait.total_seconds() == wait


@pytest.mark.parametrize(
    "headers",
    [{"Via": "1.1", "X-RateLimit-Scope": "global", "Retry-After": "20"}, {"Retry-After": "2"}],
    ids=["global", "shield"],
)
async def test_a_limit_of_the_whole_token_holds_up_every_request_unasked(
    server: Server, headers: dict[str, str]
) -> None:
    server.answers = [web.Response(text="", status=429, headers=headers)]
    async with session(Budget(server.url, rate=50)) as client:
        for channel in (1, 2, 3):
            with pytest.raises(Limited):
                await client.post(f"{server.url}/channels/{channel}/messages")
    assert len(server.arrived) == 1


async def test_a_5xx_to_a_write_is_raised_at_once_and_one_to_a_read_is_the_librarys(server: Server) -> None:
    server.answers = [web.Response(status=502), web.Response(status=502)]
    async with session(Budget(server.url, rate=50)) as client:
        with pytest.raises(ServerFault):
            await client.post(f"{server.url}/channels/1/messages")
        async with client.get(f"{server.url}/channels/1/messages") as response:
            assert response.status == 502


async def test_a_refused_token_is_told_and_an_interactions_dead_token_is_not(server: Server) -> None:
    told: list[bool] = []
    server.answers = [web.Response(status=401), web.Response(status=401)]
    async with session(Budget(server.url, 50, lambda: told.append(True))) as client:
        async with client.patch(f"{server.url}/webhooks/1/token/messages/@original"):
            assert told == []
        async with client.get(f"{server.url}/users/@me"):
            assert told == [True]


async def test_invalid_requests_stop_long_before_discord_shuts_us_out(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_INVALID_LIMIT", 3)
    budget = Budget(server.url, rate=50)
    server.answers = [web.Response(status=403) for _ in range(9)]
    async with session(budget) as client:
        for _ in range(3):
            async with client.get(f"{server.url}/channels/1"):
                pass
        with pytest.raises(TryLater):
            await client.get(f"{server.url}/channels/1")
    assert (budget.invalid, len(server.arrived)) == (3, 3)


async def test_a_shared_429_is_not_an_invalid_request(server: Server) -> None:
    budget = Budget(server.url, rate=50)
    headers = {"Via": "1.1", "X-RateLimit-Scope": "shared", "Retry-After": "1"}
    server.answers = [web.Response(status=429, headers=headers)]
    async with session(budget) as client:
        with pytest.raises(Limited):
            await client.post(f"{server.url}/channels/1/messages")
    assert budget.invalid == 0


@pytest.mark.parametrize("fault", [ServerFault(500), Limited], ids=["5xx", "429"])
async def test_a_slot_is_free_again_whatever_the_answer_was(
    server: Server, fault: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WINDOW", 0.01)
    headers = {"Via": "1.1", "Retry-After": "1", "X-RateLimit-Scope": "user"}
    status = 500 if isinstance(fault, ServerFault) else 429
    server.answers = [web.Response(status=status, headers=headers) for _ in range(5)]
    async with session(Budget(server.url, rate=1)) as client, asyncio.timeout(5):
        for _ in range(5):
            with pytest.raises((ServerFault, Limited)):
                await client.post(f"{server.url}/channels/1/messages")
        async with client.post(f"{server.url}/channels/1/messages") as response:
            assert response.status == 200


async def test_a_request_that_never_came_through_frees_its_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WINDOW", 0.01)
    nobody = "http://127.0.0.1:9/api"
    async with session(Budget(nobody, rate=1)) as client, asyncio.timeout(5):
        for _ in range(3):
            with pytest.raises(aiohttp.ClientConnectorError):
                await client.post(f"{nobody}/channels/1/messages")


async def test_an_answer_that_comes_late_frees_its_slot_only_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that is long without an answer has surely arrived, so its slot is free before the answer comes."""
    monkeypatch.setattr(module, "WINDOW", 0.01)
    monkeypatch.setattr(module, "_LOST", 0.01)
    budget = Budget(server.url, rate=1)
    trace = budget.trace()
    asked = aiohttp.TraceRequestStartParams("POST", URL(f"{server.url}/channels/1/messages"), CIMultiDict())
    context = SimpleNamespace()
    async with aiohttp.ClientSession() as client:
        await trace.on_request_start[0](client, context, asked)
        await budget_free(budget)
        failed = aiohttp.TraceRequestExceptionParams(asked.method, asked.url, asked.headers, OSError())
        await trace.on_request_exception[0](client, context, failed)
        await asyncio.sleep(0.05)
    assert budget._slots._value == 1


async def budget_free(budget: Budget) -> None:
    async with asyncio.timeout(5):
        while budget._slots.locked():  # noqa: ASYNC110 - a timer frees it
            await asyncio.sleep(0.005)


async def test_requests_leave_evenly(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A burst would hold up the commands that come in meanwhile."""
    monkeypatch.setattr(module, "_EVENLY", 0.5)
    async with session(Budget(server.url, rate=10)) as client:

        async def one() -> None:
            async with client.post(f"{server.url}/channels/1/messages"):
                pass

        await asyncio.gather(*(one() for _ in range(6)))
    times = sorted(server.arrived)
    assert times[-1] - times[0] >= 0.24
