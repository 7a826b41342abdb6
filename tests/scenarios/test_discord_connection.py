"""The lives of the connection to Discord: whatever ends one has a defined outcome and a line that says what to do."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from digestbot.bootstrap import Bot, make_bot
from digestbot.domain.delivery import DeliveryState
from digestbot.errors import StartupError
from digestbot.ports import Platform
from digestbot.settings import load_settings
from tests.scenarios.discord_stage import MANAGE, Stage, environment, running, stage
from tests.scenarios.homes import answers_soon, make_home, started, true_soon, write_story
from tests.servers.discord.faults import Fault, Kind
from tests.servers.discord.server import Discord


async def says(platform: Platform, words: str) -> bool:
    return words in (await platform.check() or "")


async def active(bot: Bot, count: int) -> bool:
    """Whether so many subscriptions would get a story now."""
    return len(await bot.subscriptions.instant(["all"], "", 10)) == count


async def is_in(state: str, there: Stage) -> bool:
    return state in await there.states()


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, "one") as ready:
        yield ready


async def test_only_the_intent_for_servers_is_asked_for(there: Stage) -> None:
    assert there.discord.intents == 1


async def test_a_token_that_discord_never_took_ends_the_start_with_what_to_do(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    async with Discord() as discord:
        given = environment(discord, DIGESTBOT_DISCORD__TOKEN="wrong")
        async with make_bot(load_settings(home, given)) as bot:
            with pytest.raises(StartupError, match="Reset Token"):
                await bot.app.run(asyncio.Event())


async def test_a_revoked_token_stops_all_sends_within_one_request_and_keeps_what_is_due(there: Stage) -> None:
    await there.ask("subscribe", admin=True, what="all")
    there.discord.token = "another"
    before = len(there.discord.record.to("create_message"))
    for number in range(5):
        there.write(f"late-{number}")
    platform = there.bot.app.platforms[0]
    await answers_soon(lambda: says(platform, "Reset Token"))
    await asyncio.sleep(0.3)
    assert len(there.discord.record.to("create_message")) - before == 1, "one channel has one lane, so one request"
    assert "posted" not in await there.states()
    assert there.discord.record.invalid <= 2


async def test_a_first_connection_that_fails_is_tried_again(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    async with Discord() as discord:
        discord.faults.plan(Fault(Kind.RESET, "me"), Fault(Kind.CLOUDFLARE, "me", status=403))
        async with running(home, discord):
            assert len(discord.record.to("me")) == 3


@pytest.mark.parametrize("how", ["cut", "reconnect", "resumable"])
async def test_a_lost_connection_is_resumed_and_misses_nothing(there: Stage, how: str) -> None:
    if how == "cut":
        there.discord.drop()
    elif how == "reconnect":
        there.discord.reconnect()
    else:
        there.discord.invalidate(resumable=True)
    other = there.guild.channel("made meanwhile")
    await there.until(lambda: there.discord.record.resumes)
    assert "#made meanwhile will get" in await there.ask("subscribe", admin=True, what="all", channel=other)
    assert len(there.discord.record.identifies) == 1


async def test_an_invalid_session_is_begun_anew(there: Stage) -> None:
    there.discord.limits.identify_interval = 0.0
    there.discord.invalidate()
    await there.until(lambda: len(there.discord.record.identifies) == 2)
    await there.discord.wait_ready()
    assert "Headline of one" in await there.ask("latest")


async def test_a_payload_that_breaks_the_library_begins_a_new_life(there: Stage) -> None:
    there.discord.limits.identify_interval = 0.0
    with capture_logs() as logs:
        there.discord.send_raw(0, {"op": 0, "t": "CHANNEL_UPDATE", "s": 99, "d": {"type": 0, "guild_id": "what"}})
        await there.until(lambda: len(there.discord.record.identifies) == 2)
    (line,) = [line for line in logs if line["event"] == "discord.crashed"]
    assert line["next"] == "report this if it happens again"
    await there.discord.wait_ready()
    assert "Headline of one" in await there.ask("latest")


async def test_sessions_that_are_nearly_spent_are_not_spent(tmp_path: Path) -> None:
    """Discord would reset the token: the bot waits, and says why."""
    home = make_home(tmp_path / "home")
    async with Discord() as discord:
        discord.limits.identifies = 1
        with capture_logs() as logs:
            async with started(home, environment(discord)):
                await true_soon(lambda: [line for line in logs if line["event"] == "discord.sessions_spent"])
        assert discord.record.identifies == []


async def test_an_outage_of_a_server_loses_nothing_and_deletes_nothing(there: Stage) -> None:
    await there.ask("subscribe", admin=True, what="all")
    there.discord.make_unavailable(there.guild)
    client = there.bot.app.platforms[0]._connection.client  # type: ignore[attr-defined]  # to see that it has heard
    await there.until(lambda: client.get_guild(there.guild.id) is None or client.get_guild(there.guild.id).unavailable)
    there.write("two")
    await there.until(lambda: there.bot.library.get("two"))
    await answers_soon(lambda: is_in("waiting", there))
    (known,) = await there.bot.subscriptions.of_tenant("discord", str(there.guild.id))
    (row,) = await there.bot.ledger.of_subscription(known.id)
    assert (row.state, row.error) == (DeliveryState.WAITING, "Discord says that this server is unavailable for now")
    there.discord.make_available(there.guild)
    await there.until(lambda: not client.get_guild(there.guild.id).unavailable)
    assert "#news" in await there.ask("subscriptions", admin=True)


async def test_a_removal_stops_posting_at_once_and_coming_back_goes_on_from_then(there: Stage) -> None:
    await there.ask("subscribe", admin=True, what="all")
    (known,) = await there.bot.subscriptions.of_tenant("discord", str(there.guild.id))
    there.discord.remove_guild(there.guild)
    await answers_soon(lambda: active(there.bot, 0))
    there.write("meanwhile")
    await there.until(lambda: there.bot.library.get("meanwhile"))
    await asyncio.sleep(0.2)
    assert await there.bot.ledger.of_subscription(known.id) == []


async def test_a_removal_while_we_were_away_is_noticed_at_the_next_start(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write_story(home, "one")
    async with Discord() as discord:
        discord.limits.identify_interval = 0.0
        stays, leaves = discord.guild("Stays"), discord.guild("Leaves")
        async with running(home, discord):
            for guild in (stays, leaves):
                channel, admin = guild.channel("news"), guild.member("Ada", permissions=MANAGE)
                asked = await discord.command(guild, channel, admin, "subscribe", what="all")
                await asked.shown()
        discord.remove_guild(leaves)
        async with running(home, discord) as bot:
            await answers_soon(lambda: active(bot, 1))
            (known,) = await bot.subscriptions.instant(["all"], "", 10)
            assert known.place.tenant == str(stays.id)


async def test_another_applications_token_marks_nobody_as_removed(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    async with Discord() as first:
        guild = first.guild("The Guild")
        channel, admin = guild.channel("news"), guild.member("Ada", permissions=MANAGE)
        async with running(home, first):
            await (await first.command(guild, channel, admin, "subscribe", what="all")).shown()
    async with Discord() as second, started(home, environment(second)) as bot:
        await answers_soon(lambda: says(bot.app.platforms[0], "another application"))
        assert await active(bot, 1)


async def test_commands_are_sent_to_discord_once_and_again_only_when_they_change(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    async with Discord() as discord:
        discord.limits.identify_interval = 0.0
        for _ in range(2):
            async with running(home, discord):
                pass
        assert len([each for each in discord.record.requests if each.method == "PUT"]) == 1


async def test_commands_are_acknowledged_in_time_while_the_database_is_blocked(there: Stage) -> None:
    """Held for longer than Discord's three seconds: reading is answered from memory, writing is announced."""
    database = there.bot.ledger._database  # type: ignore[attr-defined]  # its lock is what everybody waits for
    async with database._lock:
        read = await there.discord.command(there.guild, there.news, there.member, "latest")
        wrote = await there.discord.command(there.guild, there.news, there.admin, "subscribe", what="all")
        assert (read.error, wrote.error) == (None, None)
        (answer,) = await read.shown()
        assert "Headline of one" in answer.reads
        choices = await there.discord.autocomplete(there.guild, there.news, there.member, "story", "story", "on")
        assert [choice["value"] for choice in choices] == ["one"]
        assert wrote.messages == []
    (answer,) = await wrote.shown()
    assert "#news will get" in answer.reads


