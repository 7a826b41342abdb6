"""Modals before the loopback Slack, with the real commands behind them; what people do reaches them without Bolt."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from digestbot.commands.news import News
from digestbot.domain.place import Channel, Place
from digestbot.platforms.slack.api import Api, make_session
from digestbot.platforms.slack.asking import Asker, Asking
from digestbot.platforms.slack.groups import Groups
from digestbot.platforms.slack.modals import Modals
from digestbot.platforms.slack.people import People
from digestbot.platforms.slack.roster import Roster
from digestbot.platforms.slack.uploads import Uploads
from digestbot.platforms.slack.workspaces import direct, tenant_in
from digestbot.ports import Installation
from tests.fakes import FakeChannels
from tests.servers.slack import world as slack_world
from tests.servers.slack.ack import Ack
from tests.servers.slack.server import Slack
from tests.servers.slack.views import View
from tests.servers.slack.world import User, Workspace
from tests.unit.commands.world import DAILY, INSTANT, NOW, World, real_renderer

RENDERER = real_renderer()


class SlackChannels(FakeChannels):
    async def direct(self, tenant: str, member: str) -> Place:
        return direct(tenant, member)


class Listeners:
    """In place of the courier: hands everything to the modals as Bolt's listeners would, and waits until it is done."""

    def __init__(self, modals: Modals, news: News) -> None:
        self.modals = modals
        self.news = news
        self.opened: list[bool] = []

    async def command(self, payload: Mapping[str, Any], _via: str) -> Ack:
        asker = Asker(str(tenant_in(payload)), payload["user_id"], payload["channel_id"])
        verb, options = self.news.read(payload["text"]) if payload["text"] else (None, {})
        self.opened.append(await self.modals.open(asker, payload["trigger_id"], verb, options, payload["response_url"]))
        return Ack()

    async def interact(self, payload: Mapping[str, Any], _via: str) -> Ack:
        asker = Asker(str(tenant_in(payload)), payload["user"]["id"])
        match payload["type"]:
            case "block_actions":
                await self.modals.chosen(asker, payload)
                return Ack()
            case "view_submission":
                return Ack(body=await self.modals.submitted(asker, payload))
            case "block_suggestion":
                return Ack(body={"options": await self.modals.options(asker, payload)})
        raise AssertionError(payload)

    async def event(self, payload: Mapping[str, Any], *_: object) -> Ack:
        event = payload["event"]
        asker = Asker(payload["team_id"], event["user"], event["channel"])
        await self.modals.home(asker, event.get("view", {}).get("hash"))
        return Ack()


@dataclass(kw_only=True)
class ModalStage:
    """`ada` manages the workspace, `ben` does not. Two of its channels have the subscriptions daily2 and music3."""

    slack: Slack
    team: Workspace
    ada: User
    ben: User
    news_channel: slack_world.Channel
    world: World
    api: Api
    uploads: Uploads
    modals: Modals
    listeners: Listeners

    async def typed(self, user: User, text: str = "", channel: slack_world.Channel | None = None) -> View:
        """`/news …`, as far as it opens a modal."""
        done = await self.slack.command(self.team, channel or self.news_channel, user, text)
        return done.opened[-1]

    async def at_home(self, user: User) -> View:
        await self.slack.home(self.team, user)
        home = self.slack.home_of(user)
        assert home
        return home

    async def submit(self, view: View, user: User, **values: Any) -> View:  # noqa: ANN401 - whatever an input takes
        """The view after it; block ids with a dot in them are written with `__`."""
        await self.slack.submit(view, user, {name.replace("__", "."): value for name, value in values.items()})
        assert self.slack.record.problems == []
        return view

    async def drained(self) -> None:
        await self.modals.drain(5)

    def asked(self, method: str) -> int:
        return len(self.slack.record.asked(method))


@asynccontextmanager
async def modal_stage(*, soon: float = 5.0, through_bolt: bool = False) -> AsyncIterator[ModalStage]:
    """`through_bolt` leaves it to the test to connect an app."""
    world = World(renderer=RENDERER)
    async with Slack(clock=world.clock) as slack, make_session() as session:
        team = slack.workspace()
        news, music = team.channel("news"), team.channel("music")
        world.subscriptions.rows.clear()
        for known, channel in ((DAILY, news), (INSTANT, music)):
            place = Place("slack", team.id, channel.id)
            world.subscriptions.rows[known.id] = replace(known, place=place)
        channels = SlackChannels({team.id: [Channel(news.id, "news"), Channel(music.id, "music")]})
        world.desk = replace(world.desk, channels={"slack": channels}, layouts=())
        world.news = News(world.desk, incident=lambda: "1nc1dent")
        roster = Roster(world.clock)
        roster.put(installation(team))
        api = Api(slack.api, roster)
        api.open(session)
        groups = Groups(api, world.clock)
        asking = Asking(world.news, People(api, groups, world.clock), groups)
        uploads = Uploads(api, roster, slack.api)
        modals = Modals(asking, api, uploads, world.clock, soon=soon)
        listeners = Listeners(modals, world.news)
        if not through_bolt:
            slack._acting._courier = slack.events._courier = listeners  # type: ignore[assignment]  # in its place
        yield ModalStage(
            slack=slack,
            team=team,
            ada=team.user("ada", admin=True),
            ben=team.user("ben"),
            news_channel=news,
            world=world,
            api=api,
            uploads=uploads,
            modals=modals,
            listeners=listeners,
        )
        await modals.drain(5)


def installation(team: Workspace) -> Installation:
    return Installation(
        enterprise=None,
        team=team.id,
        name=team.name,
        token=team.bot_token,
        bot_user=team.bot_user,
        bot_id=team.bot_id,
        scopes=(),
        installed_by="U1",
        installed_at=NOW,
    )
