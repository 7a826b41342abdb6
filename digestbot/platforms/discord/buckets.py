"""Buckets: the library's, but a call that Discord still allows is made however long its window lasts."""

import discord
from discord.http import HTTPClient, Ratelimit


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
    """From now on this client's requests go through ours."""
    http = client.http

    def bucket(key: str) -> Ratelimit:
        if key not in http._buckets:  # noqa: SLF001 - the library's own table, in which it would put its own
            http._buckets[key] = Bucket(http.max_ratelimit_timeout)  # noqa: SLF001 - as above
        return HTTPClient.get_ratelimit(http, key)

    http.get_ratelimit = bucket  # type: ignore[method-assign]  # the one place where it makes them
