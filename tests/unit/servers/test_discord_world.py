"""The world as a doctor asks for it, through the real discord.py."""

import discord
import pytest

from tests.servers.discord.permissions import ALL_NEEDED
from tests.servers.discord.server import Discord
from tests.unit.servers.conftest import FakeTime


async def test_the_bot_s_own_account_is_told(server: Discord, client: discord.Client) -> None:
    assert client.user
    assert client.user.id == server.bot_id
    assert (await client.application_info()).id == client.application_id == server.application_id


async def test_a_guild_is_told_with_its_channels_roles_and_members(server: Discord, client: discord.Client) -> None:
    guild = server.guild("Film club")
    news = guild.channel("news", topic="All of it")
    fan = guild.member("fan")
    role = guild.role("fans", mentionable=True)
    [partial] = [each async for each in client.fetch_guilds()]
    assert (partial.id, partial.name) == (guild.id, "Film club")
    told = await client.fetch_guild(guild.id)
    assert {each.name: each.mentionable for each in await told.fetch_roles()}[role.name]
    assert [
        (each.name, each.topic) for each in await told.fetch_channels() if isinstance(each, discord.TextChannel)
    ] == [("news", "All of it")]
    assert (await told.fetch_member(fan.id)).name == "fan"
    own = await told.fetch_member(server.bot_id)
    assert own.guild_permissions.value == ALL_NEEDED
    assert (await client.fetch_channel(news.id)).id == news.id


async def test_what_is_not_there_is_unknown(server: Discord, client: discord.Client) -> None:
    guild = server.guild()
    server.remove_guild(guild)
    told = await client.fetch_guild(server.guild().id)
    for ask, code in (
        (client.fetch_guild(guild.id), 10004),
        (client.fetch_channel(5), 10003),
        (told.fetch_member(5), 10013),
        (told.fetch_member(server.world.user("stranger").id), 10007),
    ):
        with pytest.raises(discord.NotFound) as caught:
            await ask
        assert caught.value.code == code


async def test_ids_tell_the_clock_s_time(server: Discord, client: discord.Client, clock: FakeTime) -> None:
    news = server.guild().channel("news")
    sent = await client.get_partial_messageable(news.id).send("x")
    assert sent.created_at.timestamp() == clock.at


async def test_only_a_person_gets_direct_messages(server: Discord, client: discord.Client) -> None:
    with pytest.raises(discord.HTTPException) as caught:
        await client.http.start_private_message(server.bot_id)
    assert caught.value.code == 50033
