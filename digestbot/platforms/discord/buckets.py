"""Buckets: the library's, but a call that Discord still allows is made however long its window lasts."""

from itertools import count
from typing import Final

import discord
from discord.http import Ratelimit

_NOW_AND_THEN: Final = 1_000


class Bucket(Ratelimit):
    """The library refuses every further call of a window that lasts longer than its patience, calls left or not.

    That would publish one announcement an hour where Discord takes ten.
    """

    async def acquire(self) -> None:
        if self.is_expired():
            self.reset()  # type: ignore[no-untyped-call]  # the library leaves it so
        if self.remaining <= 0:
            await super().acquire()
            return
        self._last_request = self._loop.time()
        self.remaining -= 1
        self.outgoing += 1


def use_buckets(client: discord.Client) -> None:
    """From now on this client's requests go through ours.

    The library looks through all buckets for old ones whenever it makes one, which for ten thousand channels costs more
    than the requests; here it does so now and then.
    """
    http, made = client.http, count(1)

    def bucket(key: str) -> Ratelimit:
        known = http._buckets.get(key)  # noqa: SLF001 - the library's own table, in which it would put its own
        if known is None:
            known = http._buckets[key] = Bucket(http.max_ratelimit_timeout)  # noqa: SLF001 - as above
            if next(made) % _NOW_AND_THEN == 0:
                http._try_clear_expired_ratelimits()  # noqa: SLF001 - as above
        return known

    http.get_ratelimit = bucket  # type: ignore[method-assign]  # the one place where it makes them
