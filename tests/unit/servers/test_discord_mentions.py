"""Whom messages would notify, through the real discord.py: on create and on edit."""

import discord
import pytest

from tests.servers.discord.permissions import ALL_NEEDED, Permission
from tests.servers.discord.server import Discord
from tests.servers.discord.world import Channel, Guild

NOBODY = discord.AllowedMentions.none()
EVERYBODY = int(ALL_NEEDED | Permission.MENTION_EVERYONE)


@pytest.fixture
def guild(server: Discord) -> Guild:
    return server.guild(permissions=EVERYBODY)


@pytest.fixture
def news(guild: Guild) -> Channel:
    return guild.channel("news")


async def test_by_default_everything_pings(server: Discord, client: discord.Client, news: Channel) -> None:
    await client.get_partial_messageable(news.id).send(r"@everyone @here <@1> <@!2> <@&3> `<@4>` \<@5>")
    assert server.record.messages[0].pings == {"@everyone", "@here", "<@1>", "<@2>", "<@&3>", "<@4>", "<@5>"}


async def test_nobody_is_pinged_if_nobody_may_be(server: Discord, client: discord.Client, news: Channel) -> None:
    await client.get_partial_messageable(news.id).send("@everyone <@1> <@&3>", allowed_mentions=NOBODY)
    assert server.record.messages[0].pings == set()


async def test_only_the_named_role_is_pinged(
    server: Discord, client: discord.Client, guild: Guild, news: Channel
) -> None:
    fans, others = guild.role("fans"), guild.role("others")
    only = discord.AllowedMentions(everyone=False, users=False, roles=[discord.Object(fans.id)])
    await client.get_partial_messageable(news.id).send(f"<@&{fans.id}> <@&{others.id}>", allowed_mentions=only)
    assert server.record.messages[0].pings == {f"<@&{fans.id}>"}


async def test_without_the_permission_only_mentionable_roles_are_pinged(
    server: Discord, client: discord.Client
) -> None:
    guild = server.guild()
    fans, others = guild.role("fans", mentionable=True), guild.role("others")
    place = client.get_partial_messageable(guild.channel("news").id)
    await place.send(f"@everyone <@&{fans.id}> <@&{others.id}>")
    assert server.record.messages[0].pings == {f"<@&{fans.id}>"}


async def test_embeds_never_ping_and_text_displays_do(server: Discord, client: discord.Client, news: Channel) -> None:
    place = client.get_partial_messageable(news.id)
    await place.send(embed=discord.Embed(title="<@1>", description="@everyone"))
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay("<@1>"))
    await place.send(view=view)
    assert [message.pings for message in server.record.messages] == [set(), {"<@1>"}]


async def test_an_edited_view_pings_unless_it_is_told_not_to(
    server: Discord, client: discord.Client, news: Channel
) -> None:
    client._connection.allowed_mentions = NOBODY
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay("<@1>"))
    sent = await client.get_partial_messageable(news.id).send(view=view)
    [message] = server.record.messages
    await sent.edit(view=view, allowed_mentions=NOBODY)
    assert message.pings == set()
    await sent.edit(view=view)
    assert (message.pings, message.edit_pings) == ({"<@1>"}, {"<@1>"})
    assert [body.get("allowed_mentions") for body in message.edits] == [{"parse": []}, None]
