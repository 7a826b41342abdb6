"""The flows of a whole bot on the sandbox: files and commands in, messages out."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from digestbot.bootstrap import Bot, make_bot
from digestbot.settings import load_settings

NOW = datetime.now(UTC)
_PATIENCE = 60.0
_GLANCE = 0.02


class World:
    """A home, a running bot, and a browser's way to its page."""

    def __init__(self, home: Path, bot: Bot, browser: aiohttp.ClientSession) -> None:
        self.home = home
        self.bot = bot
        self._browser = browser

    def write(self, id_: str, **changes: str) -> None:
        write_story(self.home, id_, **changes)

    async def type(self, line: str, *, admin: bool = True, channel: str = "news") -> Mapping[str, Any]:
        body = {"channel": channel, "line": line, "admin": admin}
        async with self._browser.post("/sandbox/command", json=body) as answer:
            assert answer.status == 200, await answer.text()
            found: Mapping[str, Any] = await answer.json()
            return found

    async def messages(self, channel: str = "news") -> list[Mapping[str, Any]]:
        async with self._browser.get("/sandbox/messages", params={"channel": channel}) as answer:
            found: list[Mapping[str, Any]] = (await answer.json())["messages"]
            return found

    async def metrics(self) -> str:
        async with self._browser.get("/metrics") as answer:
            return await answer.text()

    async def until(self, condition: Callable[[list[Mapping[str, Any]]], object], channel: str = "news") -> str:
        """The channel's HTML, all messages in one, as soon as the condition holds."""
        async with asyncio.timeout(_PATIENCE):
            while not condition(found := await self.messages(channel)):  # noqa: ASYNC110 - a page would poll too
                await asyncio.sleep(_GLANCE)
        return "\n".join(message["html"] for message in found)


async def true_soon(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not condition():  # noqa: ASYNC110 - other rooms' state, which rings no bell
            await asyncio.sleep(_GLANCE)


def write_story(home: Path, id_: str, **changes: str) -> None:
    """A changed file takes its place at once, as an editor's save does. `changes` are lines of front matter."""
    lines = {
        "headline": f"Headline of {id_}",
        "event": "{id: gala, name: The Gala}",
        "published": datetime.now(UTC).isoformat(),
        "status": "published",
        "topics": "[music]",
        "winners": f"[{{name: Winner of {id_}, awards: [Prize of {id_}]}}]",
        **changes,
    }
    part = home / "stories" / f".{id_}.part"
    part.write_text("---\n" + "".join(f"{key}: {value}\n" for key, value in lines.items()) + "---\n", encoding="utf-8")
    part.rename(home / "stories" / f"{id_}.md")


@asynccontextmanager
async def running(home: Path) -> AsyncIterator[World]:
    settings = load_settings(home, {"DIGESTBOT_WEB__PORT": "0"})
    stop = asyncio.Event()
    async with make_bot(settings) as bot, aiohttp.ClientSession(bot.url, headers={"Origin": bot.url[:-1]}) as browser:
        run = asyncio.create_task(bot.app.run(stop))
        try:
            yield World(home, bot, browser)
        finally:
            stop.set()
            await run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "stories").mkdir()
    return tmp_path


@pytest.fixture
async def world(home: Path) -> AsyncIterator[World]:
    write_story(home, "old", published=(NOW - timedelta(days=2)).isoformat())
    async with running(home) as world:
        yield world


async def test_a_new_story_arrives_where_it_was_subscribed_and_nowhere_else(world: World) -> None:
    await world.type("subscribe topic:music when:instant")
    world.write("fresh")
    world.write("film", topics="[film]")
    html = await world.until(len)
    assert "Headline of fresh" in html
    assert "Headline of old" not in html
    assert "Headline of film" not in html
    assert await world.messages("awards") == []


async def test_a_correction_edits_the_message_and_says_so(world: World) -> None:
    await world.type("subscribe all when:instant")
    published = datetime.now(UTC).isoformat()
    world.write("fresh", published=published)
    await world.until(len)
    note = f"[{{at: '{datetime.now(UTC).isoformat()}', note: The name was wrong}}]"
    world.write("fresh", published=published, headline="The right headline", corrections=note)
    html = await world.until(lambda found: found[0]["edits"])
    assert "The right headline" in html
    assert "The name was wrong" in html
    assert len(await world.messages()) == 1


async def test_a_retraction_withdraws_the_story_from_card_and_roll_up(world: World) -> None:
    await world.type("subscribe all when:instant channel:#news")
    await world.type("subscribe event:gala when:instant template:event channel:#awards")
    times = {id_: datetime.now(UTC).isoformat() for id_ in ("one", "two")}
    world.write("one", published=times["one"])
    await world.until(len, "awards")
    world.write("two", published=times["two"])
    html = await world.until(lambda found: "Winner of two" in found[0]["html"], "awards")
    assert "Winner of one" in html
    await world.until(lambda found: len(found) == 2)
    note = f"[{{at: '{datetime.now(UTC).isoformat()}', note: It was a hoax}}]"
    world.write("two", published=times["two"], status="retracted", corrections=note)
    html = await world.until(lambda found: "Winner of two" not in found[0]["html"], "awards")
    assert "Winner of one" in html
    html = await world.until(lambda found: "It was a hoax" in "".join(each["html"] for each in found))
    assert "Headline of two" not in html
    assert "Headline of one" in html
    assert len(await world.messages("awards")) == 1


