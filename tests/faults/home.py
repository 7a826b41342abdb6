"""A home for drills: story files, subscriptions in its database, and the records to be compared at the end."""

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Look, Subscription
from digestbot.storage.database import Database
from digestbot.storage.subscriptions import SqlSubscriptions

CHANNELS = [f"c{number:02}" for number in range(6)]
STORIES = 4


@dataclass(frozen=True)
class Home:
    """Four stories of one event, six channels: instants in all, a digest due in all, a roll-up in all."""

    root: Path

    def make(self) -> None:
        (self.root / "config").mkdir(parents=True)
        (self.root / "stories").mkdir()
        channels = json.dumps(CHANNELS)
        (self.root / "config" / "digestbot.toml").write_text(
            f'[web]\nport = 0\n[sandbox]\nchannels = {channels}\n[delivery]\nconcurrency = 5\n[log]\nformat = "json"\n'
        )
        for number in range(STORIES):
            self.write_story(number, "first")
        asyncio.run(self._subscribe())

    def write_story(self, number: int, version: str) -> None:
        """A changed file takes its place at once, as an editor's save does."""
        published = (datetime.now(UTC) - timedelta(minutes=30)).replace(minute=0, second=number, microsecond=0)
        text = (
            f"---\nheadline: Story {number} in its {version} version\n"
            f"event: {{id: gala, name: Gala}}\npublished: {published.isoformat()}\nstatus: published\n"
            f"source: {{name: Example, url: https://example.org/}}\n---\n"
        )
        part = self.root / "stories" / f".story-{number}.part"
        part.write_text(text)
        part.rename(self.root / "stories" / f"story-{number}.md")

    async def _subscribe(self) -> None:
        now = datetime.now(UTC)
        async with Database(self.url, upgrade=True) as database:
            subscriptions = SqlSubscriptions(database)
            for channel, place in zip(CHANNELS, self.places, strict=True):
                instant = Subscription(
                    id=f"{channel}-instant",
                    place=place,
                    filter=parse_filter("all"),
                    cadence=parse_cadence("instant"),
                    since=now - timedelta(days=1),
                    catch_up=timedelta(days=1),
                )
                digest = replace(instant, id=f"{channel}-digest", cadence=parse_cadence("daily 00:00"), next_due=now)
                roll_up = replace(instant, id=f"{channel}-event", look=Look(template="event"))
                for subscription in (instant, digest, roll_up):
                    await subscriptions.add(subscription)

    @property
    def places(self) -> Sequence[Place]:
        return [Place("sandbox", "sandbox", channel) for channel in CHANNELS]

    @property
    def environ(self) -> Mapping[str, str]:
        """What a bot of this home needs beside its files."""
        return {}

    @property
    def changes(self) -> Sequence[str]:
        """What `worker.py` changes about its bots; without any they are started as people start them."""
        return ()

    def before_start(self) -> None:
        """Called before each start of a bot."""

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.database}"

    @property
    def database(self) -> Path:
        return self.root / "data" / "digestbot.db"

    @property
    def occasions(self) -> int:
        """Instants: a card a story; one digest and one roll-up a channel."""
        return len(CHANNELS) * (STORIES + 1 + 1)

    def states(self) -> Mapping[str, int]:
        """The ledger's rows by state."""
        if not self.database.exists():
            return {}
        with sqlite3.connect(self.database, timeout=10) as ledger:
            return dict(ledger.execute("SELECT state, count(*) FROM delivery GROUP BY state"))

    def posted_ids(self) -> set[str]:
        with sqlite3.connect(self.database, timeout=10) as ledger:
            return {row[0] for row in ledger.execute("SELECT id FROM delivery WHERE state = 'posted'")}

    def received(self) -> Counter[str]:
        """How many messages the sandbox accepted for each delivery: the judge."""
        with sqlite3.connect(self.root / "data" / "sandbox.db", timeout=10) as record:
            return Counter(row[0] for row in record.execute("SELECT delivery FROM message"))

    def shown(self) -> list[str]:
        """What each message shows now."""
        with sqlite3.connect(self.root / "data" / "sandbox.db", timeout=10) as record:
            return [row[0] for row in record.execute("SELECT card FROM message")]
