"""Forum posts and threads through the real discord.py."""

from typing import Any

import discord
import pytest

from tests.servers.discord.permissions import ALL_NEEDED, EVERYTHING, Permission
from tests.servers.discord.server import Discord
from tests.servers.discord.threads import REQUIRE_TAG
from tests.servers.discord.world import FORUM
from tests.unit.servers.conftest import Start, new_client


async def test_a_forum_post_is_a_thread_with_a_first_message(server: Discord, start: Start) -> None:
    guild = server.guild()
    posts = guild.channel("posts", FORUM, available_tags=["Music", "Film"])
    client = new_client()
    await start(client)
    forum = client.get_channel(posts.id)
    assert isinstance(forum, discord.ForumChannel)
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay("# Winners"))
    made = await forum.create_thread(name="Awards", view=view, applied_tags=forum.available_tags[:1])
    [thread] = server.record.threads
    [message] = server.record.of(thread)
    assert (made.thread.id, made.message.id) == (thread.id, message.id) == (message.id, message.id)
    assert (thread.name, thread.parent, message.reads) == ("Awards", posts, "Winners")
    assert thread.fields["applied_tags"] == [posts.tags[0]["id"]]
    assert "nonce" not in message.body


async def refused(client: discord.Client, channel: int, **body: Any) -> int:  # noqa: ANN401 - JSON
    route = discord.http.Route("POST", "/channels/{channel_id}/threads", channel_id=channel)
    with pytest.raises(discord.HTTPException) as caught:
        await client.http.request(route, json={"name": "Awards", "message": {"content": "x"}, **body})
    return caught.value.code


async def test_what_is_wrong_with_a_post_is_said(server: Discord, client: discord.Client) -> None:
    guild = server.guild()
    free = guild.channel("free", FORUM, available_tags=["Music"] * 6)
    strict = guild.channel("strict", FORUM, available_tags=["Music"], flags=REQUIRE_TAG)
    tags = [tag["id"] for tag in free.tags]
    assert await refused(client, strict.id) == 40067
    assert await refused(client, free.id, name="") == 50035
    assert await refused(client, free.id, name="x" * 101) == 50035
    assert await refused(client, free.id, applied_tags=tags) == 50035
    assert await refused(client, free.id, applied_tags=["5"]) == 50035
    assert await refused(client, free.id, auto_archive_duration=61) == 50035
    assert await refused(client, free.id, message={"content": ""}) == 50006
    assert await refused(client, free.id, message=None) == 50035
    server.limits.active_threads = 0
    assert await refused(client, free.id) == 160006
    assert server.record.threads == []


async def test_threads_are_listed_active_and_archived(server: Discord, start: Start) -> None:
    guild = server.guild()
    posts = guild.channel("posts", FORUM)
    for name, archived in (("new", False), ("old", True), ("older", True)):
        guild.thread(posts, name, archived=archived)
    client = new_client()
    await start(client)
    forum = client.get_channel(posts.id)
    assert isinstance(forum, discord.ForumChannel)
    assert [thread.name for thread in await client.guilds[0].active_threads()] == ["new"]
    assert {thread.name async for thread in forum.archived_threads(limit=10)} == {"old", "older"}


async def test_an_own_thread_can_be_renamed_and_archived(server: Discord, start: Start) -> None:
    posts = server.guild().channel("posts", FORUM)
    client = new_client()
    await start(client)
    forum = client.get_channel(posts.id)
    assert isinstance(forum, discord.ForumChannel)
    made = await forum.create_thread(name="Awards", content="x")
    await made.thread.edit(name="Awards: corrected", archived=True)
    assert (server.record.threads[0].name, server.record.threads[0].archived) == ("Awards: corrected", True)
    with pytest.raises(discord.Forbidden):
        await made.thread.delete()


async def test_a_text_channel_has_threads_of_its_own_and_under_messages(server: Discord, start: Start) -> None:
    guild = server.guild(permissions=ALL_NEEDED | Permission.CREATE_PUBLIC_THREADS)
    news = guild.channel("news")
    client = new_client()
    await start(client)
    channel = client.get_channel(news.id)
    assert isinstance(channel, discord.TextChannel)
    alone = await channel.create_thread(name="alone", type=discord.ChannelType.public_thread)
    sent = await channel.send("x")
    under = await sent.create_thread(name="under")
    assert [thread.name for thread in server.record.threads] == ["alone", "under"]
    assert (under.id, under.parent_id, alone.owner_id) == (sent.id, news.id, server.bot_id)
    with pytest.raises(discord.HTTPException) as caught:
        await sent.create_thread(name="again")
    assert caught.value.code == 160004


async def test_others_threads_are_not_ours_to_change(server: Discord, client: discord.Client) -> None:
    guild = server.guild()
    news = guild.channel("news")
    foreign = guild.thread(news, "theirs")
    own = guild.thread(news, "ours", archived=True, owner=server.bot_id)
    for thread, body, code in (
        (foreign, {"name": "mine"}, 50013),
        (own, {"locked": True}, 50013),
        (own, {"name": "while archived"}, 50083),
        (own, {"archived": False, "name": "x" * 101}, 50035),
        (own, {"archived": False, "applied_tags": ["5"]}, 50035),
        (news, {"name": "mine"}, 50013),
    ):
        with pytest.raises(discord.HTTPException) as caught:
            await client.http.edit_channel(thread.id, **body)
        assert caught.value.code == code
    await client.http.edit_channel(own.id, archived=False)
    assert not own.archived
    chief = server.guild(permissions=EVERYTHING)
    room = chief.channel("room")
    talk = chief.thread(room, "talk")
    await client.http.edit_channel(room.id, name="hall", topic="All of it")
    assert (room.name, room.fields["topic"]) == ("hall", "All of it")
    await client.http.delete_channel(room.id)
    assert (room.id in server.world.channels, talk.id in server.world.channels) == (False, False)
