"""The gateway through the real discord.py: ready, events, resumes, and the ways in which a connection ends."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import pytest

from tests.servers.discord.permissions import Permission
from tests.servers.discord.server import Discord
from tests.unit.servers.conftest import FakeTime, HastyShards, Start, new_client


def heard(client: discord.Client, event: str, check: Callable[..., bool] | None = None) -> "asyncio.Future[Any]":
    """The next such event of the client."""
    return asyncio.ensure_future(client.wait_for(event, check=check, timeout=10))


@pytest.fixture
async def client(server: Discord, start: Start) -> discord.Client:
    server.guild("Film club").channel("news")
    client = new_client()
    await start(client)
    return client


async def test_a_client_becomes_ready_with_its_guilds(server: Discord, client: discord.Client) -> None:
    await server.wait_ready()
    assert [(each.name, [c.name for c in each.text_channels]) for each in client.guilds] == [("Film club", ["news"])]
    assert server.intents == 1
    assert client.guilds[0].me.guild_permissions.send_messages


async def test_the_world_s_changes_are_told(server: Discord, client: discord.Client) -> None:
    joined = heard(client, "guild_join")
    await asyncio.sleep(0)
    guild = server.guild("Book club")
    assert (await joined).name == "Book club"
    made, thread_made, role_made = (
        heard(client, event) for event in ("guild_channel_create", "thread_create", "guild_role_create")
    )
    await asyncio.sleep(0)
    channel = guild.channel("books")
    thread = guild.thread(channel, "talk")
    guild.role("readers")
    assert ((await made).id, (await thread_made).id, (await role_made).name) == (channel.id, thread.id, "readers")
    changed, deleted = heard(client, "guild_channel_update"), heard(client, "guild_channel_delete")
    await asyncio.sleep(0)
    server.set_permissions(channel, deny=int(Permission.SEND_MESSAGES))
    server.delete_channel(channel)
    _, after = await changed
    assert not after.permissions_for(after.guild.me).send_messages
    assert (await deleted).id == channel.id


async def test_an_outage_is_no_removal(server: Discord, client: discord.Client) -> None:
    guild = next(iter(server.world.guilds.values()))
    for event, act in (
        ("guild_unavailable", server.make_unavailable),
        ("guild_available", server.make_available),
        ("guild_remove", server.remove_guild),
    ):
        told = heard(client, event)
        await asyncio.sleep(0)
        act(guild)
        assert (await told).id == guild.id


async def test_a_guild_that_is_away_is_named_at_ready(server: Discord, start: Start) -> None:
    guild = server.guild("Away", unavailable=True)
    client = new_client()
    await start(client)
    assert [(each.id, each.unavailable) for each in client.guilds] == [(guild.id, True)]
    back = heard(client, "guild_available")
    await asyncio.sleep(0)
    server.make_available(guild)
    assert (await back).name == "Away"


@pytest.mark.parametrize(
    "cut",
    [
        Discord.drop,
        lambda server: server.drop(code=4000),
        lambda server: server.drop(code=1000),
        Discord.reconnect,
        lambda server: server.invalidate(resumable=True),
    ],
)
async def test_what_was_missed_is_told_after_a_resume(
    server: Discord, client: discord.Client, cut: Callable[[Discord], None]
) -> None:
    seen, resumed = heard(client, "guild_channel_create"), heard(client, "resumed")
    await asyncio.sleep(0)
    cut(server)
    next(iter(server.world.guilds.values())).channel("late")
    await resumed
    assert (await seen).name == "late"
    assert (len(server.record.identifies), len(server.record.resumes)) == (1, 1)


async def test_an_invalid_session_identifies_anew(server: Discord, client: discord.Client, clock: FakeTime) -> None:
    clock.at += 5
    ready = heard(client, "ready")
    await asyncio.sleep(0)
    server.invalidate()
    await ready
    assert (len(server.record.identifies), len(server.record.resumes)) == (2, 0)


async def test_a_silent_gateway_is_left(server: Discord, start: Start) -> None:
    server.guild()
    server.heartbeat_interval = 0.05
    client = discord.Client(intents=discord.Intents(guilds=True), guild_ready_timeout=0.01, heartbeat_timeout=0.2)
    await start(client)
    resumed = heard(client, "resumed")
    await asyncio.sleep(0)
    server.silence()
    await resumed
    assert len(server.record.resumes) == 1


async def test_a_broken_payload_ends_the_client(server: Discord, start: Start) -> None:
    server.guild()
    connected = await start(new_client())
    server.send_raw(0, {"op": 0, "t": "GUILD_CREATE", "s": 99, "d": {}})
    with pytest.raises(KeyError):
        await connected


async def test_a_token_that_was_reset_is_fatal(server: Discord, client: discord.Client) -> None:
    server.token = "another"
    gone = heard(client, "disconnect")
    await asyncio.sleep(0)
    server.drop(code=4000)
    await gone
    await server.until(client.is_closed)


async def test_intents_that_were_not_granted_are_fatal(server: Discord, start: Start) -> None:
    client = discord.Client(intents=discord.Intents(guilds=True, members=True))
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await start(client)
    assert server.record.identifies == []


async def test_guilds_go_to_their_shards(server: Discord, start: Start) -> None:
    server.limits.shards = server.limits.max_concurrency = 2
    guilds = [server.guild(f"Guild {number}") for number in range(6)]
    client = HastyShards(intents=discord.Intents(guilds=True), guild_ready_timeout=0.01)
    await start(client)
    await server.wait_ready(2)
    assert {each.id: each.shard_id for each in client.guilds} == {each.id: (each.id >> 22) % 2 for each in guilds}
    assert sorted(each["shard"] for each in server.record.identifies) == [[0, 2], [1, 2]]


async def test_a_wrong_token_is_refused(server: Discord) -> None:
    async with new_client() as client:
        with pytest.raises(discord.LoginFailure):
            await client.login("wrong")
    assert server.record.invalid == 1


async def talk(server: Discord, *said: object, query: str = "v=10&encoding=json") -> tuple[list[Any], int | None]:
    """What a plain client hears, and the code that it is closed with."""
    heard: list[Any] = []
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{server.gateway}?{query}") as socket:
        for each in said:
            await (socket.send_str(each) if isinstance(each, str) else socket.send_json(each))
        async with asyncio.timeout(5):
            while (message := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                heard.append(message.json()["t"] or message.json()["op"])
                if heard[-1] in {"RESUMED", "READY", 9}:
                    break
        return heard, socket.close_code


def identify(server: Discord, **more: object) -> dict[str, object]:
    return {"op": 2, "d": {"token": server.token, "intents": 1, **more}}


async def test_a_client_that_misbehaves_is_closed_with_its_code(server: Discord) -> None:
    for said, code in (
        ({"op": 99, "d": None}, 4001),
        ("no json", 4002),
        ({"op": 1, "d": "x" * 5000}, 4002),
        ({"op": 3, "d": {}}, 4003),
        (identify(server, token="wrong"), 4004),
        ({"op": 6, "d": {"token": server.token, "session_id": "x", "seq": 1}}, None),
        (identify(server, shard=[2, 2]), 4010),
        (identify(server, intents=1 << 30), 4013),
        (identify(server, intents=1 << 1), 4014),
    ):
        assert (await talk(server, said))[1] == code
    assert await talk(server, query="v=9&encoding=json") == ([], 4012)
    assert server.record.identifies == []


async def test_identifies_are_counted_and_told_by_the_gateway_s_address(server: Discord, clock: FakeTime) -> None:
    server.limits.identifies = 2
    assert (await talk(server, identify(server)))[0] == [10, "READY"]
    assert (await talk(server, identify(server)))[0] == [10, 9]
    clock.at += 5
    assert (await talk(server, identify(server)))[0] == [10, "READY"]
    clock.at += 5
    assert (await talk(server, identify(server)))[0] == [10, 9]
    headers = {"Authorization": f"Bot {server.token}"}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(f"{server.api}/gateway/bot") as answer:
        told = (await answer.json())["session_start_limit"]
    assert (told["total"], told["remaining"], told["max_concurrency"]) == (2, 0, 1)
