"""Discord: 5,000 channels at one minute under the limit of fifty requests a second, and a message's way without it.

The first part runs a whole bot (real client, ledger) against a server that keeps Discord's rules; the second posts the
same bytes to a server that takes everything, beside bare aiohttp and the library's own call.
"""

import asyncio
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import discord
from aiohttp import web

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from digestbot.domain.card import Card, Heading, List, Quote, Text
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Look, Subscription
from digestbot.platforms.discord.buckets import use_buckets
from digestbot.platforms.discord.budget import Budget
from digestbot.platforms.discord.client import use_addresses
from digestbot.platforms.discord.connection import Connection
from digestbot.platforms.discord.messenger import DiscordMessenger
from digestbot.platforms.discord.pages import bodies
from digestbot.platforms.discord.targets import Kind, Target
from digestbot.ports import Outgoing
from digestbot.runtime.logs import set_up_logs
from tests.scenarios.discord_stage import running
from tests.scenarios.homes import make_home, write_story
from tests.servers.discord.server import Discord

CHANNELS, GUILDS, POSTS = 5_000, 50, 3_000
LIMIT = 50


def main() -> None:
    set_up_logs(level="error", form="console", secrets=())
    channels = int(sys.argv[1]) if len(sys.argv) > 1 else CHANNELS
    asyncio.run(at_nine(channels))
    asyncio.run(without_limits())


async def at_nine(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder) / "home")
        async with Discord() as server:
            guilds = [server.guild(f"Guild {number}") for number in range(GUILDS)]
            channels = [guilds[number % GUILDS].channel(f"c{number}") for number in range(count)]
            member = guilds[0].member("Bob")
            async with running(home, server) as bot:
                write_story(home, "one", published=datetime.now(UTC).isoformat())
                while bot.library.get("one") is None:  # noqa: ASYNC110 - the library is watched, not asked
                    await asyncio.sleep(0.1)
                ask = lambda: server.command(guilds[0], channels[0], member, "latest")  # noqa: E731 - one line for two uses
                idle = [await timed(ask) for _ in range(30)]
                now = datetime.now(UTC)
                for channel in channels:
                    place = Place("discord", str(channel.guild.id if channel.guild else 0), str(channel.id))
                    await bot.subscriptions.add(
                        Subscription(
                            id=f"s{channel.id}",
                            place=place,
                            filter=parse_filter("all"),
                            cadence=parse_cadence("instant"),
                            since=now,
                        )
                    )
                write_story(home, "two", published=datetime.now(UTC).isoformat())
                busy = []
                while len(server.record.times) < count:
                    busy.append(await timed(ask))
                    await asyncio.sleep(0.5)
            times = sorted(request.at for request in server.record.to("create_message") if request.status == 200)
    # the first second and the last are those of a start and of an end
    span = times[-LIMIT] - times[LIMIT]
    filled = (len(times) - 2 * LIMIT) / span / LIMIT
    print(f"{count} channels: {len(times)} posted in {times[-1] - times[0]:.1f} s, limit filled to {filled:.3f}")
    print(f"global 429s {server.record.global_429s}, other 429s {server.record.route_429s}, goal none")
    worst = [statistics.quantiles(some, n=100)[98] for some in (idle, busy)]
    print(
        f"/news latest acknowledged, p50/p99 ms: idle {1000 * statistics.median(idle):.1f}/{1000 * worst[0]:.1f},"
        f" meanwhile {1000 * statistics.median(busy):.1f}/{1000 * worst[1]:.1f} ({worst[1] / worst[0]:.2f} x, goal 3)"
    )


async def timed(ask: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await ask()
    return time.perf_counter() - began


def sink(port: Any) -> None:  # noqa: ANN401 - a queue of multiprocessing
    """Takes everything, in a process of its own."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        parts = request.path.split("/")
        body = {"id": "1", "channel_id": parts[4] if len(parts) > 4 else "1", "username": "digestbot", "flags": 0}
        return web.Response(body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})

    async def serve() -> None:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port.put(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(serve())


async def without_limits() -> None:
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=sink, args=(queue,), daemon=True)
    process.start()
    api = f"http://127.0.0.1:{queue.get(timeout=30)}/api/v10"
    try:
        bare = await rate_of_bare(api)
        library = await rate_of_library(api)
        ours = await rate_of_messenger(api)
    finally:
        process.terminate()
        process.join()
    print(f"posts a second, {POSTS} posts, 64 at a time: aiohttp {bare:.0f}")
    print(f"discord.py's own call {library:.0f} ({library / bare:.2f} of aiohttp)")
    print(f"our messenger {ours:.0f} ({ours / bare:.2f} of aiohttp, goal 0.5; {ours / library:.2f} of discord.py)")


def card() -> Card:
    winners = tuple((Text(f"Winner {number}", strong=True), Text(": a prize, another prize")) for number in range(8))
    blocks = (Heading((Text("A headline of usual length"),)), Quote(((Text("“What was said there”"),),)), List(winners))
    return Card(blocks=blocks, command="story one")


async def rate(post: Callable[[int], Awaitable[Any]]) -> float:
    numbers = iter(range(POSTS))

    async def worker() -> None:
        for number in numbers:
            await post(number)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(64)))
    return POSTS / (time.perf_counter() - began)


async def rate_of_bare(api: str) -> float:
    data = json.dumps({**bodies(card(), "components")[0], "nonce": "x" * 25, "enforce_nonce": True}).encode()
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def post(number: int) -> None:
            async with session.post(f"{api}/channels/{number}/messages", data=data, headers=headers) as answer:
                await answer.json()

        return await rate(post)


async def rate_of_library(api: str) -> float:
    use_addresses(api, "ws://127.0.0.1:1")
    parameters = discord.http.MultipartParameters(bodies(card(), "components")[0], None, None)
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.http.static_login("token")
        return await rate(lambda number: client.http.send_message(number, params=parameters))


class Channels:
    """Every channel is a text channel."""

    async def of(self, place: Place) -> Target:
        return Target(id=int(place.channel), kind=Kind.TEXT, name="news")

    def known(self, place: Place) -> Target:
        return Target(id=int(place.channel), kind=Kind.TEXT, name="news")


async def rate_of_messenger(api: str) -> float:
    use_addresses(api, "ws://127.0.0.1:1")
    budget = Budget(api, 100_000)
    client = discord.AutoShardedClient(intents=discord.Intents.none(), http_trace=budget.trace())
    async with client:
        use_buckets(client)
        await client.http.static_login("token")
        connection = Connection()
        connection.begin(client)
        messenger = DiscordMessenger(connection, Channels())  # type: ignore[arg-type]  # as much of it as is asked
        now, shown = datetime.now(UTC), card()

        async def post(number: int) -> None:
            place = Place("discord", "1", str(number))
            delivery = f"{number:024}"
            await messenger.send(Outgoing(delivery=delivery, place=place, card=shown, look=Look(), first_attempt=now))

        return await rate(post)


if __name__ == "__main__":
    main()
