"""A command tree as Discord takes it: names, sizes and the order of options."""

from typing import Any

import discord
import pytest

from tests.servers.discord.commands import Commands, check
from tests.servers.discord.refusals import Refusal
from tests.servers.discord.server import Discord
from tests.servers.discord.snowflakes import Snowflakes
from tests.unit.servers.newsroom import Newsroom

Json = dict[str, Any]


def command(**more: object) -> Json:
    return {"name": "news", "description": "News", **more}


def option(name: str = "what", **more: object) -> Json:
    return {"type": 3, "name": name, "description": "What", **more}


def options(*listed: Json) -> Json:
    return command(options=list(listed))


TAKEN = [
    command(name="n" * 32, description="d" * 100),
    command(name="nachrichten-ü_1"),
    options(*[option(f"option-{number}") for number in range(25)]),
    options(option("one", required=True), option("two")),
    options(option(choices=[{"name": "n" * 100, "value": "v" * 100}] * 25)),
    options(option(type=4, choices=[{"name": "one", "value": 1}], min_value=1)),
    options({"type": 2, "name": "group", "description": "d", "options": [option("sub", type=1, options=[option()])]}),
    options(option(min_length=0, max_length=6000)),
    {"name": "A user's menu", "type": 2},
]

REFUSED = [
    command(name=""),
    command(name="n" * 33),
    command(name="News"),
    command(name="two words"),
    command(description=""),
    command(description="d" * 101),
    command(name_localizations={"de": "Neues"}),
    options(*[option(f"option-{number}") for number in range(26)]),
    options(option("one"), option("two", required=True)),
    options(option("one"), option("one")),
    options(option(type=12)),
    options(option(choices=[{"name": "x", "value": "v"}] * 26)),
    options(option(choices=[{"name": "x", "value": 1}])),
    options(option(choices=[{"name": "n" * 101, "value": "v"}])),
    options(option(choices=[{"name": "x", "value": "v"}], autocomplete=True)),
    options(option(type=4, choices=[{"name": "x", "value": 2**53 + 1}])),
    options(option("sub", type=1, options=[]), option("plain")),
    options(option("sub", type=1, options=[option("deep", type=2, options=[])])),
    options(option(max_length=6001)),
]


@pytest.mark.parametrize("taken", TAKEN, ids=range(len(TAKEN)))
def test_a_good_command_is_taken(taken: Json) -> None:
    check([taken])


@pytest.mark.parametrize("refused", REFUSED, ids=range(len(REFUSED)))
def test_a_wrong_command_is_refused(refused: Json) -> None:
    with pytest.raises(Refusal) as caught:
        check([refused])
    assert caught.value.code == 50035
    assert set(caught.value.body["errors"]) == {"0"}


def test_a_command_holds_8000_characters_in_all() -> None:
    choices = [{"name": "n" * 100, "value": "v" * 100}] * 25
    one, two = option("a", description="d" * 100, choices=choices), option("b", choices=choices[:14])
    check([options(one, {**two, "description": "d" * 90})])
    with pytest.raises(Refusal):
        check([options(one, {**two, "description": "d" * 91})])
    with pytest.raises(Refusal):
        check([options(one, {**two, "description": "d" * 90, "description_localizations": {"de": "d" * 91}})])


def test_names_are_unique_and_100_at_most() -> None:
    with pytest.raises(Refusal):
        check([command(), command()])
    check([command(name=f"news-{number}") for number in range(100)])
    with pytest.raises(Refusal):
        check([command(name=f"news-{number}") for number in range(101)])


def test_an_unchanged_command_keeps_its_id_and_costs_no_create() -> None:
    commands = Commands(Snowflakes(lambda: 1_790_000_000.0), 1)
    first = commands.overwrite(None, [command()])
    again = commands.overwrite(None, [command(description="Other")])
    assert (again[0]["id"], again[0]["description"], commands.created) == (first[0]["id"], "Other", 1)
    for number in range(199):
        commands.overwrite(None, [command(name=f"news-{number}")])
    with pytest.raises(Refusal) as caught:
        commands.overwrite(None, [command(name="one-too-many")])
    assert caught.value.code == 30034


async def test_a_tree_is_synced_and_fetched(server: Discord) -> None:
    guild = server.guild()
    async with Newsroom() as client:
        await client.login(server.token)
        [fetched] = await client.tree.fetch_commands()
        assert {each.name for each in fetched.options} == {"latest", "subscribe", "import", "never", "twice"}
        assert await client.tree.fetch_commands(guild=discord.Object(guild.id)) == []
        await client.tree.sync(guild=discord.Object(guild.id))
        with pytest.raises(discord.Forbidden):
            await client.tree.sync(guild=discord.Object(5))
