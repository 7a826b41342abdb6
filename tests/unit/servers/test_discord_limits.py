"""Buckets and the global limit, as the real discord.py meets them."""

import asyncio

import aiohttp
import discord
import pytest

from tests.servers.discord.limits import Rate
from tests.servers.discord.server import Discord
from tests.servers.discord.world import ANNOUNCEMENT
from tests.unit.servers.conftest import FakeTime


async def post(server: Discord, session: aiohttp.ClientSession, channel: int) -> aiohttp.ClientResponse:
    headers = {"Authorization": f"Bot {server.token}"}
    return await session.post(f"{server.api}/channels/{channel}/messages", json={"content": "x"}, headers=headers)


async def test_a_bucket_is_told_by_headers_and_kept(server: Discord, clock: FakeTime) -> None:
    news, more = (server.guild().channel(name) for name in ("news", "more"))
    async with aiohttp.ClientSession() as session:
        answers = [await post(server, session, news.id) for _ in range(6)]
        assert [answer.status for answer in answers] == [200] * 5 + [429]
        assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["4", "3", "2", "1", "0", "0"]
        limited = answers[5]
        assert limited.headers["Via"]
        assert limited.headers["Content-Type"] == "application/json"
        assert (limited.headers["Retry-After"], limited.headers["X-RateLimit-Scope"]) == ("5", "user")
        assert await limited.json() == {"message": "You are being rate limited.", "retry_after": 5.0, "global": False}
        assert (await post(server, session, more.id)).status == 200
        clock.at += 5
        assert (await post(server, session, news.id)).status == 200
    assert (server.record.route_429s, server.record.global_429s, server.record.invalid) == (1, 0, 1)
    assert len(server.record.times) == 7


async def test_the_global_limit_is_of_any_second(server: Discord, clock: FakeTime) -> None:
    guild = server.guild()
    channels = [guild.channel(f"news-{number}").id for number in range(60)]
    async with aiohttp.ClientSession() as session:
        for channel in channels[:25]:
            assert (await post(server, session, channel)).status == 200
        clock.at += 0.75
        for channel in channels[25:50]:
            assert (await post(server, session, channel)).status == 200
        limited = await post(server, session, channels[50])
        assert limited.status == 429
        assert limited.headers["X-RateLimit-Global"] == "true"
        assert (await limited.json())["retry_after"] == 0.25
        clock.at += 0.25
        assert (await post(server, session, channels[50])).status == 200
        server.limits.off()
        for channel in channels:
            assert (await post(server, session, channel)).status == 200
    assert server.record.global_429s == 1


async def test_the_client_waits_for_its_bucket(server: Discord, client: discord.Client) -> None:
    server.limits.routes["create_message"] = Rate(5, 0.05)
    news = server.guild().channel("news")
    await asyncio.gather(*(client.get_partial_messageable(news.id).send(str(n)) for n in range(5)))
    assert len(server.record.of(news)) == 5
    assert server.record.route_429s == 0


async def test_an_eleventh_publication_is_refused_for_an_hour(server: Discord, client: discord.Client) -> None:
    news = server.guild().channel("news", ANNOUNCEMENT)
    server.limits.routes.pop("create_message")
    for number in range(11):
        server.foreign_message(news, {"content": str(number)}, author=server.world.bot)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {server.token}"}) as session:
        for message in server.record.messages[:10]:
            answer = await session.post(f"{server.api}/channels/{news.id}/messages/{message.id}/crosspost")
            assert answer.status == 200
        answer = await session.post(
            f"{server.api}/channels/{news.id}/messages/{server.record.messages[10].id}/crosspost"
        )
        assert (answer.status, (await answer.json())["retry_after"]) == (429, 3600.0)
    with pytest.raises(discord.RateLimited):
        await client.get_partial_messageable(news.id).get_partial_message(server.record.messages[10].id).publish()


async def test_interactions_do_not_count_to_the_global_limit(server: Discord) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(60):
            answer = await session.post(f"{server.api}/interactions/1/token/callback", json={"type": 5})
            assert (answer.status, (await answer.json())["code"]) == (404, 10062)
    assert server.record.times == []
