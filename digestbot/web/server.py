"""The web server: one port for every page and endpoint it is given."""

import errno
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from digestbot.errors import StartupError
from digestbot.web.guard import add_headers, guard

BODY_LIMIT: Final = 64 * 1024
"""Bytes of a request's body; more is answered with 413."""

_PATIENCE: Final = 5.0
_LINGERING: Final = 1.0
"""Seconds for which the rest of a refused body is still read, so that its sender sees the answer."""


class Server:
    """Serves while the context lasts. `port` 0 takes a free one; read it back from `port` or `url`.

    `hosts` are the names it goes by beside localhost and `host`. `open_paths` skip the guard. `on_stop` is awaited
    before open connections are closed: there streams end themselves.
    """

    def __init__(
        self,
        routes: Iterable[web.AbstractRouteDef],
        *,
        host: str = "127.0.0.1",
        port: int = 8080,
        hosts: Collection[str] = (),
        open_paths: Collection[str] = (),
        on_stop: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        self._host = host
        self._wanted = port
        self._on_stop = tuple(on_stop)
        application = web.Application(middlewares=[guard((host, *hosts), open_paths)], client_max_size=BODY_LIMIT)
        application.add_routes(routes)
        application.on_response_prepare.append(add_headers)
        application.on_shutdown.append(self._stop)
        self._runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=_PATIENCE, lingering_time=_LINGERING
        )

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._wanted).start()
        except (OSError, OverflowError) as error:
            await self._runner.cleanup()
            raise StartupError(self._advice(error)) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        return int(self._runner.addresses[0][1])

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self._host in ("", "0.0.0.0", "::") else self._host  # noqa: S104 - compared, not bound
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"

    async def _stop(self, _application: web.Application) -> None:
        for stop in self._on_stop:
            await stop()

    def _advice(self, error: Exception) -> str:
        if isinstance(error, OverflowError):
            return f"{self._wanted} is not a port: set DIGESTBOT_WEB__PORT to a number from 0 to 65535."
        code = error.errno if isinstance(error, OSError) else None
        if code == errno.EADDRINUSE:
            return (
                f"Port {self._wanted} on {self._host} is taken: stop the program that uses it, "
                "or set DIGESTBOT_WEB__PORT to another port (0 picks a free one)."
            )
        if code == errno.EACCES:
            return f"Port {self._wanted} is not ours to open: set DIGESTBOT_WEB__PORT to one above 1023."
        return f"The web server cannot listen on {self._host} ({error}): set DIGESTBOT_WEB__HOST to an address it has."
