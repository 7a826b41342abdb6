"""Slack: 5,000 channels in 500 workspaces due at one minute, by a whole bot, beside slack_sdk posting the same bytes.

The first part runs the bot (OAuth, sealed tokens, the ledger on SQLite) against a Slack in a process of its own that
keeps Slack's limits, while people ask from a third process. The second posts to a server that takes everything.
"""

import asyncio
import json
import multiprocessing
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from digestbot.bootstrap import Bot
from digestbot.domain.card import Card, Heading, List, Quote, Text
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Look, Subscription
from digestbot.platforms.slack.api import Api, make_session
from digestbot.platforms.slack.budget import POSTS_A_MINUTE, Budget
from digestbot.platforms.slack.lookback import LookBack
from digestbot.platforms.slack.messenger import SlackMessenger
from digestbot.platforms.slack.pages import bodies
from digestbot.platforms.slack.roster import Roster
from digestbot.platforms.slack.scopes import SCOPES
from digestbot.platforms.slack.targets import Targets
from digestbot.ports import Installation, Outgoing
from digestbot.runtime.clock import SystemClock
from digestbot.runtime.logs import set_up_logs
from digestbot.runtime.memory import keep
from digestbot.settings import load_settings
from digestbot.storage.database import Database
from digestbot.storage.installations import SqlInstallations
from digestbot.storage.rows import subscription_row
from digestbot.storage.tables import subscription as subscriptions
from tests.scenarios.homes import answers_soon, make_home, started, write_story
from tests.scenarios.slack_stage import KEY, environment, free_port
from tests.servers.slack.courier import Via
from tests.servers.slack.server import Slack
from tests.servers.slack.world import Workspace

CHANNELS, WORKSPACES, LARGEST = 5_000, 500, 100
BURST = 26
"""Posts that a workspace takes at once before its rate holds."""

POSTS, AT_ONCE, ROUNDS = 800, 64, 3
IDLE = timedelta(seconds=4)
HELD_UP = 6
"""Seconds of the one workspace that its limit holds up."""

EVERY = 0.04
"""Seconds between two people's questions."""

LAYOUTS = 300


def main() -> None:
    set_up_logs(level="error", form="console", secrets=())
    channels = int(sys.argv[1]) if len(sys.argv) > 1 else CHANNELS
    layouts()
    asyncio.run(within_limits(channels))
    asyncio.run(over_a_socket(channels))
    asyncio.run(without_limits(channels))


# --- worlds and processes


def sizes(channels: int, workspaces: int, largest: int) -> list[int]:
    """Channels of each workspace: one is large, the others share the rest."""
    rest = channels - largest
    return [largest, *(len(range(number, rest, workspaces - 1)) for number in range(workspaces - 1))]


def settle(slack: Slack, channels: Sequence[int]) -> list[Workspace]:
    """The same ids and tokens in every process."""
    workspaces = []
    for number, size in enumerate(channels):
        workspace = slack.workspace(f"Workspace {number}")
        workspace.scopes = set(SCOPES)
        workspace.user("Bob")
        for name in range(size):
            workspace.channel(f"c{name}")
        workspaces.append(workspace)
    return workspaces


def serve(pipe: Connection, channels: Sequence[int], link: str) -> None:
    """Slack. Says where it is; when so many messages were posted, says when each was, and what else was answered."""

    async def run() -> None:
        slack = Slack()
        settle(slack, channels)
        slack.sockets.open = lambda _request, _params: {"ok": True, "url": link}  # type: ignore[method-assign, assignment]  # who asks is elsewhere
        async with slack:
            pipe.send(slack.state.origin)
            wanted = await asyncio.to_thread(pipe.recv)
            while len(slack.record.messages) < wanted:  # noqa: ASYNC110 - a look at ten a second costs less than a bell
                await asyncio.sleep(0.1)
            calls = slack.record.asked("chat.postMessage")
            pipe.send([(call.at, call.team, call.answer) for call in calls])
            await asyncio.to_thread(pipe.recv)

    asyncio.run(run())


