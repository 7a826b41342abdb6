"""Messages through the real discord.py: sent once a nonce, edited, read back, published, deleted."""

import io

import aiohttp
import discord
import pytest

from tests.servers.discord.permissions import ALL_NEEDED, Permission
from tests.servers.discord.server import Discord
from tests.servers.discord.world import ANNOUNCEMENT
from tests.unit.servers.conftest import FakeTime


async def test_a_message_is_kept_as_it_was_sent(server: Discord, client: discord.Client) -> None:
    news = server.guild().channel("news")
    sent = await client.get_partial_messageable(news.id).send("**Hello** ||boo||", nonce="n1", silent=True)
    [message] = server.record.messages
    assert (sent.id, sent.content, sent.nonce) == (message.id, "**Hello** ||boo||", "n1")
    assert message.body["enforce_nonce"] is True
    assert message.channel is news
    assert message.author.id == server.bot_id
    assert (message.reads, message.hidden) == ("Hello", "boo")


async def test_a_nonce_posts_once_within_its_window(server: Discord, client: discord.Client, clock: FakeTime) -> None:
    news = server.guild().channel("news")
    place = client.get_partial_messageable(news.id)
    first = await place.send("one", nonce="n1")
    clock.at += 119
    again = await place.send("two", nonce="n1")
    assert (again.id, again.content) == (first.id, "one")
    clock.at += 2
    later = await place.send("three", nonce="n1")
    assert later.id != first.id
    assert [message.content for message in server.record.of(news)] == ["one", "three"]
    assert len(server.record.nonce_hits) == 1


async def test_a_nonce_is_of_one_channel(server: Discord, client: discord.Client) -> None:
    guild = server.guild()
    for name in ("news", "more"):
        await client.get_partial_messageable(guild.channel(name).id).send("one", nonce="n1")
    assert len(server.record.messages) == 2


async def test_the_nonce_of_a_deleted_message_is_unknown(server: Discord, client: discord.Client) -> None:
    news = server.guild().channel("news")
    place = client.get_partial_messageable(news.id)
    await place.send("one", nonce="n1")
    server.delete_message(server.record.messages[0])
    with pytest.raises(discord.NotFound) as caught:
        await place.send("one", nonce="n1")
    assert caught.value.code == 10008


async def test_a_nonce_of_26_characters_is_refused(server: Discord, client: discord.Client) -> None:
    news = server.guild().channel("news")
    with pytest.raises(discord.HTTPException) as caught:
        await client.get_partial_messageable(news.id).send("one", nonce="n" * 26)
    assert (caught.value.status, caught.value.code) == (400, 50035)
    assert "nonce: Must be 25 or fewer in length." in caught.value.text


async def test_history_is_newest_first_and_knows_no_nonce(server: Discord, client: discord.Client) -> None:
    news = server.guild().channel("news")
    place = client.get_partial_messageable(news.id)
    ids = [(await place.send(f"{number}", nonce=f"n{number}")).id for number in range(4)]
    found = await client.http.logs_from(news.id, 2, after=ids[0])
    assert [int(each["id"]) for each in found] == [ids[2], ids[1]]
    assert "nonce" not in found[0]
    assert [message.content async for message in place.history(after=discord.Object(ids[1]))] == ["2", "3"]


async def test_history_goes_before_after_or_around_a_message(server: Discord, client: discord.Client) -> None:
    server.limits.off()
    news = server.guild().channel("news")
    ids = [server.foreign_message(news, {"content": str(number)}).id for number in range(6)]
    for marks, found in (
        ({"limit": 2}, [5, 4]),
        ({"limit": 2, "before": ids[3]}, [2, 1]),
        ({"limit": 2, "after": ids[3]}, [5, 4]),
        ({"limit": 3, "around": ids[3]}, [4, 3, 2]),
    ):
        told = await client.http.logs_from(news.id, **marks)
        assert [int(each["content"]) for each in told] == found
    for query in ({"limit": "0"}, {"limit": "101"}, {"before": "x"}, {"before": "1", "after": "1"}):
        route = discord.http.Route("GET", "/channels/{channel_id}/messages", channel_id=news.id)
        with pytest.raises(discord.HTTPException) as caught:
            await client.http.request(route, params=query)
        assert caught.value.code == 50035


async def test_a_reply_needs_the_message_that_it_answers(server: Discord, client: discord.Client) -> None:
    place = client.get_partial_messageable(server.guild().channel("news").id)
    first = await place.send("one")
    await place.send("two", reference=first)
    await first.delete()
    with pytest.raises(discord.HTTPException) as caught:
        await place.send("three", reference=first)
    assert caught.value.code == 50035


