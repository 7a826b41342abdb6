"""Homes: folders with stories and a bot that runs in them, whatever platform it is on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from digestbot.bootstrap import Bot, make_bot
from digestbot.settings import load_settings

PATIENCE = 60.0
_GLANCE = 0.02


async def true_soon(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - the server's record rings no bell
            await asyncio.sleep(_GLANCE)


async def answers_soon(ask: Callable[[], Awaitable[object]]) -> None:
    """The same of something that has to be asked for."""
    async with asyncio.timeout(PATIENCE):
        while not await ask():  # noqa: ASYNC110 - what is asked rings no bell
            await asyncio.sleep(_GLANCE)


def write_story(home: Path, id_: str, **changes: str) -> None:
    """A changed file takes its place at once, as an editor's save does. `changes` are lines of front matter."""
    lines = {
        "headline": f"Headline of {id_}",
        "event": "{id: gala, name: The Gala}",
        "published": datetime.now(UTC).isoformat(),
        "status": "published",
        "topics": "[music]",
        "quotes": f"[{{text: Words of {id_}, speaker: Speaker of {id_}, key: true}}]",
        "winners": f"[{{name: Winner of {id_}, awards: [Prize of {id_}]}}]",
        **changes,
    }
    part = home / "stories" / f".{id_}.part"
    part.write_text("---\n" + "".join(f"{key}: {value}\n" for key, value in lines.items()) + "---\n", encoding="utf-8")
    part.rename(home / "stories" / f"{id_}.md")


def make_home(home: Path) -> Path:
    (home / "stories").mkdir(parents=True, exist_ok=True)
    return home


@asynccontextmanager
async def started(home: Path, environ: Mapping[str, str]) -> AsyncIterator[Bot]:
    """A bot that runs, whether it gets a connection or not."""
    stop = asyncio.Event()
    async with make_bot(load_settings(home, environ)) as bot:
        run = asyncio.create_task(bot.app.run(stop))
        try:
            yield bot
        finally:
            stop.set()
            await run
