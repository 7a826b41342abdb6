"""Full-text search over published stories: SQLite's FTS5 in memory, on a thread of its own."""

import asyncio
import re
import sqlite3
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Self

import structlog

from digestbot.domain.story import Story
from digestbot.errors import StartupError

LENGTH = 200
"""Characters of a query that count."""
PREFIX_UNTIL = 20_000
"""From so many stories on, a half-typed word is not completed: that cost 65 ms at 100,000."""
RANKED = 1000
"""Matches that are ranked, the last to come in: ranking all 100,000 cost 180 ms, these cost 10."""

_TABLES = """
CREATE TABLE stories (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, live_at REAL NOT NULL);
CREATE VIRTUAL TABLE texts USING fts5 (
    headline, names, body, content='', tokenize="unicode61 remove_diacritics 2"
);
"""
_KNOW = "INSERT INTO stories (number, id, live_at) VALUES (?, ?, ?)"
_ADD = "INSERT INTO texts (rowid, headline, names, body) VALUES (?, ?, ?, ?)"
_REMOVE = "INSERT INTO texts (texts, rowid, headline, names, body) VALUES ('delete', ?, ?, ?, ?)"
_FIND = """
SELECT id FROM (
    SELECT stories.id, stories.live_at, bm25(texts, 10.0, 4.0, 1.0) AS score
    FROM texts CROSS JOIN stories ON stories.number = texts.rowid
    WHERE texts MATCH ? AND stories.live_at <= ? ORDER BY texts.rowid DESC LIMIT ?
) ORDER BY score, live_at DESC LIMIT ?
"""
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NO_SPACES = re.compile("([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])")
"""Scripts that are written without spaces (Hangul, with): each of their characters counts as a word."""

_log = structlog.get_logger("search")


def fold(text: str) -> str:
    """What the index and a query have in common: compatible forms unified, nothing invisible."""
    visible = _UNSEEN.sub("", unicodedata.normalize("NFKC", _NO_TEXT.sub(" ", text)))
    return visible if visible.isascii() else _NO_SPACES.sub(r" \1 ", visible)


def queries(words: str, *, prefix: bool) -> tuple[str, ...]:
    """FTS5 expressions for all and for any of the words; none if there is no word in it.

    Every word is a quoted string, so that nothing that is typed can be FTS5's syntax.
    """
    typed = [word for word in _NO_TEXT.sub(" ", words[:LENGTH]).split() if _is_word(word)]
    quoted = ['"' + fold(word).replace('"', " ") + '"' for word in typed]
    if not quoted:
        return ()
    if prefix:
        quoted[-1] += "*"
    return (" AND ".join(quoted), " OR ".join(quoted)) if len(quoted) > 1 else (quoted[0],)


def _is_word(text: str) -> bool:
    return any(unicodedata.category(char)[0] in "LN" for char in text)


class Search:
    """`async with` opens and closes it. Raises `StartupError` on opening if SQLite lacks FTS5."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "search")
        self._numbers: dict[str, int] = {}
        self._last = 0

    async def __aenter__(self) -> Self:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def update(self, gone: Collection[Story], new: Collection[Story]) -> None:
        """Takes stories out, in the version that was put in, and puts others in; searches asked later see it."""
        self._thread.submit(self._update, gone, new).add_done_callback(_complain)

    async def find(self, words: str, now: datetime, limit: int) -> Sequence[str]:
        """Ids of stories with `live_at` <= now: those with all the words, then those with any, best first."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._find, words, now, limit)

    def _open(self) -> None:
        self._database = sqlite3.connect(":memory:", isolation_level=None)
        try:
            self._database.executescript(_TABLES)
        except sqlite3.OperationalError as error:
            raise StartupError(
                f"Search needs FTS5, and this Python's SQLite {sqlite3.sqlite_version} has none ({error}):"
                " run digestbot with a Python from python.org, your distribution or a python container image."
            ) from error

    def _close(self) -> None:
        self._database.close()

    def _update(self, gone: Collection[Story], new: Iterable[Story]) -> None:
        with self._database as database:
            database.execute("BEGIN")
            for story in gone:
                number = self._numbers.pop(story.id)
                database.execute(_REMOVE, (number, *_texts(story)))
                database.execute("DELETE FROM stories WHERE number = ?", (number,))
            for story in sorted(new, key=lambda story: story.live_at):
                self._last += 1
                self._numbers[story.id] = self._last
                database.execute(_KNOW, (self._last, story.id, story.live_at.timestamp()))
                database.execute(_ADD, (self._last, *_texts(story)))

    def _find(self, words: str, now: datetime, limit: int) -> Sequence[str]:
        found: dict[str, None] = {}
        for query in queries(words, prefix=len(self._numbers) < PREFIX_UNTIL):
            if len(found) < limit:
                rows = self._database.execute(_FIND, (query, now.timestamp(), RANKED, limit))
                found |= dict.fromkeys(story for (story,) in rows)
        return [*found][:limit]


def _texts(story: Story) -> tuple[str, str, str]:
    event = story.event
    names = [
        *story.people,
        *story.topics,
        *(f"{award.category} {award.work or ''}" for winner in story.winners for award in winner.awards),
        *([event.name, event.venue or "", event.city or "", event.country or ""] if event else []),
    ]
    body = [story.summary, *(f"{quote.text} {quote.when or ''}" for quote in story.quotes)]
    return fold(story.headline), fold("\n".join(names)), fold("\n".join(body))


def _complain(update: "Future[None]") -> None:
    if error := update.exception():
        _log.error("search.update_failed", exc_info=error)
