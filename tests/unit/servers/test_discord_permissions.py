"""Where Discord refuses a bot that may not, through the real discord.py."""

import io

import discord
import pytest

from tests.servers.discord.permissions import ALL_NEEDED, EVERYTHING, Overwrite, Permission
from tests.servers.discord.server import Discord
from tests.servers.discord.world import CATEGORY, FORUM, Channel


async def refused(client: discord.Client, channel: Channel, content: str = "x") -> tuple[int, int]:
    with pytest.raises(discord.HTTPException) as caught:
        await client.get_partial_messageable(channel.id).send(content)
    return caught.value.status, caught.value.code


async def test_an_unknown_channel_is_unknown(server: Discord, client: discord.Client) -> None:
    guild = server.guild()
    news = guild.channel("news")
    server.delete_channel(news)
    assert await refused(client, news) == (404, 10003)


async def test_what_the_bot_cannot_see_it_has_no_access_to(server: Discord, client: discord.Client) -> None:
    guild = server.guild()
    hidden = guild.channel("hidden", overwrites=[Overwrite(guild.id, deny=int(Permission.VIEW_CHANNEL))])
    assert await refused(client, hidden) == (403, 50001)
    server.remove_guild(guild)
    assert await refused(client, guild.channels[hidden.id]) == (403, 50001)


async def test_an_overwrite_takes_the_right_to_send(server: Discord, client: discord.Client) -> None:
    news = server.guild().channel("news")
    server.set_permissions(news, deny=int(Permission.SEND_MESSAGES))
    assert await refused(client, news) == (403, 50013)
    server.set_permissions(news, deny=0)
    await client.get_partial_messageable(news.id).send("x")


async def test_an_administrator_may_everything(server: Discord, client: discord.Client) -> None:
    guild = server.guild(permissions=int(Permission.ADMINISTRATOR))
    news = guild.channel("news", overwrites=[Overwrite(guild.id, deny=EVERYTHING)])
    await client.get_partial_messageable(news.id).send("x")
    assert len(server.record.messages) == 1


async def test_without_embed_links_embeds_are_dropped_in_silence(server: Discord, client: discord.Client) -> None:
    guild = server.guild(permissions=ALL_NEEDED & ~Permission.EMBED_LINKS)
    place = client.get_partial_messageable(guild.channel("news").id)
    sent = await place.send("x", embed=discord.Embed(title="gone"))
    assert sent.embeds == []
    assert server.record.messages[0].body["embeds"] == [{"type": "rich", "title": "gone", "flags": 0}]
    with pytest.raises(discord.Forbidden):
        await place.send(embed=discord.Embed(title="gone"))


async def test_without_attach_files_no_file_is_taken(server: Discord, client: discord.Client) -> None:
    guild = server.guild(permissions=ALL_NEEDED & ~Permission.ATTACH_FILES)
    with pytest.raises(discord.Forbidden):
        await client.get_partial_messageable(guild.channel("news").id).send(file=discord.File(io.BytesIO(b"x"), "x"))


async def test_forums_and_categories_take_no_plain_message(server: Discord, client: discord.Client) -> None:
    guild = server.guild()
    assert await refused(client, guild.channel("posts", FORUM)) == (400, 40058)
    assert await refused(client, guild.channel("group", CATEGORY)) == (400, 50008)


async def test_a_thread_has_a_permission_of_its_own(server: Discord, client: discord.Client) -> None:
    guild = server.guild()
    news = guild.channel("news")
    thread = guild.thread(news, "talk")
    server.set_permissions(news, deny=int(Permission.SEND_MESSAGES))
    await client.get_partial_messageable(thread.id).send("x")
    server.set_permissions(news, deny=int(Permission.SEND_MESSAGES_IN_THREADS))
    assert await refused(client, thread) == (403, 50013)


async def test_a_message_opens_an_archived_thread_unless_it_is_locked(server: Discord, client: discord.Client) -> None:
    guild = server.guild()
    news = guild.channel("news")
    archived = guild.thread(news, "old", archived=True)
    await client.get_partial_messageable(archived.id).send("x")
    assert not archived.archived
    assert await refused(client, guild.thread(news, "shut", archived=True, locked=True)) == (400, 50083)
    assert await refused(client, guild.thread(news, "shut", locked=True)) == (403, 160005)


async def test_a_message_of_an_archived_thread_is_not_edited(server: Discord, client: discord.Client) -> None:
    guild = server.guild()
    thread = guild.thread(guild.channel("news"), "old")
    sent = await client.get_partial_messageable(thread.id).send("x")
    thread.archived = True
    with pytest.raises(discord.HTTPException) as caught:
        await sent.edit(content="y")
    assert caught.value.code == 50083
