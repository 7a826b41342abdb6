"""Commands, completions and buttons through the real discord.py's app_commands."""

import asyncio

import aiohttp
import pytest

from tests.servers.discord.interaction import COMMAND, Interaction
from tests.servers.discord.options import Attachment
from tests.servers.discord.permissions import Permission
from tests.servers.discord.server import Discord
from tests.servers.discord.world import FORUM, Channel, Guild, Member
from tests.unit.servers.conftest import FakeTime, Start
from tests.unit.servers.newsroom import Newsroom

Place = tuple[Guild, Channel, Member]


@pytest.fixture
async def place(server: Discord, start: Start) -> Place:
    guild = server.guild("Film club")
    channel = guild.channel("news")
    await start(Newsroom())
    return guild, channel, guild.member("fan")


async def test_a_command_is_answered_in_private(server: Discord, place: Place) -> None:
    asked = await server.command(*place, "latest", count=2)
    [answer] = asked.messages
    assert asked.acknowledged == 4
    assert answer.ephemeral
    assert answer.reads == "Page 2\nsmall print\nMore (3/3)\nSource"
    assert answer.links == ["https://example.com/source"]
    assert server.record.of(place[1]) == []


async def test_a_button_shows_another_page(server: Discord, place: Place) -> None:
    [answer] = (await server.command(*place, "latest")).messages
    pressed = await server.press(answer, place[2], "More (2/3)")
    assert pressed.acknowledged == 7
    assert pressed.messages == [answer]
    assert answer.reads.startswith("Page 2")
    with pytest.raises(AssertionError, match="is a link"):
        await server.press(answer, place[2], "Source")
    with pytest.raises(AssertionError, match="sees this message"):
        await server.press(answer, place[0].member("somebody else"), "More (3/3)")


async def test_options_come_resolved(server: Discord, place: Place) -> None:
    guild, _, _ = place
    asked = await server.command(
        *place,
        "subscribe",
        "de",
        what="all",
        channel=guild.channel("films"),
        mention=guild.role("fans"),
        spoilers="Hide them",
        locale_="fr",
    )
    [answer] = await asked.shown()
    assert asked.acknowledged == 5
    assert answer.content == "all films fans hide fr de"
    assert answer.ephemeral


async def test_what_no_member_could_send_is_a_fault_of_the_test(server: Discord, place: Place) -> None:
    guild = place[0]
    for verb, options, words in (
        ("subscribe", {}, r"requires \['what'\]"),
        ("subscribe", {"what": 5}, "what is a text, not 5"),
        ("subscribe", {"what": "all", "where": "here"}, r"has no option \['where'\]"),
        ("subscribe", {"what": "all", "spoilers": "no"}, "spoilers is one of"),
        ("subscribe", {"what": "all", "channel": guild.channel("posts", FORUM)}, "takes channels of types"),
        ("latest", {"count": 6}, "count is at most 5"),
        ("latest", {"count": 1.5}, "count is a whole number"),
        ("nothing", {}, "has no 'nothing'"),
    ):
        with pytest.raises(AssertionError, match=words):
            await server.command(*place, verb, **options)


async def test_a_file_can_be_read(server: Discord, place: Place) -> None:
    asked = await server.command(*place, "import", file=Attachment("list.yaml", b"a: 1"))
    assert [message.content for message in asked.messages] == ["list.yaml: a: 1"]


async def test_completions_are_checked_and_given(server: Discord, place: Place) -> None:
    assert await server.autocomplete(*place, "subscribe", "what", "mus") == [{"name": "mus…", "value": "topic:mus"}]
    with pytest.raises(AssertionError, match="completes no option locale"):
        await server.autocomplete(*place, "subscribe", "locale", "d")


async def test_after_three_seconds_nobody_waits(server: Discord, start: Start, clock: FakeTime) -> None:
    guild = server.guild()
    client = Newsroom()
    await start(client)
    waiting = asyncio.create_task(server.command(guild, guild.channel("news"), guild.member("fan"), "never"))
    await client.asked.wait()
    clock.at += 3.1
    asked = await waiting
    assert asked.acknowledged is None
    assert asked.error == "The application did not respond"
    client.never.set()
    assert await client.refused == 10062
    assert asked.messages == []


