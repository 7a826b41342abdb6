"""Channels that stop working and come back, and platforms that are away, at whole bots."""

from pathlib import Path

import aiohttp

from digestbot.bootstrap import Bot
from digestbot.domain.place import Place
from tests.scenarios import discord_stage, slack_stage
from tests.scenarios.homes import answers_soon
from tests.servers.discord.faults import Fault, Kind
from tests.servers.discord.permissions import Permission


async def test_a_channel_that_loses_its_permission_is_left_alone_said_and_taken_back(tmp_path: Path) -> None:
    async with discord_stage.stage(tmp_path) as there:
        await there.ask("subscribe", admin=True, what="all")
        there.discord.set_permissions(there.news, deny=Permission.SEND_MESSAGES)
        for id_ in ("one", "two", "three", "four"):
            there.write(id_)
        await _keep_trying(there.bot, Place("discord", str(there.guild.id), str(there.news.id)))
        direct = there.discord.world.direct_channel(there.admin.user)
        (told,) = await there.messages(channel=direct)
        assert "Nothing can be posted to #news" in told.reads
        assert "digestbot misses the permission Send Messages in #news" in told.reads
        assert set(await there.states()) <= {"waiting", "planned"}
        status = await there.asked("status", admin=True)
        assert "#news has been left alone since" in status.reads
        assert "Left alone for now" in await there.ask("subscriptions", admin=True)
        assert there.discord.record.invalid == 0

        await there.discord.press(status, there.admin, "Try now")
        await answers_soon(lambda: _has_probed(there, 1))
        assert there.posted(there.news) == []

        there.discord.set_permissions(there.news, deny=0)
        await there.discord.press(status, there.admin, "Try now")
        posted = await there.messages(5)
        (word,) = [message for message in posted if "Posting works again" in message.reads]
        assert word.pings == set()
        cards = {
            id_: sum(f"Headline of {id_}" in each.reads for each in posted) for id_ in ("one", "two", "three", "four")
        }
        assert cards == {"one": 1, "two": 1, "three": 1, "four": 1}
        assert "left alone" not in await there.ask("status", admin=True)
        assert len(there.posted(direct)) == 1


async def test_an_archived_channel_is_asked_three_times_and_then_now_and_then(tmp_path: Path) -> None:
    async with slack_stage.stage(tmp_path) as there:
        await there.ask("subscribe all", admin=True)
        there.news.archived = True
        for id_ in ("one", "two", "three", "four", "five"):
            there.write(id_)
        await _keep_trying(there.bot, Place("slack", there.team.id, there.news.id))
        await there.until(lambda: "Nothing can be posted to #news" in _direct(there))
        assert "the channel is archived" in _direct(there)
        assert there.posted(there.news) == []
        refused = [call for call in there.slack.record.asked("chat.postMessage") if call.answer == "is_archived"]
        assert len(refused) == 3

        there.news.archived = False
        status = await there.asked("status", admin=True)
        assert "the channel is archived" in status.reads
        await there.press(status, there.admin, "Try now")
        posted = await there.messages(6)
        assert sum("Posting works again" in each.reads for each in posted) == 1
        assert sum("Headline of" in each.reads for each in posted) == 5


async def test_an_outage_of_the_platform_is_said_to_operators_and_admins_and_quarantines_nobody(tmp_path: Path) -> None:
    async with discord_stage.stage(tmp_path) as there:
        channels = [there.guild.channel(f"news-{number}") for number in range(6)]
        for channel in channels:
            await there.ask("subscribe", admin=True, what="all", channel=channel)
        there.discord.faults.stand(Fault(Kind.REFUSE, "create_message", status=503))
        there.write("one")
        await answers_soon(lambda: _is_away(there.bot.url))
        assert "Discord does not answer" in await there.ask("status", admin=True)
        asked = len(there.discord.record.to("create_message"))
        there.write("two")
        await there.until(lambda: there.bot.library.get("two"))
        there.discord.faults.clear()
        for channel in channels:
            posted = await there.messages(2, channel)
            assert sorted("Headline of one" in each.reads for each in posted) == [False, True]
        assert asked <= 8, "six channels, and a probe or two"
        assert not await _is_away(there.bot.url)
        assert "left alone" not in await there.ask("status", admin=True)


async def _keep_trying(bot: Bot, place: Place) -> None:
    """As the minutes between the tries would, until the channel is left alone."""

    async def is_left_alone() -> bool:
        await bot.ledger.hasten(place, bot.clock.now())
        return await bot.quarantines.get(place) is not None

    await answers_soon(is_left_alone)


async def _has_probed(there: discord_stage.Stage, probes: int) -> bool:
    known = await there.bot.quarantines.get(Place("discord", str(there.guild.id), str(there.news.id)))
    return known is not None and known.probes == probes


def _direct(there: slack_stage.Stage) -> str:
    """Everything in direct messages."""
    return "\n".join(message.reads for message in there.slack.record.messages if message.channel.startswith("D"))


async def _is_away(url: str) -> bool:
    async with aiohttp.ClientSession() as browser, browser.get(f"{url}readyz") as answer:
        reasons: dict[str, str] = (await answer.json())["reasons"]
        return "Discord does not answer" in reasons.get("discord", "")
