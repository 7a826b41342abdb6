"""The flows of a whole bot on Discord: files and commands in, messages out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenarios.discord_stage import MANAGE, Stage, running, stage
from tests.scenarios.homes import make_home, true_soon, write_story
from tests.servers.discord.server import Discord


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, "one", "two") as ready:
        yield ready


async def test_a_subscription_posts_the_latest_and_then_what_comes(there: Stage) -> None:
    answer = await there.ask("subscribe", admin=True, what="all", latest=True)
    assert "news" in answer
    (first,) = await there.messages()
    assert "Headline of two" in first.reads
    assert "“Words of two”" in first.reads
    assert "Winner of two" in first.reads
    there.write("three")
    _, second = await there.messages(2)
    assert "Headline of three" in second.reads
    assert [message.pings for message in (first, second)] == [set(), set()]


async def test_a_corrected_story_changes_its_message_and_says_so(there: Stage) -> None:
    await there.ask("subscribe", admin=True, what="all", latest=True)
    (message,) = await there.messages()
    there.write("two", headline="Another headline", corrections="[{at: 2026-01-02T09:00:00Z, note: The headline}]")
    await there.until(lambda: "Another headline" in message.reads)
    assert "Corrected" in message.reads
    assert len(await there.messages()) == 1


async def test_a_retracted_story_is_withdrawn_from_its_message(there: Stage) -> None:
    await there.ask("subscribe", admin=True, what="all", latest=True)
    (message,) = await there.messages()
    there.write("two", status="retracted")
    await there.until(lambda: "Winner of two" not in message.reads)
    assert "withdrawn" in message.reads.casefold()


async def test_hidden_results_stay_behind_the_spoiler_until_a_button_is_pressed(there: Stage) -> None:
    await there.ask("subscribe", admin=True, what="all", latest=True, spoilers="hide")
    (message,) = await there.messages()
    assert "Winner of two" not in message.reads
    assert "Headline of two" not in message.reads
    assert "Winner of two" in message.hidden


async def test_a_role_is_mentioned_once_and_edits_mention_nobody(there: Stage) -> None:
    role = there.guild.role("music", mentionable=True)
    await there.ask("subscribe", admin=True, what="all", latest=True, mention="@music")
    (message,) = await there.messages()
    assert message.pings == {f"<@&{role.id}>"}
    there.write("two", headline='"@everyone @here Another"')
    await there.until(lambda: "Another" in message.reads)
    assert message.edit_pings == set()


async def test_buttons_answer_whoever_presses_them_alone(there: Stage) -> None:
    await there.ask("subscribe", admin=True, what="all", latest=True)
    (message,) = await there.messages()
    pressed = await there.discord.press(message, there.member, "All winners")
    (answer,) = await pressed.shown()
    assert answer.ephemeral
    assert "Winner of one" in answer.reads
    assert "Winner of two" in answer.reads


async def test_buttons_survive_a_restart_of_the_bot(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write_story(home, "one")
    async with Discord() as discord:
        guild = discord.guild("The Guild")
        news, admin = guild.channel("news"), guild.member("Ada", permissions=MANAGE)
        async with running(home, discord):
            await discord.command(guild, news, admin, "subscribe", what="all", latest=True)
            await true_soon(lambda: [each for each in discord.record.of(news) if not each.interaction])
        async with running(home, discord):
            (message,) = [each for each in discord.record.of(news) if not each.interaction]
            pressed = await discord.press(message, admin, "Event")
            (answer,) = await pressed.shown()
            assert "The Gala" in answer.reads
