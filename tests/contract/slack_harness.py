"""Slack's messenger with the real client, against a server that keeps Slack's rules."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Look
from digestbot.errors import Busy
from digestbot.platforms.slack.api import Api, make_session
from digestbot.platforms.slack.budget import Budget
from digestbot.platforms.slack.lookback import LookBack
from digestbot.platforms.slack.messenger import SlackMessenger
from digestbot.platforms.slack.roster import Roster
from digestbot.platforms.slack.scopes import SCOPES
from digestbot.platforms.slack.targets import Targets
from digestbot.ports import Installation, Outgoing, Sighting
from tests.fakes import FakeClock
from tests.servers.slack.server import Slack
from tests.servers.slack.world import Workspace


@dataclass
class Patient:
    """The messenger, and who calls it again when its turn has come; a wait that Slack asks for is passed on."""

    messenger: SlackMessenger
    clock: FakeClock
    platform: str = SlackMessenger.platform
    grace: timedelta = SlackMessenger.grace

    def sorts(self, place: Place, look: Look) -> bool:
        return self.messenger.sorts(place, look)

    def repeatable(self, place: Place, age: timedelta) -> bool:
        return self.messenger.repeatable(place, age)

    async def send(self, outgoing: Outgoing) -> MessageRef:
        try:
            return await self.messenger.send(outgoing)
        except Busy as fault:
            if fault.__cause__:
                raise
            self.clock.at += fault.after or timedelta()
            return await self.messenger.send(outgoing)

    async def edit(self, ref: MessageRef, outgoing: Outgoing) -> MessageRef:
        try:
            return await self.messenger.edit(ref, outgoing)
        except Busy as fault:
            if fault.__cause__:
                raise
            self.clock.at += fault.after or timedelta()
            return await self.messenger.edit(ref, outgoing)

    async def find(self, outgoing: Outgoing) -> Sighting:
        return await self.messenger.find(outgoing)


@dataclass
class Connected:
    server: Slack
    workspace: Workspace
    clock: FakeClock
    roster: Roster
    api: Api
    targets: Targets
    messenger: SlackMessenger


@asynccontextmanager
async def connected(now: datetime) -> AsyncIterator[Connected]:
    """One workspace, without limits of rate on the server's side."""
    async with Slack() as server, make_session() as session:
        server.limits.enforced = False
        workspace = server.workspace("Team")
        workspace.scopes = set(SCOPES)
        clock = FakeClock(now)
        roster = Roster(clock)
        roster.put(installation(workspace, now))
        api = Api(server.api, roster)
        api.open(session)
        targets = Targets(api)
        messenger = SlackMessenger(api, targets, LookBack(api, roster), Budget(clock))
        yield Connected(server, workspace, clock, roster, api, targets, messenger)


def installation(workspace: Workspace, at: datetime) -> Installation:
    return Installation(
        enterprise=None,
        team=workspace.id,
        name=workspace.name,
        token=workspace.bot_token,
        bot_user=workspace.bot_user,
        bot_id=workspace.bot_id,
        scopes=tuple(sorted(workspace.scopes)),
        installed_by="",
        installed_at=at,
    )