async def test_a_broken_file_leaves_the_last_good_version_in_service(world: World) -> None:
    (world.home / "stories" / "old.md").write_text("---\nheadline: [\n", encoding="utf-8")
    await true_soon(lambda: world.bot.library.problems)
    assert "Headline of old" in (await world.type("story old"))["html"]
    assert "The last good versions are in service" in (await world.type("status"))["html"]


async def test_nothing_is_known_before_its_time(world: World) -> None:
    await world.type("subscribe all when:instant")
    later = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    world.write("secret", embargo=f"'{later}'")
    await true_soon(lambda: world.bot.library.get("secret"))
    for line in ("story secret", "search secret", "latest", "winners gala", "event gala", "why secret", "preview all"):
        answer = await world.type(line)
        assert "Headline of secret" not in answer["html"], line
        assert "Winner of secret" not in answer["html"], line
    assert await world.messages() == []
    html = await world.until(len)
    assert "Headline of secret" in html


async def test_members_may_read_and_not_manage(world: World) -> None:
    refused = await world.type("subscribe all when:instant", admin=False)
    assert refused["private"] is True
    assert "Headline of old" in (await world.type("latest", admin=False))["html"]
    assert await world.bot.subscriptions.of_tenant("sandbox", "sandbox") == []


async def test_what_is_imported_posts_and_comes_back_as_a_file(world: World) -> None:
    line = "import file:\"subscriptions: [{channel: film, what: 'topic:music', limit: 5}]\""
    assert "Nothing was changed." in (await world.type(line))["html"]
    assert await world.bot.subscriptions.of_tenant("sandbox", "sandbox") == []
    await world.type(f"{line} apply:yes")
    world.write("fresh")
    assert "Headline of fresh" in await world.until(len, "film")
    file = (await world.type("export"))["file"]
    assert file["name"] == "subscriptions.yaml"
    assert "    channel: film\n    what: topic:music\n    when: instant\n    limit: 5\n" in file["text"]


async def test_a_shared_answer_is_posted_for_all(world: World) -> None:
    answer = await world.type("story old share:true", admin=False, channel="film")
    assert answer["private"] is False
    assert "Headline of old" in await world.until(len, "film")


async def test_one_latest_card_comes_at_once_if_asked_for(world: World) -> None:
    await world.type("subscribe all when:instant latest:yes")
    assert "Headline of old" in await world.until(len)


async def test_a_digest_missed_while_the_bot_was_away_comes_once(home: Path) -> None:
    write_story(home, "one", published=(NOW - timedelta(minutes=5)).isoformat())
    write_story(home, "two", published=(NOW - timedelta(minutes=4)).isoformat())
    async with running(home) as world:
        await world.type('subscribe all when:"0 0 1 1 *"')
        (subscription,) = await world.bot.subscriptions.of_tenant("sandbox", "sandbox")
        overdue = replace(subscription, since=NOW - timedelta(days=1), next_due=NOW - timedelta(minutes=1))
        await world.bot.subscriptions.replace(overdue)
    async with running(home) as world:
        html = await world.until(len)
        assert "Headline of one" in html
        assert "Headline of two" in html
    async with running(home) as world:
        assert len(await world.messages()) == 1


async def test_a_restart_finds_what_changed_meanwhile(home: Path) -> None:
    async with running(home) as world:
        await world.type("subscribe all when:instant")
        published = datetime.now(UTC).isoformat()
        world.write("one", published=published)
        await world.until(len)
    write_story(home, "one", headline="Changed while away", published=published)
    async with running(home) as world:
        html = await world.until(lambda found: found[0]["edits"] and "Changed while away" in found[0]["html"])
    assert "Changed while away" in html


async def test_what_happened_is_counted_for_those_who_watch(world: World) -> None:
    await world.type("subscribe all when:instant latest:yes")
    await world.until(len)
    posted = 'digestbot_delivery_attempts_total{platform="sandbox",state="posted"} 1.0'
    async with asyncio.timeout(_PATIENCE):
        while posted not in (text := await world.metrics()):  # noqa: ASYNC110 - as those who watch do
            await asyncio.sleep(_GLANCE)
    assert "digestbot_stories 1.0" in text
    assert "digestbot_story_problems 0.0" in text


async def test_the_server_goes_by_the_name_of_its_public_address(home: Path) -> None:
    settings = load_settings(
        home, {"DIGESTBOT_WEB__PORT": "0", "DIGESTBOT_WEB__PUBLIC_URL": "https://News.example.org:8443/"}
    )
    async with make_bot(settings) as bot, aiohttp.ClientSession(bot.url) as browser:
        for host, status in (("news.example.org:8443", 200), ("news.example.org", 200), ("example.org", 403)):
            async with browser.get("/", headers={"Host": host}) as answer:
                assert answer.status == status, host
