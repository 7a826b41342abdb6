"""A loopback Slack: the Web API, Socket Mode, requests to apps, and OAuth, as strict as the real one."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from digestbot.ports import Clock
from digestbot.runtime.clock import SystemClock
from tests.servers.slack.ack import Ack
from tests.servers.slack.acting import Acting
from tests.servers.slack.answers import Answers
from tests.servers.slack.api import Api
from tests.servers.slack.courier import Courier, Via
from tests.servers.slack.events import Events
from tests.servers.slack.faults import Faults
from tests.servers.slack.files import Downloads
from tests.servers.slack.interaction import Interaction
from tests.servers.slack.limits import Limits
from tests.servers.slack.oauth import OAuth
from tests.servers.slack.posting import body_of, post
from tests.servers.slack.record import Message, Record
from tests.servers.slack.signing import Outbox
from tests.servers.slack.sockets import Sockets
from tests.servers.slack.state import State
from tests.servers.slack.views import View
from tests.servers.slack.world import Channel, File, User, Workspace


class Slack:
    """`async with Slack(clock=…) as slack:`; the first workspace's token is also `bot_token`."""

    def __init__(self, *, clock: Clock | None = None) -> None:
        self.state = state = State(clock or SystemClock())
        self.sockets = Sockets(state)
        self.outbox = Outbox(state.credentials.signing_secret)
        self.oauth = OAuth(state)
        self.downloads = Downloads(state)
        self._answers = Answers(state)
        self._courier = Courier(state, self.sockets, self.outbox)
        self._acting = Acting(state, self._courier, self._answers)
        self.events = Events(state, self._courier)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.state.origin = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.state.closing.set()
        await self.sockets.drop()
        if self._runner:
            await self._runner.cleanup()

    @property
    def api(self) -> str:
        return f"{self.state.origin}/api/"

    @property
    def authorize_url(self) -> str:
        return f"{self.state.origin}/oauth/v2/authorize"

    @property
    def http_base(self) -> str:
        """Where the app listens; requests go to /slack/events there."""
        return self.outbox.base

    @http_base.setter
    def http_base(self, base: str) -> None:
        self.outbox.base = base.rstrip("/")

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

    async def connected(self, connections: int = 1) -> None:
        """Wait until the app holds that many connections."""
        await self.record.changed(lambda: len(self.sockets.connections) >= connections)

    def say(self, channel: Channel, user: User, text: str, **more: object) -> Message:
        """A message of someone else; `more` as chat.postMessage takes it."""
        channel.members.add(user.id)
        body = body_of({"text": text, **more})
        message = post(self.state, self.state.workspaces[channel.team], channel, body)
        message.user = user.id
        return message

    async def command(
        self, ws: Workspace, channel: Channel, user: User, text: str, command: str = "/news", *, via: Via = "socket"
    ) -> Interaction:
        return await self._acting.command(ws, channel, user, (command, text), via)

    async def press(
        self, where: Message | View, user: User, label_or_action: str, *, via: Via = "socket", choice: str | None = None
    ) -> Interaction:
        """`choice` is the label or value of an option, where the element has options."""
        return await self._acting.press(where, user, label_or_action, via, choice)

    async def options(
        self, user: User, action_id: str, typed: str, view: View | Message, *, via: Via = "socket"
    ) -> list[dict[str, Any]]:
        return await self._acting.options(user, action_id, typed, view, via)

    async def submit(
        self, view: View, user: User, values: Mapping[str, Any] | None = None, *, via: Via = "socket"
    ) -> Interaction:
        """`values` by label, action_id or block_id of the inputs."""
        return await self._acting.submit(view, user, values or {}, via)

    async def close(self, view: View, user: User, *, via: Via = "socket") -> Interaction | None:
        return await self._acting.close(view, user, via)

    async def home(self, ws: Workspace, user: User, *, via: Via = "socket") -> Ack:
        return await self.events.home(ws, user, via)

    async def event(self, ws: Workspace, body: dict[str, Any], *, via: Via = "socket", retry: int = 0) -> Ack:
        """Once; a `retry` brings the newest event of the same body again, with the same id and time."""
        return await self.events.tell(self.events.happened(ws, body, again=retry > 0), via, retry)

    async def persist(self, ws: Workspace, body: dict[str, Any], *, via: Via = "socket") -> list[Ack]:
        """An event with Slack's own three retries, the pauses on the clock."""
        return await self._courier.persist(self.events.happened(ws, body), via)

    async def uninstall(
        self,
        ws: Workspace,
        *,
        order: tuple[str, ...] = ("tokens_revoked", "app_uninstalled"),
        via: Via = "socket",
        later: bool = False,
    ) -> list[Ack]:
        """`later` keeps the events back until `release`."""
        return await self.events.end(ws, order, via, later=later)

    async def revoke(self, ws: Workspace, *, via: Via = "socket", later: bool = False) -> list[Ack]:
        return await self.events.end(ws, ("tokens_revoked",), via, later=later)

    async def release(self, *, via: Via = "socket") -> list[Ack]:
        return await self.events.release(via)

    def attach(self, ws: Workspace, name: str, content: bytes) -> dict[str, Any]:
        """A file that somebody put into a form: one of the values of a file_input."""
        file = File(f"F{next(self.state.numbers):010d}", name, len(content), content, team=ws.id)
        self.state.files[file.id] = file
        return file.shown(self.state.origin)

    def reinstall(self, ws: Workspace) -> None:
        """As from Slack's own pages; with a code it goes through `authorize_url`."""
        ws.install()

    def _application(self) -> web.Application:
        doors = {"apps.connections.open": self.sockets.open, "oauth.v2.access": self.oauth.access}
        app = web.Application(client_max_size=32 * 1024**2)
        app.router.add_route("*", "/api/{method}", Api(self.state, doors).serve)
        app.router.add_get("/link/", self.sockets.serve)
        app.router.add_post("/response/{team}/{number}", self._answers.serve)
        app.router.add_get("/oauth/v2/authorize", self.oauth.authorize)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/files-pri/{file}/{name}", self.downloads.serve)
        return app

    async def _upload(self, request: web.Request) -> web.Response:
        file = self.state.files.get(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound
        file.content = await request.read()
        return web.Response(text=f"OK - {len(file.content)}")
