import pytest

from digestbot.commands.verbs import VERBS
from tests.unit.commands.world import ADMIN, MEMBER, World


async def test_help_lists_what_this_member_may_use(world: World) -> None:
    told = await world.told("help", MEMBER)
    assert told.splitlines()[:3] == [
        "What you can ask",
        "/news latest event: The newest stories",
        "/news story story: One story",
    ]
    assert "subscribe" not in told
    assert "digest" not in told
    assert "/news subscribe what: Have stories posted to a channel" in await world.told("help", ADMIN)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if not verb.hidden], ids=lambda verb: verb.name)
async def test_help_of_a_verb_shows_each_option_with_an_example(world: World, verb: object) -> None:
    name = getattr(verb, "name", "")
    told = await world.told(f"help {name}")
    assert told.startswith(f"/news {name}\n")
    for option in getattr(verb, "options", ()):
        assert any(line.startswith(option.name) and f"{option.name}:" in line for line in told.splitlines())
    assert f"\n/news {name}" in told[1:], "there is an example"


async def test_help_of_an_admin_s_verb_is_for_admins(world: World) -> None:
    assert await world.told("help subscribe", MEMBER) == (
        "There is no command ‘subscribe’ for you here. `/news help` lists what you can use."
    )


async def test_help_of_an_unknown_verb_gets_a_hint(world: World) -> None:
    assert await world.told("help lates", MEMBER) == (
        "There is no command ‘lates’ for you here. Did you mean ‘latest’?"
    )
    assert (await world.told("help subscrib", MEMBER)).endswith("`/news help` lists what you can use.")


async def test_privacy_says_what_is_stored(world: World) -> None:
    told = await world.told("privacy", MEMBER)
    assert "the id of the member who made each subscription" in told
    assert "messages, names and lists of members" in told
