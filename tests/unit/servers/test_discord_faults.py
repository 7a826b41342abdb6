"""Each fault as the real discord.py sees it."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import discord
import pytest

from tests.servers.discord.faults import Fault, Kind
from tests.servers.discord.server import Discord
from tests.servers.discord.world import Channel

Send = Callable[[str], Awaitable[discord.Message]]


@pytest.fixture
def news(server: Discord) -> Channel:
    return server.guild().channel("news")


@pytest.fixture
def send(client: discord.Client, news: Channel, monkeypatch: pytest.MonkeyPatch) -> Send:
    """discord.py's waits between its own tries are left out."""
    sleep = asyncio.sleep
    monkeypatch.setattr("discord.http.asyncio.sleep", lambda delay: sleep(0 if delay >= 1 else delay))
    place = client.get_partial_messageable(news.id)
    return lambda content: place.send(content, nonce=content)


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_the_client_tries_again_after_a_fault_before_accepting(server: Discord, send: Send, status: int) -> None:
    server.faults.plan(Fault(Kind.REFUSE, "create_message", status=status))
    await send("one")
    assert [request.status for request in server.record.to("create_message")] == [status, 200]
    assert len(server.record.messages) == 1


async def test_503_is_raised_at_once(server: Discord, send: Send) -> None:
    server.faults.plan(Fault(Kind.REFUSE, status=503))
    with pytest.raises(discord.DiscordServerError):
        await send("one")
    assert server.record.messages == []


async def test_a_lost_answer_is_told_again_by_the_nonce(server: Discord, send: Send) -> None:
    server.faults.plan(Fault(Kind.LOST, "create_message"))
    sent = await send("one")
    assert [message.id for message in server.record.messages] == [sent.id]
    assert len(server.record.nonce_hits) == 1


@pytest.mark.parametrize(("kind", "accepted"), [(Kind.RESET, 0), (Kind.LOST_RESET, 1), (Kind.LOST_HALF, 1)])
async def test_a_broken_connection_is_raised_at_once(server: Discord, send: Send, kind: Kind, accepted: int) -> None:
    server.faults.plan(Fault(kind, "create_message"))
    with pytest.raises(aiohttp.ClientError):
        await send("one")
    assert len(server.record.messages) == accepted


@pytest.mark.parametrize(("kind", "accepted"), [(Kind.HANG, 0), (Kind.LOST_HANG, 1)])
async def test_a_hanging_request_is_never_answered(server: Discord, send: Send, kind: Kind, accepted: int) -> None:
    server.faults.plan(Fault(kind, "create_message"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await send("one")
    assert len(server.record.messages) == accepted


async def test_a_late_request_is_accepted_when_nobody_waits_any_more(server: Discord, send: Send) -> None:
    server.faults.plan(Fault(Kind.LATE, "create_message", delay=0.1))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await send("one")
    assert server.record.messages == []
    await server.until(lambda: server.record.messages)


async def test_a_planned_limit_is_waited_for(server: Discord, send: Send) -> None:
    server.faults.plan(*(Fault(Kind.LIMIT, scope=scope, retry_after=0.01) for scope in ("user", "global", "shared")))
    await send("one")
    assert dict(server.record.too_many) == {"user": 1, "global": 1, "shared": 1}
    assert server.record.invalid == 2


async def test_an_hour_long_limit_is_raised_at_once(server: Discord, send: Send) -> None:
    server.faults.plan(Fault(Kind.LIMIT, retry_after=3600.0))
    with pytest.raises(discord.RateLimited) as caught:
        await send("one")
    assert caught.value.retry_after == 3600.0


async def test_a_limit_may_lack_its_wait_or_its_body(server: Discord, send: Send) -> None:
    server.faults.plan(Fault(Kind.LIMIT, retry_after=None), Fault(Kind.LIMIT, bare=True))
    with pytest.raises(KeyError):
        await send("one")
    with pytest.raises(discord.HTTPException):
        await send("one")


@pytest.mark.parametrize("status", [403, 429])
async def test_a_page_of_cloudflare_has_no_via(server: Discord, send: Send, status: int) -> None:
    server.faults.plan(Fault(Kind.CLOUDFLARE, status=status))
    with pytest.raises(discord.HTTPException) as caught:
        await send("one")
    assert (caught.value.status, caught.value.code) == (status, 0)
    assert "Via" not in caught.value.response.headers


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (404, 10003), (400, 50035), (401, 0)])
async def test_any_refusal_can_be_planned(server: Discord, send: Send, status: int, code: int) -> None:
    server.faults.plan(Fault(Kind.REFUSE, status=status, code=code, message="No."))
    with pytest.raises(discord.HTTPException) as caught:
        await send("one")
    assert (caught.value.status, caught.value.code, caught.value.text) == (status, code, "No.")


async def test_a_fault_waits_for_the_request_that_it_fits(server: Discord, send: Send, news: Channel) -> None:
    server.faults.plan(
        Fault(Kind.REFUSE, "edit_message", status=503),
        Fault(Kind.REFUSE, "create_message", channel=news.id + 1, status=503),
        Fault(Kind.REFUSE, "create_message", body="poison", status=503),
    )
    sent = await send("one")
    with pytest.raises(discord.DiscordServerError):
        await send("poison")
    with pytest.raises(discord.DiscordServerError):
        await sent.edit(content="two")
    assert server.faults.left == 1


async def test_an_outage_stands_until_it_is_lifted(server: Discord, send: Send) -> None:
    server.faults.stand(Fault(Kind.REFUSE, status=503))
    for _ in range(2):
        with pytest.raises(discord.DiscordServerError):
            await send("one")
    server.faults.clear()
    await send("one")


def test_the_same_seed_throws_the_same_faults(server: Discord) -> None:
    odds = {Fault(Kind.LOST): 0.3, Fault(Kind.RESET): 0.2}

    def throw() -> list[Fault | None]:
        server.faults.throw(odds, seed=7)
        return [server.faults.take("create_message", None, b"") for _ in range(100)]

    first = throw()
    assert first == throw()
    assert {fault and fault.kind for fault in first} == {None, Kind.LOST, Kind.RESET}
