"""A loopback Slack: the Web API, Socket Mode, requests to apps, and OAuth, as strict as the real one."""

from types import TracebackType
from typing import Self

from aiohttp import web

from digestbot.ports import Clock
from digestbot.runtime.clock import SystemClock
from tests.servers.slack.api import Api
from tests.servers.slack.faults import Faults
from tests.servers.slack.limits import Limits
from tests.servers.slack.record import Record
from tests.servers.slack.state import State
from tests.servers.slack.views import View
from tests.servers.slack.world import User, Workspace


class Slack:
    """`async with Slack(clock=…) as slack:`; the first workspace's token is also `bot_token`."""

    def __init__(self, *, clock: Clock | None = None) -> None:
        self.state = State(clock or SystemClock())
        self.api = ""
        self.http_base = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 * 1024**2)
        app.router.add_route("*", "/api/{method}", Api(self.state, {}).serve)
        app.router.add_post("/upload/{file}", self._upload)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.state.origin = f"http://{host}:{port}"
        self.api = f"{self.state.origin}/api/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.state.closing.set()
        if self._runner:
            await self._runner.cleanup()

    @property
    def record(self) -> Record:
        return self.state.record

    @property
    def faults(self) -> Faults:
        return self.state.faults

    @property
    def limits(self) -> Limits:
        return self.state.limits

    @property
    def bot_token(self) -> str:
        return next(iter(self.state.workspaces.values())).bot_token

    @property
    def app_token(self) -> str:
        return self.state.credentials.app_token

    @property
    def signing_secret(self) -> str:
        return self.state.credentials.signing_secret

    @property
    def client_id(self) -> str:
        return self.state.credentials.client_id

    @property
    def client_secret(self) -> str:
        return self.state.credentials.client_secret

    def workspace(self, name: str = "Team", *, enterprise: str | None = None) -> Workspace:
        return self.state.found(name, enterprise)

    def home_of(self, user: User) -> View | None:
        return self.state.views.homes.get((user.team, user.id))

    async def _upload(self, request: web.Request) -> web.Response:
        file = self.state.files.get(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound
        file.content = await request.read()
        return web.Response(text=f"OK - {len(file.content)}")