async def test_a_mistake_in_an_answer_that_was_announced_to_everybody_reaches_its_asker_alone(there: Stage) -> None:
    database = there.bot.ledger._database  # type: ignore[attr-defined]  # as above
    async with database._lock:
        asked = await there.discord.command(there.guild, there.news, there.member, "story", story="onne", share=True)
        assert (asked.error, asked.acknowledged) == (None, 5), "it was announced"
    await there.until(lambda: [each.ephemeral for each in asked.messages] == [True])
    assert "There is no story ‘onne’. Did you mean ‘one’?" in asked.messages[-1].reads


async def test_a_stop_lets_answers_in_hand_come_to_their_end(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write_story(home, "one")
    async with Discord() as discord:
        guild = discord.guild("The Guild")
        news, admin = guild.channel("news"), guild.member("Ada", permissions=MANAGE)
        async with running(home, discord) as bot:
            database = bot.ledger._database  # type: ignore[attr-defined]  # as above
            await database._lock.acquire()
            asked = await discord.command(guild, news, admin, "subscribe", what="all")
            assert asked.messages == []
            asyncio.get_running_loop().call_later(0.5, database._lock.release)
        (answer,) = await asked.shown()
        assert "#news will get" in answer.reads


async def test_members_of_a_large_bot_are_served_by_all_its_shards(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write_story(home, "one")
    async with Discord() as discord:
        discord.limits.shards = 3
        discord.limits.max_concurrency = 3
        discord.limits.identify_interval = 0.0
        guilds = [discord.guild(f"Guild {number}") for number in range(4)]
        async with running(home, discord, DIGESTBOT_DISCORD__SHARD_COUNT="3"):
            await discord.wait_ready(3)
            for guild in guilds:
                channel, member = guild.channel("news"), guild.member("Bob")
                (answer,) = await (await discord.command(guild, channel, member, "latest")).shown()
                assert "Headline of one" in answer.reads
        assert sorted(each["shard"][0] for each in discord.record.identifies) == [0, 1, 2]


async def test_a_process_may_run_some_of_the_shards(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    environ = {"DIGESTBOT_DISCORD__SHARD_COUNT": "4", "DIGESTBOT_DISCORD__SHARD_IDS": "1,3"}
    async with Discord() as discord:
        discord.limits.identify_interval = 0.0
        async with running(home, discord, **environ):
            await discord.wait_ready(2)
        assert [each["shard"] for each in discord.record.identifies] == [[1, 4], [3, 4]]
        assert discord.record.to("put_commands") == []