def ask(pipe: Connection, channels: Sequence[int], via: Via) -> None:
    """Somebody types `/news latest` again and again; in the end, when, and how long until it was acknowledged."""

    async def run() -> None:
        slack = Slack()
        workspace = settle(slack, channels)[0]
        (channel, *_), bob = workspace.channels.values(), list(workspace.users.values())[-1]
        async with slack:
            link = slack.sockets.open(_Asked(slack.app_token), {})["url"] if via == "socket" else ""  # type: ignore[arg-type]  # as much of a request as is read
            pipe.send((slack.state.origin, link))
            slack.http_base = await asyncio.to_thread(pipe.recv)
            waits = []
            while not pipe.poll():
                at = time.time()
                typed = await slack.command(workspace, channel, bob, "latest", via=via)
                assert typed.failure is None, typed.failure
                waits.append((at, typed.ack.seconds))
                await asyncio.sleep(EVERY)
            pipe.send(waits)

    asyncio.run(run())


class _Asked:
    def __init__(self, token: str) -> None:
        self.headers = {"Authorization": f"Bearer {token}"}


def sink(pipe: Connection) -> None:
    """Takes everything and answers as Slack does, with the message. Says when each came."""
    came: list[float] = []
    shown = {"type": "message", "user": "U1", "bot_id": "B1", "ts": "1.000001", **bodies(card(), delivery="x" * 24)[0]}
    answer = json.dumps({"ok": True, "channel": "C0000000001", "ts": "1700000000.000001", "message": shown}).encode()

    async def post(request: web.Request) -> web.Response:
        await request.read()
        came.append(time.time())
        return web.Response(body=answer, headers={"Content-Type": "application/json; charset=utf-8"})

    async def run() -> None:
        application = web.Application()
        application.router.add_post("/api/{method}", post)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        pipe.send(f"http://127.0.0.1:{runner.addresses[0][1]}")
        while wanted := await asyncio.to_thread(pipe.recv):
            del came[:]
            while len(came) < wanted:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)
            pipe.send(list(came))

    asyncio.run(run())


@contextmanager
def process(work: Callable[..., None], *arguments: object) -> Iterator[Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=work, args=(theirs, *arguments), daemon=True)
    child.start()
    try:
        yield ours
    finally:
        child.terminate()
        child.join()


# --- a whole bot


@asynccontextmanager
async def bot_of(origin: str, channels: Sequence[int], via: Via) -> AsyncIterator[tuple[Bot, Path]]:
    """It runs, with a subscription in every channel whose time is far."""
    slack = Slack()
    workspaces = settle(slack, channels)
    slack.state.origin = origin
    with tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder) / "home")
        write_story(home, "one", published=datetime.now(UTC).isoformat())
        environ = environment(slack, via, free_port())
        settings = load_settings(home, environ)
        async with Database(settings.database_url, upgrade=True) as database:
            await fill(database, workspaces)
            path = database.path
        assert path is not None
        async with started(home, environ) as bot:
            (platform,) = bot.app.platforms

            async def ready() -> bool:
                return await platform.check() is None

            await answers_soon(ready)
            keep()
            yield bot, path


async def fill(database: Database, workspaces: Sequence[Workspace]) -> None:
    now = datetime.now(UTC)
    store = SqlInstallations(database, [KEY])
    for workspace in workspaces:
        await store.save(installation_of(workspace))
    rows = [
        subscription_row(
            Subscription(
                id=f"s{channel}",
                place=Place("slack", workspace.id, channel),
                filter=parse_filter("all"),
                cadence=parse_cadence("daily 09:00"),
                since=now - timedelta(days=1),
                next_due=now + timedelta(days=1),
            )
        )
        for workspace in workspaces
        for channel in workspace.channels
    ]
    async with database.transaction() as connection:
        await connection.execute(insert(subscriptions), rows)


def installation_of(workspace: Workspace) -> Installation:
    return Installation(
        enterprise=None,
        team=workspace.id,
        name=workspace.name,
        token=workspace.bot_token,
        bot_user=workspace.bot_user,
        bot_id=workspace.bot_id,
        scopes=SCOPES,
        installed_by="",
        installed_at=datetime.now(UTC),
    )


