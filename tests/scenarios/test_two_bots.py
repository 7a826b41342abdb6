"""Two whole bots on one PostgreSQL database, each with a sandbox of its own: between them each card is posted once."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from digestbot.bootstrap import Bot
from digestbot.domain.delivery import DeliveryState
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Subscription
from tests.postgres import Postgres
from tests.scenarios.homes import answers_soon, make_home, started, write_story

STORIES = ("one", "two", "three", "four", "five")


def subscription(since: datetime) -> Subscription:
    return Subscription(
        id="s1",
        place=Place("sandbox", "sandbox", "news"),
        filter=parse_filter("all"),
        cadence=parse_cadence("instant"),
        since=since,
    )


async def states(bot: Bot) -> Mapping[DeliveryState, int]:
    return dict(await bot.ledger.counts("sandbox", "sandbox"))


async def shown(bot: Bot) -> list[str]:
    """The messages in the bot's own sandbox."""
    async with (
        aiohttp.ClientSession(bot.url) as browser,
        browser.get("/sandbox/messages", params={"channel": "news"}) as answer,
    ):
        return [message["html"] for message in (await answer.json())["messages"]]


async def test_what_two_bots_find_in_their_folders_is_posted_once(postgres: Postgres, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    environ = {"DIGESTBOT_WEB__PORT": "0", "DIGESTBOT_DATABASE__URL": postgres.emptied()}
    homes = [make_home(tmp_path / name) for name in ("a", "b")]
    async with started(homes[0], environ) as one, started(homes[1], environ) as two:
        assert (one.app.alone, two.app.alone) == (False, False), "neither lets go of what the other holds"
        await one.subscriptions.add(subscription(now - timedelta(hours=1)))
        for story in STORIES:
            for home in homes:
                write_story(home, story, published=now.isoformat())

        async def all_are_posted() -> bool:
            return await states(two) == {DeliveryState.POSTED: len(STORIES)}

        await answers_soon(all_are_posted)
        messages = [*await shown(one), *await shown(two)]
        assert sorted(story for story in STORIES for html in messages if f"Headline of {story}" in html) == sorted(
            STORIES
        )
        assert len(messages) == len(STORIES)