async def test_a_second_answer_is_refused_and_a_follow_up_is_not(server: Discord, place: Place) -> None:
    asked = await server.command(*place, "twice")
    first, second = await asked.shown(2)
    assert (first.content, first.ephemeral, first.pings) == ("one <@5> @everyone", False, {"<@5>"})
    assert (second.content, second.ephemeral) == ("40060", True)
    assert server.record.of(place[1]) == [first]


async def test_a_command_tells_whose_rights_are_whose(server: Discord, start: Start) -> None:
    guild = server.guild(permissions=int(Permission.VIEW_CHANNEL))
    client = Newsroom()
    await start(client)
    chief = guild.member("chief", permissions=int(Permission.MANAGE_GUILD))
    asked = asyncio.create_task(client.wait_for("interaction", timeout=5))
    await asyncio.sleep(0)
    await server.command(guild, guild.channel("news"), chief, "latest")
    interaction = await asked
    assert interaction.permissions.manage_guild
    assert interaction.permissions.send_messages
    assert interaction.app_permissions.value == int(Permission.VIEW_CHANNEL)
    assert interaction.is_guild_integration()


async def test_a_command_works_in_direct_messages(server: Discord, place: Place) -> None:
    asked = await server.command(None, None, place[2], "latest")
    assert [message.channel.recipient for message in asked.messages] == [place[2].user]


async def ask(server: Discord, method: str, path: str, **json: object) -> tuple[int, int | None]:
    """The status and the code of a plain request."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, server.api + path, json=json or None) as answer,
    ):
        told = await answer.json() if answer.status != 204 else {}
        return answer.status, told.get("code")


def started(server: Discord, place: Place) -> Interaction:
    """One that no shard hears of."""
    return server._interactions.start(COMMAND, place[:2], place[2].user, {"name": "none", "options": []})


async def test_a_deferred_answer_may_be_filled_for_fifteen_minutes(server: Discord, clock: FakeTime) -> None:
    guild = server.guild()
    asked = started(server, (guild, guild.channel("news"), guild.member("fan")))
    answers = f"/webhooks/{server.application_id}/{asked.token}"
    callback = f"/interactions/{asked.id}/{asked.token}/callback"
    assert await ask(server, "PATCH", f"{answers}/messages/@original", content="x") == (404, 10015)
    assert await ask(server, "POST", callback, type=5, data={"flags": 64 | 1 << 15}) == (400, 50035)
    assert await ask(server, "POST", callback, type=7, data={"content": "x"}) == (400, 50035)
    assert await ask(server, "POST", callback, type=5, data={"flags": 64}) == (204, None)
    assert await ask(server, "POST", callback, type=5) == (400, 40060)
    assert asked.messages == []
    assert await ask(server, "PATCH", f"{answers}/messages/@original", content="") == (400, 50006)
    clock.at += 900
    assert await ask(server, "POST", answers, content="filled") == (200, None)
    assert [(message.content, message.ephemeral) for message in asked.messages] == [("filled", True)]
    assert await ask(server, "POST", answers, content="public") == (200, None)
    assert [message.content for message in server.record.of(asked.channel)] == ["public"]
    assert await ask(server, "DELETE", f"{answers}/messages/@original") == (204, None)
    assert await ask(server, "GET", f"{answers}/messages/@original") == (404, 10008)
    clock.at += 1
    assert await ask(server, "POST", answers, content="too late") == (401, 50027)
    assert await ask(server, "POST", f"/webhooks/5/{asked.token}", content="x") == (404, 10015)


async def test_a_deferral_that_is_never_filled_shows_as_a_failure(server: Discord, clock: FakeTime) -> None:
    guild = server.guild()
    asked = started(server, (guild, guild.channel("news"), guild.member("fan")))
    await ask(server, "POST", f"/interactions/{asked.id}/{asked.token}/callback", type=5)
    assert asked.error is None
    clock.at += 901
    assert asked.error == "The application did not respond"


async def test_a_form_is_checked(server: Discord) -> None:
    guild = server.guild()
    asked = started(server, (guild, guild.channel("news"), guild.member("fan")))
    callback = f"/interactions/{asked.id}/{asked.token}/callback"
    form = {"title": "t" * 46, "custom_id": "form", "components": [{"type": 18}]}
    assert await ask(server, "POST", callback, type=9, data=form) == (400, 50035)
    assert await ask(server, "POST", callback, type=9, data={**form, "title": "t" * 45}) == (204, None)
    assert asked.modal == {**form, "title": "t" * 45}
