"""100,000 stories: loading, reloading one, searching, and the memory they take; `stories.py 10000` is quicker."""

import asyncio
import logging
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import structlog
import yaml

from digestbot.curation.library import Library

COUNT = 10_000
FOLDER_OF = 1_000
VOCABULARY = 16_000
WORDS = 90
QUERIES = 300
RELOADS = 20
NOW = datetime(2026, 11, 23, tzinfo=UTC)
PAGE = """\
---
headline: {headline}
event: {{id: event-{event}, name: Event {event}, date: {date}, venue: Hall {event}}}
published: {day}T09:00:00Z
status: published
topics: [music, topic-{topic}]
importance: normal
result: official
source: {{name: A newspaper, url: "https://example.org/{number}"}}
quotes:
  - {{text: {quote}, speaker: {speaker}, key: true}}
winners:
  - {{name: {winner}, total: 2, awards: [Best {award}, Best New {award}]}}
performers: [{performers}]
---
{summary}
"""


class Words:
    """Pseudo-words, frequent and rare as in a language (Zipf), the same in every run."""

    def __init__(self) -> None:
        self.dice = random.Random(2026)  # noqa: S311 - a sequence that repeats
        syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er")]
        self.known = list(dict.fromkeys("".join(self.dice.choices(syllables, k=3)) for _ in range(VOCABULARY)))
        self.weights = [*accumulate(1 / rank for rank in range(1, len(self.known) + 1))]

    def some(self, count: int) -> str:
        return " ".join(self.dice.choices(self.known, cum_weights=self.weights, k=count))

    def name(self) -> str:
        return self.some(2).title()


def page(number: int, words: Words) -> str:
    return PAGE.format(
        number=number,
        headline=words.some(8),
        event=number // 20,
        date=(NOW - timedelta(days=2 + number // 20 % 3000)).date(),
        day=(NOW - timedelta(days=1 + number // 20 % 3000)).date(),
        topic=number % 50,
        quote=words.some(10),
        speaker=words.name(),
        winner=words.name(),
        award=words.some(1),
        performers=", ".join(words.name() for _ in range(4)),
        summary=words.some(WORDS - 40),
    )


def write(root: Path, count: int) -> int:
    """Returns the bytes of all files."""
    words, size = Words(), 0
    for number in range(count):
        folder = root / f"{number // FOLDER_OF:03}"
        folder.mkdir(parents=True, exist_ok=True)
        size += (folder / f"story-{number}.md").write_text(page(number, words), encoding="utf-8")
    return size


def resident() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def floor(root: Path) -> float:
    """Processor seconds to read every file and to parse its front matter with libyaml, keeping what comes out."""
    start = time.process_time()
    kept = []
    for path in root.rglob("*.md"):
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        kept.append((yaml.load(front, Loader=yaml.CSafeLoader), body))
    return time.process_time() - start


async def indexed(library: Library) -> None:
    """Searches queue behind the indexing that a load began."""
    await library.search("nothing", NOW)


async def reloads(root: Path, library: Library) -> Iterator[float]:
    """Milliseconds from a saved file to a library that answers from it."""
    taken = []
    for number in range(RELOADS):
        name = f"000/story-{number}.md"
        text = (root / name).read_text(encoding="utf-8").replace("headline: ", f"headline: changed {number} ", 1)
        (root / name).write_text(text, encoding="utf-8")
        start = time.perf_counter()
        changed = await library.reload([name])
        taken.append((time.perf_counter() - start) * 1000)
        assert changed == {f"story-{number}"}, changed
    await indexed(library)
    return iter(taken)


async def searches(library: Library) -> list[float]:
    """Milliseconds for two words each, frequent and rare ones as they come."""
    words, taken = Words(), []
    for _ in range(QUERIES):
        query = words.some(2)
        start = time.perf_counter()
        await library.search(query, NOW)
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken)


async def measure(root: Path, count: int, size: int) -> None:
    before, start = resident(), time.process_time()
    async with Library(root) as library:
        loaded = time.process_time() - start
        await indexed(library)
        searchable = time.process_time() - start
        grown = resident() - before
        assert len(library.all()) == count
        assert not library.problems, library.problems[:3]
        one = statistics.median(await reloads(root, library))
        start = time.perf_counter()
        await library.reload()
        whole = time.perf_counter() - start
        found = await searches(library)
    bare = floor(root)
    p50, p99 = found[len(found) // 2], found[len(found) * 99 // 100]
    print(f"{count:,} stories, {size / 1e6:.0f} MB of files, SQLite {sqlite3.sqlite_version}")
    print(f"bare libyaml             {bare:8.1f} s of a processor, the floor")
    print(f"load                     {loaded:8.1f} s    {loaded / bare:5.2f} × the floor, goal ≤ 2")
    print(f"load and index           {searchable:8.1f} s    {searchable / bare:5.2f} × the floor")
    print(f"reload of one, named     {one:8.1f} ms")
    print(f"look for what changed    {whole * 1000:8.1f} ms")
    print(f"search p50, p99          {p50:8.2f} ms, {p99:.2f} ms, goal p99 ≤ 5 ms")
    print(f"memory                   {grown / 1e6:8.1f} MB   {grown / size:5.2f} × the files, goal ≤ 2")


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    with tempfile.TemporaryDirectory() as folder:
        size = write(Path(folder), count)
        asyncio.run(measure(Path(folder), count, size))


if __name__ == "__main__":
    main()
