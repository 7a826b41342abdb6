"""The platform: the parts of this room, put together around one session."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from aiohttp import web

from digestbot.errors import DeliveryError, StartupError
from digestbot.platforms.slack import door, oauth
from digestbot.platforms.slack.answers import Answers
from digestbot.platforms.slack.api import Api, make_client, make_session
from digestbot.platforms.slack.app import make_app
from digestbot.platforms.slack.asking import Asking
from digestbot.platforms.slack.attachments import Attachments
from digestbot.platforms.slack.budget import Budget
from digestbot.platforms.slack.channels import SlackChannels
from digestbot.platforms.slack.conversation import Conversation
from digestbot.platforms.slack.door import Door
from digestbot.platforms.slack.faults import UNWANTED, code_of
from digestbot.platforms.slack.groups import Groups
from digestbot.platforms.slack.listeners import Listeners
from digestbot.platforms.slack.lookback import LookBack
from digestbot.platforms.slack.membership import Membership
from digestbot.platforms.slack.messenger import SlackMessenger
from digestbot.platforms.slack.modals import Modals
from digestbot.platforms.slack.oauth import Install
from digestbot.platforms.slack.once import Once
from digestbot.platforms.slack.people import People
from digestbot.platforms.slack.roster import Roster
from digestbot.platforms.slack.socket import Socket
from digestbot.platforms.slack.targets import Targets
from digestbot.platforms.slack.uploads import Uploads
from digestbot.platforms.slack.workspaces import PLATFORM
from digestbot.ports import Clock, Commands, Installation, Installations, OAuthStates, Tenants

_DRAIN: Final = 10.0  # seconds for answers in hand when we stop
_FIRST: Final = timedelta(seconds=2)
_LONGEST: Final = timedelta(minutes=5)
_RENEW: Final = (
    "Slack refuses the bot's token. Install the app in the workspace (your app → OAuth & Permissions), set"
    " DIGESTBOT_SLACK__BOT_TOKEN to the Bot User OAuth Token, and start digestbot again."
)
_log = structlog.get_logger("slack")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackOptions:
    """One workspace by `bot_token`, or many that install by OAuth; over a socket with `app_token`, else over HTTP."""

    api_base: str
    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    authorize_url: str = oauth.AUTHORIZE
    public_url: str = ""
    admin_group: str = ""
    templates: Sequence[Path] = ()


class SlackPlatform:
    """`ports.Platform`. `messenger` and `channels` are there before the first connection, and say so.

    `routes` and `paths` are for the web server: empty where Slack comes over a socket.
    """

    name = PLATFORM

    def __init__(
        self,
        options: SlackOptions,
        *,
        installations: Installations | None,
        states: OAuthStates,
        tenants: Tenants,
        clock: Clock,
        caught_up: Callable[[], None] = lambda: None,
    ) -> None:
        """Without `installations` the workspace is that of the bot token.

        `caught_up` is called when a workspace that had removed us takes us in again.
        """
        self._options = options
        self._clock = clock
        self._roster = Roster(clock)
        self._api = Api(options.api_base, self._roster)
        self._api.refused = lambda key, code: self._do(self._membership.refused(key, code))
        targets = Targets(self._api)
        self.messenger = SlackMessenger(self._api, targets, LookBack(self._api, self._roster), Budget(clock))
        self.channels = SlackChannels(self._api, targets, clock)
        self._membership = Membership(
            api=self._api,
            roster=self._roster,
            installations=installations,
            tenants=tenants,
            clock=clock,
            caught_up=caught_up,
        )
        self._stranger = make_client(options.api_base, None)
        """Without a token, for those who install; it gets the session when there is one."""
        self._install = self._installing(installations, states) if installations else None
        self._door: Door | None = None
        self._socket: Socket | None = None
        self._conversation: Conversation | None = None
        self._modals: Modals | None = None
        self._work: set[asyncio.Task[None]] = set()

    @property
    def routes(self) -> list[web.RouteDef]:
        ours = [] if self._options.app_token else [web.post(door.PATH, self._entered)]
        return [*ours, *(self._install.routes if self._install else [])]

    @property
    def paths(self) -> tuple[str, ...]:
        return (*door.PATHS, *oauth.PATHS)

    async def run(self, commands: Commands) -> None:
        """Until cancelled. Raises `StartupError` for a token that Slack never took."""
        async with make_session() as session:
            self._api.open(session)
            self._stranger.session = session
            try:
                await self._live(commands)
            finally:
                self._door = self._socket = None
                for work in self._work:
                    work.cancel()
                await asyncio.gather(*self._work, return_exceptions=True)
                self._api.close()

    async def close(self) -> None:
        """Take no more commands, and let those in hand be answered."""
        if self._conversation and self._modals:
            await asyncio.gather(self._conversation.drain(_DRAIN), self._modals.drain(_DRAIN))

    async def check(self) -> str | None:
        """What is wrong, for `/readyz`. A workspace that took its token back is its own trouble, if there are many."""
        if not self._roster.complete:
            return "not connected to Slack"
        alone = next(iter(self._roster.keys), None) if self._options.bot_token else None
        if alone and (trouble := self._roster.trouble(alone)):
            return trouble
        connected = self._socket is None or await self._socket.connected()
        return None if connected else "not connected to Slack"

    async def _live(self, commands: Commands) -> None:
        groups = Groups(self._api, self._clock)
        people = People(self._api, groups, self._clock, self._options.admin_group)
        asking = Asking(commands, people, groups)
        self._conversation = Conversation(asking, Answers(self._api, Attachments(self._api)))
        self._modals = Modals(asking, self._api, Uploads(self._api, self._roster, self._options.api_base), self._clock)
        app = make_app(self._api.client, self._roster)
        app.middleware(Once(self._clock).middleware)
        Listeners(self._conversation, self._modals, self._membership).register(app)
        await (self._recognize() if self._options.bot_token else self._membership.load())
        self._roster.complete = True
        if self._options.app_token:
            self._socket = Socket(app, self._api, self._options.app_token, self._clock)
            await self._socket.run()
        else:
            self._door = Door(app, self._options.signing_secret, self._clock)
            await asyncio.Event().wait()

    async def _recognize(self) -> None:
        """Whose token it is that stands in our settings."""
        wait = _FIRST
        while True:
            try:
                said = await self._api.ask("auth.test", self._options.bot_token)
            except DeliveryError as fault:
                if code_of(fault) in UNWANTED:
                    raise StartupError(_RENEW) from fault
                _log.warning("slack.unreachable", reason=str(fault), again_in=str(wait))
            else:
                break
            await self._clock.sleep(wait)
            wait = min(wait * 2, _LONGEST)
        await self._membership.installed(
            Installation(
                enterprise=None,
                team=str(said["team_id"]),
                name=str(said.get("team") or said["team_id"]),
                token=self._options.bot_token,
                bot_user=str(said["user_id"]),
                bot_id=str(said.get("bot_id") or ""),
                scopes=(),
                installed_by="",
                installed_at=self._clock.now(),
            )
        )

    def _installing(self, installations: Installations, states: OAuthStates) -> Install:
        options = self._options
        return Install(
            client_id=options.client_id,
            client_secret=options.client_secret,
            public_url=options.public_url,
            installations=installations,
            states=states,
            clock=self._clock,
            client=self._stranger,
            installed=self._membership.installed,
            templates=options.templates,
            authorize_url=options.authorize_url,
        )

    async def _entered(self, request: web.Request) -> web.StreamResponse:
        if self._door is None:
            raise web.HTTPServiceUnavailable(text="digestbot is starting.", headers={"Retry-After": "5"})
        return await self._door.serve(request)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        """What follows from an answer ends with us at the latest."""
        task = asyncio.create_task(_logged(work), name="slack-event")
        self._work.add(task)
        task.add_done_callback(self._work.discard)


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:  # noqa: BLE001 - the store may be away: the next refusal, or the next start, comes here again
        _log.exception("slack.event_failed")
