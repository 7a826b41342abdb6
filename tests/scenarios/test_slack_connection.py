"""The lives of the connection to Slack: tokens, sockets and requests that fail in every way, and what is said of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from structlog.testing import capture_logs

from digestbot.bootstrap import Bot, make_bot
from digestbot.domain.delivery import DeliveryState
from digestbot.errors import StartupError
from digestbot.platforms.slack.scopes import SCOPES
from digestbot.ports import Platform
from digestbot.settings import load_settings
from tests.scenarios.homes import answers_soon, make_home, true_soon, write_story
from tests.scenarios.slack_stage import Stage, answer_to, environment, free_port, install, running, stage
from tests.servers.slack.courier import Via
from tests.servers.slack.faults import Fault, Kind
from tests.servers.slack.malformed import corpus
from tests.servers.slack.server import Slack

VIA: tuple[Via, ...] = ("socket", "http")


async def says(platform: Platform, words: str) -> bool:
    return words in (await platform.check() or "")


async def active(bot: Bot, count: int) -> bool:
    """Whether so many subscriptions would get a story now."""
    return len(await bot.subscriptions.instant(["all"], "", 10)) == count


async def is_in(state: str, there: Stage) -> bool:
    return state in await there.states()


@pytest.fixture(params=VIA)
async def there(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, "one", via=request.param) as ready:
        yield ready


@pytest.mark.parametrize("token", ["BOT_TOKEN", "APP_TOKEN"])
async def test_a_token_that_slack_never_took_ends_the_start_with_what_to_do(tmp_path: Path, token: str) -> None:
    home = make_home(tmp_path / "home")
    async with Slack() as slack:
        slack.workspace("Team")
        wrong = "xapp-wrong" if token == "APP_TOKEN" else "xoxb-wrong"
        given = {**environment(slack, "socket"), f"DIGESTBOT_SLACK__{token}": wrong}
        async with make_bot(load_settings(home, given)) as bot:
            with pytest.raises(StartupError, match=f"set DIGESTBOT_SLACK__{token} to"):
                await bot.app.run(asyncio.Event())


async def test_a_slack_that_cannot_be_reached_at_first_is_tried_again(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    async with Slack() as slack:
        slack.workspace("Team")
        slack.faults.plan(Fault(Kind.STATUS, "auth.test"), Fault(Kind.RESET, "apps.connections.open"))
        async with running(home, slack):
            assert len(slack.record.asked("auth.test")) == 2
            assert len(slack.record.asked("apps.connections.open")) == 2


async def test_what_is_due_before_slack_knows_us_is_posted_soon_after(tmp_path: Path) -> None:
    """A workspace that is not known yet is no workspace that removed us, which is asked again in ten minutes."""
    home = make_home(tmp_path / "home")
    write_story(home, "one")
    async with Slack() as slack:
        team = slack.workspace("Team")
        team.scopes = set(SCOPES)
        news, ada = team.channel("news"), team.user("Ada", admin=True)
        async with running(home, slack):
            await answer_to(await slack.command(team, news, ada, "subscribe all"))
        write_story(home, "two")
        slack.faults.plan(Fault(Kind.STATUS, "auth.test"))
        async with running(home, slack) as bot:
            await true_soon(lambda: "Headline of two" in "".join(slack.record.texts(news.id)))
            (row,) = await bot.ledger.of_story("two", "slack", team.id)
            assert row.failures == 0


@pytest.mark.parametrize("how", ["refresh", "drop"])
async def test_a_socket_that_ends_is_followed_by_another(tmp_path: Path, how: str) -> None:
    async with stage(tmp_path, "one") as there:
        (first,) = there.slack.sockets.connections
        await (there.slack.sockets.disconnect() if how == "refresh" else there.slack.sockets.drop())
        await there.until(lambda: there.slack.sockets.connections and first not in there.slack.sockets.connections)
        assert "Headline of one" in await there.ask("latest")


async def test_a_revoked_token_stops_all_sends_within_one_request_and_keeps_what_is_due(tmp_path: Path) -> None:
    async with stage(tmp_path, "one") as there:
        await there.ask("subscribe all", admin=True)
        there.team.token_state = "token_revoked"
        before = len(there.slack.record.asked("chat.postMessage"))
        for number in range(5):
            there.write(f"late-{number}")
        (platform,) = there.bot.app.platforms
        await answers_soon(lambda: says(platform, "install digestbot again"))
        await asyncio.sleep(0.3)
        assert len(there.slack.record.asked("chat.postMessage")) - before == 1
        assert "posted" not in await there.states()


async def test_a_removal_stops_posting_at_once_and_coming_back_goes_on_from_then(tmp_path: Path) -> None:
    async with stage(tmp_path, "one", via="http") as there:
        await there.ask("subscribe all", admin=True)
        await there.slack.uninstall(there.team, via="http")
        await answers_soon(lambda: active(there.bot, 0))
        there.write("meanwhile")
        await there.until(lambda: there.bot.library.get("meanwhile"))
        assert "An admin types" in await install(there.bot, there.slack, there.team)
        await answers_soon(lambda: active(there.bot, 1))
        there.write("afterwards")
        (message,) = await there.messages()
        assert "Headline of afterwards" in message.reads


async def test_a_late_farewell_does_not_end_a_new_installation(tmp_path: Path) -> None:
    """Slack may bring the events of a removal up to a day late, after the app was installed anew."""
    async with stage(tmp_path, "one", via="http") as there:
        await there.ask("subscribe all", admin=True)
        await there.slack.uninstall(there.team, via="http", later=True)
        await asyncio.sleep(1.1)  # Slack tells times of events in whole seconds
        await install(there.bot, there.slack, there.team)
        await there.slack.release(via="http")
        there.write("two")
        (message,) = await there.messages()
        assert "Headline of two" in message.reads


async def test_an_installation_outlives_a_restart_and_its_token_is_nowhere_in_clear(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write_story(home, "one")
    async with Slack() as slack:
        team = slack.workspace("Team")
        news, ada = team.channel("news"), team.user("Ada", admin=True)
        async with running(home, slack, "http") as bot:
            await install(bot, slack, team)
        async with running(home, slack, "http"):
            asked = await slack.command(team, news, ada, "latest", via="http")
            assert "Headline of one" in (await answer_to(asked)).reads
        for file in (home / "data").iterdir():
            assert team.bot_token.encode() not in file.read_bytes()


async def test_an_archived_channel_waits_and_says_why(there: Stage) -> None:
    await there.ask("subscribe all", admin=True)
    there.news.archived = True
    there.write("two")
    await answers_soon(lambda: is_in("waiting", there))
    (known,) = await there.bot.subscriptions.of_tenant("slack", there.team.id)
    (row,) = await there.bot.ledger.of_subscription(known.id)
    assert (row.state, row.error) == (DeliveryState.WAITING, "the channel is archived")
    assert "#news is archived" in await there.ask("status", admin=True, here=there.team.channel("other"))


async def test_commands_are_acknowledged_in_time_while_the_database_is_blocked(there: Stage) -> None:
    """Reading comes from memory; what needs the store is announced, and answered when it is back."""
    database = there.bot.ledger._database  # type: ignore[attr-defined]  # its lock is what everybody waits for
    async with database._lock:
        asked = await there.type("subscribe all", admin=True)
        assert "Headline of one" in (await asyncio.wait_for(there.asked("latest"), 5)).reads
        assert asked.answers == []
    assert "#news" in (await answer_to(asked)).reads


async def test_a_stop_lets_answers_in_hand_come_to_their_end(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write_story(home, "one")
    async with Slack() as slack:
        team = slack.workspace("Team")
        news, ada = team.channel("news"), team.user("Ada", admin=True)
        async with running(home, slack) as bot:
            database = bot.ledger._database  # type: ignore[attr-defined]  # as above
            await database._lock.acquire()
            asked = await slack.command(team, news, ada, "subscriptions")
            assert (asked.ack.ok, asked.answers) == (True, [])
            asyncio.get_running_loop().call_later(0.5, database._lock.release)
        assert "No subscriptions" in asked.reads


async def test_the_same_request_twice_runs_once(tmp_path: Path) -> None:
    async with stage(tmp_path, "one", via="http") as there:
        typed = await there.type("story one share:yes")
        await answer_to(typed)
        body = urlencode(typed.payload).encode()
        headers = there.slack.outbox.headers(body, "application/x-www-form-urlencoded")
        again = await there.slack.outbox.send(body, headers)
        once_more = await there.slack.outbox.send(body, headers)
        assert (again.status, once_more.status) == (200, 200)
        assert (again.body, once_more.body) == (None, None)
        assert len(there.slack.record.visible(there.news.id)) == 1


async def test_malformed_requests_do_no_harm(tmp_path: Path) -> None:
    """The whole corpus at the whole bot, each request twice: never a 5xx, and no handler has run."""
    async with stage(tmp_path, "one", via="http") as there:
        before = len(there.slack.record.calls)
        for strange in corpus(there.slack.signing_secret):
            for _ in range(2):
                ack = await there.slack.outbox.send(strange.body, strange.headers)
                assert ack.status is not None, strange.name
                assert ack.status < 500, strange.name
        assert len(there.slack.record.calls) == before
        assert there.slack.record.messages == []
        assert "Headline of one" in await there.ask("latest")


async def test_a_bot_that_starts_lets_slack_come_again(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    async with Slack() as slack:
        slack.workspace("Team")
        async with (
            make_bot(load_settings(home, environment(slack, "http", free_port()))) as bot,
            aiohttp.ClientSession() as http,
            http.post(f"{bot.url}slack/events", data=b"") as answer,
        ):
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")


async def test_no_secret_is_in_the_log(tmp_path: Path) -> None:
    with capture_logs() as logs:
        async with stage(tmp_path, "one", via="http") as there:
            await there.ask("latest")
            await there.slack.uninstall(there.team, via="http")
            await true_soon(lambda: [line for line in logs if line["event"] == "slack.removed"])
    told = json.dumps(logs, default=str)
    for secret in (there.slack.signing_secret, there.slack.client_secret, there.team.bot_token):
        assert secret not in told