def strike(bot: Bot, path: Path) -> float:
    """It is nine. When it was."""
    at = time.time()
    connection = sqlite3.connect(path, timeout=30)
    with connection:
        connection.execute("UPDATE subscription SET next_due = ?", (int(at * 1_000_000),))
    connection.close()
    bot.app.planner.wake()
    return at


async def within_limits(count_: int) -> None:
    channels = sizes(count_, WORKSPACES, LARGEST)
    with process(ask, channels, "http") as asker, process(serve, channels, "") as slack:
        asker.recv()
        async with bot_of(slack.recv(), channels, "http") as (bot, path):
            asker.send(bot.url)
            slack.send(count_)
            await asyncio.sleep(IDLE.total_seconds())
            nine = strike(bot, path)
            calls = await asyncio.to_thread(slack.recv)
            asker.send("enough")
            waits = await asyncio.to_thread(asker.recv)
            renders = bot.renderer.renders
    posts = sorted((at, team) for at, team, answer in calls if answer == "ok")
    late = [at - nine for at, _ in posts]
    first_team = min(team for _, team in posts)
    large = [at for at, team in posts if team == first_team]
    free = sorted(at for at, team in posts if team != first_team)
    refused = sum(answer == "429" for _, _, answer in calls)
    print(
        f"{count_} channels in {len(channels)} workspaces, limits kept: {len(posts)} posted,"
        f" {refused} answers 429 (goal 0)"
    )
    print(f"lateness: first {late[0]:.2f} s, median {statistics.median(late):.2f} s, last {max(free) - nine:.2f} s")
    least, took = (len(large) - BURST) / (POSTS_A_MINUTE / 60), large[-1] - large[0]
    print(f"a workspace with {len(large)} of them: {took:.1f} s, limit filled to {least / took:.3f}")
    print(f"posts a second: {len(free) / (free[-1] - nine):.0f} from nine on; cards rendered {renders}")
    tell("over HTTP", waits, nine, free[-1])


async def over_a_socket(count_: int) -> None:
    """One workspace, whose limit holds most of them up."""
    channels = [count_]
    with process(ask, channels, "socket") as asker:
        _, link = asker.recv()
        with process(serve, channels, link) as slack:
            async with bot_of(slack.recv(), channels, "socket") as (bot, path):
                asker.send("")
                slack.send(count_)
                await asyncio.sleep(IDLE.total_seconds())
                nine = strike(bot, path)
                await asyncio.sleep(HELD_UP)
                asker.send("enough")
                waits = await asyncio.to_thread(asker.recv)
    tell("over a socket", waits, nine, nine + HELD_UP)


def tell(how: str, waits: Sequence[tuple[float, float]], nine: float, end: float) -> None:
    idle = [seconds for at, seconds in waits if at < nine - 0.5][10:]
    busy = [seconds for at, seconds in waits if nine <= at <= end]
    worst = [statistics.quantiles(some, n=100)[98] for some in (idle, busy)]
    print(
        f"/news latest acknowledged {how}, p50/p99 ms: idle {1000 * statistics.median(idle):.1f}/{1000 * worst[0]:.1f},"
        f" meanwhile {1000 * statistics.median(busy):.1f}/{1000 * worst[1]:.1f} ({worst[1] / worst[0]:.2f} x, goal 3)"
        f" worst {1000 * max(busy):.0f}, {len(idle)} and {len(busy)} questions"
    )


# --- without limits


