"""Identifies: how often the gateway was asked for a new session, remembered over restarts.

Discord resets the token of a bot that does so a thousand times a day (gateway: session start limits); a crash loop
must not come near it.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from digestbot.ports import Clock, Notebook

NOTE: Final = "discord.identifies"
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_FREE_AN_HOUR: Final = 5
_MANY_A_DAY: Final = 50
_FIRST_PAUSE: Final = timedelta(seconds=30)
_MOST_DOUBLINGS: Final = 5
_LONGEST_PAUSE: Final = timedelta(minutes=15)
_PAUSE_AFTER_MANY: Final = timedelta(minutes=30)
_log = structlog.get_logger("discord")


def pause(times: Sequence[datetime], now: datetime) -> timedelta:
    """How much longer a shard that identified at these times is to wait: five an hour are free, then ever longer.

    It counts from the last one, so that whoever is cut off while waiting, and comes again, has the less to wait.
    """
    today = [at for at in times if now - at < _DAY]
    lately = sum(now - at < _HOUR for at in today)
    if len(today) >= _MANY_A_DAY:
        whole = _PAUSE_AFTER_MANY
    elif lately < _FREE_AN_HOUR:
        return timedelta()
    else:
        whole = min(_FIRST_PAUSE * (1 << min(lately - _FREE_AN_HOUR, _MOST_DOUBLINGS)), _LONGEST_PAUSE)
    return min(max(max(today) + whole - now, timedelta()), whole)


class Identifies:
    """`allow` before each; it is written down before it is done."""

    def __init__(self, notebook: Notebook, clock: Clock) -> None:
        self._notebook = notebook
        self._clock = clock
        self._writing = asyncio.Lock()

    async def allow(self, shard: int) -> None:
        """Returns once this shard may identify."""
        wait = pause(_read(await self._notebook.read(NOTE)).get(shard, ()), self._clock.now())
        if wait:
            _log.warning(
                "discord.identify_paused",
                shard=shard,
                wait=str(wait),
                next="digestbot connected very often lately: look above for why it stopped or lost its connection",
            )
            await self._clock.sleep(wait)
        async with self._writing:
            await self._note(shard)

    async def _note(self, shard: int) -> None:
        known, now = _read(await self._notebook.read(NOTE)), self._clock.now()
        kept = {each: [at for at in times if now - at < _DAY] for each, times in known.items()}
        kept[shard] = [*kept.get(shard, ()), now]
        await self._notebook.write(NOTE, _written(kept))


def _read(text: str | None) -> dict[int, list[datetime]]:
    stamps = json.loads(text) if text else {}
    return {int(shard): [datetime.fromtimestamp(at, UTC) for at in times] for shard, times in stamps.items()}


def _written(times: Mapping[int, Sequence[datetime]]) -> str:
    return json.dumps({str(shard): [round(at.timestamp(), 3) for at in each] for shard, each in times.items()})
