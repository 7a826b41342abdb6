"""A second opinion: our client on simcord, a simulator of Discord that others wrote around the real discord.py.

It knows no limits of rate and no wire, and checks no command's definition; of permissions, privacy and components it is
as strict as the other server.
"""

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.env import Env

from digestbot.platforms.discord.budget import Budget
from digestbot.platforms.discord.client import Events, NewsClient
from digestbot.platforms.discord.conversation import Conversation
from digestbot.platforms.discord.identifies import Identifies
from digestbot.platforms.discord.pages import bodies
from tests.fakes import FakeClock, FakeNotebook
from tests.unit.commands.world import NOW, World, real_renderer

API = "https://discord.com/api/v10"


@pytest.fixture
async def simcord_bot() -> NewsClient:
    """What simcord's own fixture, `simcord_env`, runs."""
    commands = World(renderer=real_renderer()).news
    return NewsClient(
        commands,
        Conversation(commands),
        Budget(API, 50),
        Identifies(FakeNotebook(), FakeClock(NOW)),
        Events(ready=lambda _client: None, joined=lambda _guild: None, left=lambda _guild: None),
        shard_count=1,
    )


async def place(env: Env, bot: NewsClient) -> tuple[ChannelHandle, MemberActor]:
    """A channel, and a member who may do what anybody may; our commands are known."""
    guild = env.create_guild()
    await bot.tree.sync()
    return guild.create_text_channel("news"), guild.add_member(env.create_user("Bob"))


async def test_a_command_is_answered_to_its_asker_alone(simcord_env: Env, simcord_bot: NewsClient) -> None:
    channel, bob = await place(simcord_env, simcord_bot)
    asked = await bob.slash(channel, "news latest")
    assert asked.response is not None
    assert asked.response.ephemeral
    assert asked.response.flags.components_v2


async def test_a_button_of_an_answer_answers_again(simcord_env: Env, simcord_bot: NewsClient) -> None:
    channel, bob = await place(simcord_env, simcord_bot)
    asked = await bob.slash(channel, "news story", story="gala-winners")
    assert asked.response is not None
    pressed = await bob.click(asked.response.message, label="Event")
    assert pressed.response is not None
    assert pressed.response.ephemeral


async def test_members_may_not_manage(simcord_env: Env, simcord_bot: NewsClient) -> None:
    channel, bob = await place(simcord_env, simcord_bot)
    asked = await bob.slash(channel, "news subscribe", what="all")
    assert asked.response is not None
    assert "Only those who manage this place" in str(asked.response.components)


async def test_a_card_is_taken_as_a_message(simcord_env: Env, simcord_bot: NewsClient) -> None:
    """It does not know nonces."""
    channel, _ = await place(simcord_env, simcord_bot)
    reply = await World(renderer=real_renderer()).ask("latest")
    (body,) = bodies(reply.card, "components", marker="a" * 24)
    parameters = discord.http.MultipartParameters({**body}, None, None)
    message = await simcord_bot.http.send_message(channel.id, params=parameters)
    assert message["flags"] == 1 << 15
