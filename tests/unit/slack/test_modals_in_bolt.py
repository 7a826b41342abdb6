"""Modals behind the real Bolt app, over Socket Mode: what it carries reaches them, and what they say reaches Slack."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck

from digestbot.platforms.slack.api import make_client
from digestbot.platforms.slack.app import make_app
from digestbot.platforms.slack.asking import Asker
from digestbot.platforms.slack.forms import CALLBACK
from digestbot.platforms.slack.workspaces import tenant_in
from tests.unit.commands.world import GALA
from tests.unit.servers.slack_stage import Stage
from tests.unit.servers.test_slack_apps import socket_mode
from tests.unit.slack.modal_stage import ModalStage, modal_stage

ANYTHING = re.compile(r".*", re.DOTALL)


def listening(stage: ModalStage) -> AsyncApp:
    app = make_app(make_client(stage.slack.api, stage.api.session), stage.uploads._roster)
    modals = stage.modals

    def asker(body: dict[str, Any]) -> Asker:
        return Asker(str(tenant_in(body)), body["user"]["id"])

    @app.command("/news")
    async def news(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack()
        who = Asker(str(tenant_in(command)), command["user_id"], command["channel_id"])
        await modals.open(who, command["trigger_id"], command["text"] or None, {}, command["response_url"])

    @app.action(ANYTHING)
    async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await modals.chosen(asker(body), body)

    @app.view(CALLBACK)
    async def submitted(ack: AsyncAck, body: dict[str, Any]) -> None:
        answer = await modals.submitted(asker(body), body)
        await ack(**(answer or {}))

    @app.options(ANYTHING)
    async def offered(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(options=await modals.options(asker(body), body))

    @app.event("app_home_opened")
    async def home(body: dict[str, Any], event: dict[str, Any]) -> None:
        await modals.home(Asker(str(tenant_in(body)), event["user"]), (event.get("view") or {}).get("hash"))

    return app


@asynccontextmanager
async def connected() -> AsyncIterator[ModalStage]:
    async with modal_stage(through_bolt=True) as stage:
        client = make_client(stage.slack.api, stage.api.session)
        async with socket_mode(Stage(stage.slack, stage.team, stage.world.clock, client), listening(stage)):
            yield stage


async def test_from_the_menu_to_an_event_that_is_followed() -> None:
    async with connected() as stage:
        slack, ben = stage.slack, stage.ben
        view = await (await slack.command(stage.team, stage.news_channel, ben, "")).view()
        await slack.record.changed(lambda: "What do you want to do?" in view.reads)
        await slack.press(view, ben, "verb", choice="follow")
        await slack.record.changed(lambda: view.title == "/news follow")
        (gala, *_) = await slack.options(ben, "event", "gala", view)
        assert gala["value"] == GALA.id
        done = await slack.submit(view, ben, {"event": gala})
        assert (done.failure, slack.record.problems) == (None, [])
        assert "You follow it" in view.reads


async def test_an_error_stands_at_its_input() -> None:
    async with connected() as stage:
        slack, ada = stage.slack, stage.ada
        view = await (await slack.command(stage.team, stage.news_channel, ada, "subscribe")).view()
        await slack.record.changed(lambda: "How often" in view.reads)
        (everything, *_) = await slack.options(ada, "what", "all", view)
        done = await slack.submit(view, ada, {"what": [everything], "when": "weekly"})
        assert (done.failure, done.errors) == (None, {"when.days": "Pick at least one day."})


async def test_the_home_is_published_and_pressed() -> None:
    async with connected() as stage:
        slack, ada = stage.slack, stage.ada
        assert (await slack.home(stage.team, ada)).ok
        await slack.record.changed(lambda: slack.home_of(ada) is not None)
        home = slack.home_of(ada)
        assert home
        view = await (await slack.press(home, ada, "Pause")).view()
        await slack.record.changed(lambda: "Paused" in view.reads and "#news (paused)" in home.reads)
        assert slack.record.problems == []
