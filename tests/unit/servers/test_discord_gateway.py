"""The gateway through the real discord.py: ready, events, resumes, and the ways in which a connection ends."""

import asyncio

import discord
import pytest

from tests.servers.discord.server import Discord
from tests.unit.servers.conftest import Start, new_client


async def test_a_client_becomes_ready_with_its_guilds(server: Discord, start: Start) -> None:
    guild = server.guild("Film club")
    guild.channel("news")
    client = new_client()
    await start(client)
    await server.wait_ready()
    assert [(each.name, [c.name for c in each.text_channels]) for each in client.guilds] == [("Film club", ["news"])]
    assert server.intents == 1
    assert client.guilds[0].me.guild_permissions.send_messages


async def test_a_missed_event_is_told_after_a_resume(server: Discord, start: Start) -> None:
    guild = server.guild("Film club")
    client = new_client()
    await start(client)
    seen = asyncio.create_task(client.wait_for("guild_channel_create", timeout=10))
    resumed = asyncio.create_task(client.wait_for("resumed", timeout=10))
    await asyncio.sleep(0)
    server.drop()
    guild.channel("late")
    await resumed
    assert (await seen).name == "late"
    assert len(server.record.resumes) == 1


async def test_a_wrong_token_is_refused(server: Discord) -> None:
    async with new_client() as client:
        with pytest.raises(discord.LoginFailure):
            await client.login("wrong")
    assert server.record.invalid == 1
