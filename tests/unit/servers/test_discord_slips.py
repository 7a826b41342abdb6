"""Slips that a stand-in must not make: a lost answer, a silent crash, lengths that are counted too kindly."""

import asyncio
from typing import Any

import aiohttp
import discord
import pytest

from tests.servers.discord.interaction import Interaction
from tests.servers.discord.permissions import Permission
from tests.servers.discord.server import Discord
from tests.servers.discord.world import Channel, Guild, Member
from tests.unit.servers.conftest import Start
from tests.unit.servers.newsroom import Newsroom

Typing = asyncio.Task[Interaction]


async def typed(
    server: Discord, client: discord.Client, guild: Guild, channel: Channel, member: Member
) -> tuple[discord.Interaction[Any], Typing]:
    """A command in the hands of the test, as the library gives it, and its typing, which waits for the answer."""
    heard = asyncio.ensure_future(client.wait_for("interaction", timeout=10))
    await asyncio.sleep(0)
    typing = asyncio.create_task(server.command(guild, channel, member, "never"))
    return await heard, typing


async def test_a_deferred_answer_that_was_deleted_is_not_filled_by_the_follow_up(server: Discord, start: Start) -> None:
    guild = server.guild()
    channel = guild.channel("news")
    client = Newsroom()
    await start(client)
    interaction, typing = await typed(server, client, guild, channel, guild.member("fan"))
    await interaction.response.defer(thinking=True)
    await interaction.delete_original_response()
    await interaction.followup.send("for you alone", ephemeral=True)
    asked = await typing
    assert [(message.content, message.ephemeral) for message in asked.messages] == [("for you alone", True)]
    assert server.record.of(channel) == []


async def test_who_has_the_app_only_for_themselves_says_so(server: Discord, start: Start) -> None:
    guild = server.guild()
    channel, chief = guild.channel("news"), guild.member("chief", permissions=int(Permission.MANAGE_GUILD))
    client = Newsroom()
    await start(client)
    server.remove_guild(guild)
    interaction, typing = await typed(server, client, guild, channel, chief)
    assert not interaction.is_guild_integration()
    assert interaction.is_user_integration()
    assert interaction.permissions.manage_guild
    assert interaction.app_permissions.value == 0
    await interaction.response.send_message("not here", ephemeral=True)
    assert [message.content for message in (await typing).messages] == ["not here"]


async def test_one_message_around_another_is_that_one(server: Discord, client: discord.Client) -> None:
    channel = client.get_partial_messageable(server.guild().channel("news").id)
    sent = [await channel.send(str(number)) for number in range(3)]
    found = [message.id async for message in channel.history(around=sent[1], limit=1)]
    assert found == [sent[1].id]


async def test_a_crash_of_the_server_is_no_outage_of_discord() -> None:
    server = Discord()
    with pytest.raises(AssertionError, match="itself broke"):
        await _crashed(server)
    assert [type(crash) for crash in server.record.crashes] == [AttributeError]


async def _crashed(server: Discord) -> None:
    """A body of a shape that no check expects."""
    async with server, aiohttp.ClientSession(headers={"Authorization": f"Bot {server.token}"}) as session:
        channel = server.guild().channel("news")
        body = {"embeds": [{"title": "a", "footer": "no object"}]}
        async with session.post(f"{server.api}/channels/{channel.id}/messages", json=body) as response:
            assert response.status == 500


@pytest.mark.parametrize(("label", "custom_id"), [("More" + 77 * " ", "more:1"), ("More", "more:1" + 95 * " ")])
async def test_spaces_count_in_labels_and_custom_ids(
    server: Discord, client: discord.Client, label: str, custom_id: str
) -> None:
    channel = server.guild().channel("news")
    button = {"type": 2, "style": 1, "label": label, "custom_id": custom_id}
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id)
    with pytest.raises(discord.HTTPException, match="in length") as refused:
        await client.http.request(route, json={"components": [{"type": 1, "components": [button]}]})
    assert refused.value.code == 50035