async def without_limits(count_: int) -> None:
    channels = sizes(count_, WORKSPACES, count_ // WORKSPACES)
    with process(sink) as pipe:
        origin = pipe.recv()
        api = f"{origin}/api/"
        ways = (as_it_comes, with_a_session, bare, by_messenger)
        rates: dict[str, list[float]] = {way.__name__: [] for way in ways}
        for _ in range(ROUNDS):
            for way in ways:
                rates[way.__name__].append(await way(api))
        async with bot_of(origin, channels, "http") as (bot, path):
            pipe.send(count_)
            await asyncio.sleep(0.5)
            nine = strike(bot, path)
            came = await asyncio.to_thread(pipe.recv)
            whole = len(came) / (came[-1] - nine)
            steady = len(came) / (came[-1] - came[0])
    sdk, shared, plain, ours = (statistics.median(some) for some in rates.values())
    print(f"posts a second without limits, {AT_ONCE} at a time: slack_sdk as it comes {sdk:.0f}")
    print(
        f"slack_sdk with a session {shared:.0f} ({shared / sdk:.2f} x), bare aiohttp {plain:.0f} ({plain / sdk:.2f} x)"
    )
    print(f"our messenger {ours:.0f} ({ours / sdk:.2f} x, {ours / plain:.2f} of aiohttp)")
    print(
        f"the whole bot {whole:.0f} ({whole / sdk:.2f} x, goal 2.5);"
        f" from its first post on {steady:.0f} ({steady / sdk:.2f} x)"
    )


async def rate(post: Callable[[int], Awaitable[Any]]) -> float:
    numbers = iter(range(POSTS))

    async def worker() -> None:
        for number in numbers:
            await post(number)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return POSTS / (time.perf_counter() - began)


async def as_it_comes(api: str) -> float:
    client, body = AsyncWebClient(token="xoxb-1", base_url=api), bodies(card(), delivery="x" * 24)[0]  # noqa: S106 - nobody's
    return await rate(lambda number: client.chat_postMessage(channel=f"C{number:010}", **body))


async def with_a_session(api: str) -> float:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token="xoxb-1", base_url=api, session=session)  # noqa: S106 - nobody's
        body = bodies(card(), delivery="x" * 24)[0]
        return await rate(lambda number: client.chat_postMessage(channel=f"C{number:010}", **body))


async def bare(api: str) -> float:
    data = json.dumps({"channel": "C0000000001", **bodies(card(), delivery="x" * 24)[0]}).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": "Bearer xoxb-1"}
    async with aiohttp.ClientSession() as session:

        async def post(_number: int) -> None:
            async with session.post(f"{api}chat.postMessage", data=data, headers=headers) as answer:
                await answer.json()

        return await rate(post)


async def by_messenger(api: str) -> float:
    clock = SystemClock()
    roster = Roster(clock)
    for workspace in settle(Slack(), [0] * WORKSPACES):
        roster.put(installation_of(workspace))
    teams = sorted(roster.keys)
    ours = Api(api, roster)
    messenger = SlackMessenger(ours, Targets(ours), LookBack(ours, roster), Budget(clock))
    now, shown = datetime.now(UTC), card()
    async with make_session() as session:
        ours.open(session)

        async def post(number: int) -> None:
            place = Place("slack", teams[number % WORKSPACES], f"C{number:010}")
            outgoing = Outgoing(delivery=f"{number:024}", place=place, card=shown, look=Look(), first_attempt=now)
            await messenger.send(outgoing)

        return await rate(post)


# --- layout


def card(number: int = 0) -> Card:
    winners = tuple(
        (Text(f"Winner {number}-{each}", strong=True), Text(": a prize, another prize")) for each in range(8)
    )
    said = ((Text(f"“What was said there, {number}”"),),)
    blocks = (Heading((Text(f"A headline of usual length, {number}"),)), Quote(said), List(winners))
    return Card(blocks=blocks, command="story one")


def layouts() -> None:
    """Every card another one, then one for many channels."""
    cards = [card(number) for number in range(1, LAYOUTS + 1)]
    began = time.perf_counter()
    for each in cards:
        bodies(each)
    uncached = LAYOUTS / (time.perf_counter() - began)
    one, began = card(), time.perf_counter()
    found = [bodies(one, delivery=f"{number:024}")[0] for number in range(10_000)]
    cached = 10_000 / (time.perf_counter() - began)
    once = len({id(body["blocks"]) for body in found})
    print(
        f"Block Kit bodies a second: {uncached:.0f} of different cards; {cached:.0f} of one card for 10,000 channels,"
        f" laid out {once} time (goal 1)"
    )


if __name__ == "__main__":
    main()
