"""What the SDK's own client gets when the loopback Slack fails, and whether the message stands."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.servers.slack.faults import Fault, Kind
from tests.unit.servers.slack_stage import Stage, error_of, open_stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as stage:
        yield stage


@pytest.mark.parametrize(
    ("fault", "raises", "accepted"),
    [
        (Fault(Kind.STATUS, status=500), SlackApiError, 0),
        (Fault(Kind.HTML, status=502), SlackApiError, 0),
        (Fault(Kind.ERROR, error="internal_error"), SlackApiError, 0),
        (Fault(Kind.RESET), aiohttp.ClientConnectionError, 0),
        (Fault(Kind.HANG), asyncio.TimeoutError, 0),
        (Fault(Kind.LOST, status=502), SlackApiError, 1),
        (Fault(Kind.LOST_ERROR, error="fatal_error"), SlackApiError, 1),
        (Fault(Kind.LOST_HTML, status=200), SlackApiError, 1),
        (Fault(Kind.LOST_RESET), aiohttp.ClientConnectionError, 1),
        (Fault(Kind.LOST_HALF), aiohttp.ClientPayloadError, 1),
        (Fault(Kind.LOST_HANG), asyncio.TimeoutError, 1),
    ],
    ids=lambda case: case.kind if isinstance(case, Fault) else None,
)
async def test_each_fault_accepts_or_not_as_it_says(
    stage: Stage, fault: Fault, raises: type[Exception], accepted: int
) -> None:
    channel = stage.team.channel("news")
    stage.slack.faults.plan(fault)
    timeout = aiohttp.ClientTimeout(total=0.3)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        client = AsyncWebClient(stage.team.bot_token, base_url=stage.slack.api, session=session, retry_handlers=[])
        with pytest.raises(raises):
            await client.chat_postMessage(channel=channel.id, text="nine")
    assert len(stage.slack.record.visible(channel.id)) == accepted
    assert [call.answer for call in stage.slack.record.asked("chat.postMessage")] == [fault.kind]


async def test_a_late_accept_lands_after_the_client_gave_up(stage: Stage) -> None:
    channel = stage.team.channel("news")
    stage.slack.faults.plan(Fault(Kind.LATE, delay=0.3))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.1)) as session:
        client = AsyncWebClient(stage.team.bot_token, base_url=stage.slack.api, session=session, retry_handlers=[])
        with pytest.raises(asyncio.TimeoutError):
            await client.chat_postMessage(channel=channel.id, text="nine")
    assert stage.slack.record.visible(channel.id) == []
    async with asyncio.timeout(5):
        await stage.slack.record.changed(lambda: bool(stage.slack.record.visible(channel.id)))


@pytest.mark.parametrize("retry_after", ["1.5", "86400", None])
async def test_a_limit_says_how_long_in_its_own_words(stage: Stage, retry_after: str | None) -> None:
    channel = stage.team.channel("news")
    stage.slack.faults.plan(Fault(Kind.LIMIT, retry_after=retry_after))
    with pytest.raises(SlackApiError) as raised:
        await stage.client.chat_postMessage(channel=channel.id, text="nine")
    assert raised.value.response.status_code == 429
    assert raised.value.response.headers.get("Retry-After") == retry_after


async def test_the_client_as_it_comes_posts_twice_after_a_reset(stage: Stage) -> None:
    channel = stage.team.channel("news")
    stage.slack.faults.plan(Fault(Kind.LOST_RESET))
    client = AsyncWebClient(
        stage.team.bot_token, base_url=stage.slack.api, retry_handlers=[AsyncConnectionErrorRetryHandler()]
    )
    await client.chat_postMessage(channel=channel.id, text="nine")
    assert len(stage.slack.record.visible(channel.id)) == 2


async def test_faults_are_matched_by_method_channel_and_words(stage: Stage) -> None:
    channel, other = stage.team.channel("news"), stage.team.channel("more")
    stage.slack.faults.plan(Fault(Kind.ERROR, "chat.postMessage", channel.id, "nine", error="service_unavailable"))
    await stage.client.auth_test()
    await stage.client.chat_postMessage(channel=other.id, text="nine")
    await stage.client.chat_postMessage(channel=channel.id, text="ten")
    assert stage.slack.faults.left == 1
    with pytest.raises(SlackApiError) as raised:
        await stage.client.chat_postMessage(channel=channel.id, text="nine")
    assert error_of(raised) == "service_unavailable"
    assert stage.slack.faults.left == 0


async def test_dice_of_one_seed_throw_the_same(stage: Stage) -> None:
    channel = stage.team.channel("news")
    stage.slack.limits.enforced = False
    seen = []
    for _ in range(2):
        stage.slack.faults.throw({Fault(Kind.ERROR, "chat.postMessage"): 0.3, Fault(Kind.STATUS): 0.2}, seed=7)
        start = len(stage.slack.record.calls)
        for _ in range(20):
            with contextlib.suppress(SlackApiError):
                await stage.client.chat_postMessage(channel=channel.id, text="nine")
        seen.append([call.answer for call in stage.slack.record.calls[start:]])
    assert seen[0] == seen[1]
    assert {"ok", "error", "status"} == set(seen[0])