async def test_others_messages_are_read_and_not_deleted(server: Discord, client: discord.Client) -> None:
    news = server.guild().channel("news")
    foreign = server.foreign_message(news, {"content": "mine"})
    message = await client.get_partial_messageable(news.id).fetch_message(foreign.id)
    assert (message.content, message.author.name) == ("mine", "another bot")
    with pytest.raises(discord.Forbidden):
        await message.delete()
    server.set_permissions(news, deny=int(Permission.READ_MESSAGE_HISTORY))
    with pytest.raises(discord.Forbidden):
        await client.get_partial_messageable(news.id).fetch_message(foreign.id)


async def test_what_is_no_json_and_what_is_too_large_is_refused(server: Discord) -> None:
    path = f"{server.api}/channels/{server.guild().channel('news').id}/messages"
    headers = {"Authorization": f"Bot {server.token}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for data, status, code in (
            (b"{", 400, 50109),
            (b"5", 400, 50109),
            (io.BytesIO(b"x" * (25 << 20 | 1)), 413, 40005),
        ):
            async with session.post(path, data=data) as answer:
                assert (answer.status, (await answer.json())["code"]) == (status, code)
        async with session.get(f"{server.api}/channels/news") as answer:
            assert (answer.status, (await answer.json())["code"]) == (400, 50035)


async def test_history_is_empty_without_the_permission_and_without_an_error(
    server: Discord, client: discord.Client
) -> None:
    guild = server.guild(permissions=ALL_NEEDED & ~Permission.READ_MESSAGE_HISTORY)
    place = client.get_partial_messageable(guild.channel("news").id)
    await place.send("one")
    assert [message async for message in place.history()] == []


async def test_an_edit_of_an_old_message_is_limited(server: Discord, client: discord.Client, clock: FakeTime) -> None:
    server.limits.off()
    server.limits.old_edit_wait = 0.001
    news = server.guild().channel("news")
    sent = await client.get_partial_messageable(news.id).send("one")
    clock.at += 3601
    for number in range(3):
        await sent.edit(content=f"edit {number}")
    with pytest.raises(discord.HTTPException) as caught:
        await sent.edit(content="one too many")
    assert (caught.value.status, caught.value.code) == (429, 30046)
    clock.at += 3601
    await sent.edit(content="fine again")
    assert server.record.messages[0].content == "fine again"


async def test_only_own_messages_are_edited(server: Discord, client: discord.Client) -> None:
    news = server.guild().channel("news")
    foreign = server.foreign_message(news, {"content": "mine"})
    with pytest.raises(discord.Forbidden) as caught:
        await client.get_partial_messageable(news.id).get_partial_message(foreign.id).edit(content="ours")
    assert caught.value.code == 50005


async def test_a_message_is_published_once(server: Discord, client: discord.Client) -> None:
    news = server.guild().channel("news", ANNOUNCEMENT)
    await client.get_partial_messageable(news.id).send("one")
    message = client.get_partial_messageable(news.id).get_partial_message(server.record.messages[0].id)
    server.limits.off()
    await message.publish()
    assert server.record.messages[0].crossposted
    with pytest.raises(discord.HTTPException) as caught:
        await message.publish()
    assert caught.value.code == 40033


async def test_a_deleted_message_is_gone_from_history_and_stays_in_the_record(
    server: Discord, client: discord.Client
) -> None:
    news = server.guild().channel("news")
    place = client.get_partial_messageable(news.id)
    await (await place.send("one")).delete()
    assert [message async for message in place.history()] == []
    assert [message.deleted for message in server.record.of(news)] == [True]
    with pytest.raises(discord.NotFound) as caught:
        await place.get_partial_message(server.record.messages[0].id).edit(content="two")
    assert caught.value.code == 10008


async def test_files_come_with_their_names(server: Discord, client: discord.Client) -> None:
    news = server.guild().channel("news")
    file = discord.File(io.BytesIO(b"\x89PNG\r\n\x1a\n\xff"), "card.png", description="A card")
    sent = await client.get_partial_messageable(news.id).send("one", file=file, nonce="n1")
    assert [(each.filename, each.description, each.size) for each in sent.attachments] == [("card.png", "A card", 9)]
    assert server.record.messages[0].body["nonce"] == "n1"


async def test_a_direct_message_reaches_who_lets_it(server: Discord, client: discord.Client) -> None:
    fan = server.guild().member("fan")
    data = await client.http.start_private_message(fan.id)
    await client.get_partial_messageable(int(data["id"])).send("one")
    fan.dms_closed = True
    with pytest.raises(discord.Forbidden) as caught:
        await client.get_partial_messageable(int(data["id"])).send("two")
    assert caught.value.code == 50007
