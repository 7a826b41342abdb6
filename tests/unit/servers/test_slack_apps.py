"""The real Bolt app against the loopback Slack, over Socket Mode and over HTTP."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.servers.slack.courier import Via
from tests.servers.slack.faults import Fault, Kind
from tests.servers.slack.inputs import Unusable
from tests.servers.slack.malformed import corpus
from tests.servers.slack.signing import FORM
from tests.unit.servers.slack_stage import Stage, error_of, open_stage

MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "subscribe",
    "title": {"type": "plain_text", "text": "Subscribe"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": {"type": "plain_text", "text": "What"},
            "element": {"type": "external_select", "action_id": "topic", "min_query_length": 2},
        },
        {
            "type": "input",
            "block_id": "when",
            "optional": True,
            "label": {"type": "plain_text", "text": "When"},
            "element": {"type": "plain_text_input", "action_id": "time", "initial_value": "09:00"},
        },
    ],
}
OPTION: dict[str, Any] = {"text": {"type": "plain_text", "text": "Music"}, "value": "music"}
BUTTON: dict[str, Any] = {
    "type": "actions",
    "elements": [
        {"type": "button", "text": {"type": "plain_text", "text": "More"}, "action_id": "more", "value": "page:2"}
    ],
}


def make_app(stage: Stage) -> AsyncApp:
    logger = logging.getLogger("quiet-bolt")
    logger.setLevel(logging.CRITICAL)
    return AsyncApp(
        client=stage.client, signing_secret=stage.slack.signing_secret, logger=logger, process_before_response=False
    )


@asynccontextmanager
async def socket_mode(stage: Stage, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    client = AsyncWebClient(base_url=stage.slack.api)
    handler = AsyncSocketModeHandler(
        app, stage.slack.app_token, web_client=client, logger=app.logger, ping_interval=0.1
    )
    before = len(stage.slack.sockets.connections)
    await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt leaves it unannotated
    try:
        async with asyncio.timeout(5):
            await stage.slack.connected(before + 1)
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call] # the same


@asynccontextmanager
async def over_http(stage: Stage, app: AsyncApp) -> AsyncIterator[None]:
    runner = web.AppRunner(app.web_app("/slack/events"), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    stage.slack.http_base = f"http://{host}:{port}"
    try:
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def listening(stage: Stage, app: AsyncApp, via: Via) -> AsyncIterator[None]:
    if via == "http":
        async with over_http(stage, app):
            yield
    else:
        async with socket_mode(stage, app):
            yield


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as stage:
        yield stage


@pytest.fixture(params=["socket", "http"])
def via(request: pytest.FixtureRequest) -> Via:
    way: Via = request.param
    return way


async def test_a_command_is_acknowledged_and_answered(stage: Stage, via: Via) -> None:
    app, channel, user = make_app(stage), stage.team.channel("news"), stage.team.user("ann")

    @app.command("/news")
    async def news(ack: AsyncAck, respond: AsyncRespond, command: dict[str, Any]) -> None:
        await ack()
        await respond(f"You asked for {command['text']} in {command['channel_name']}")

    async with listening(stage, app, via):
        asked = await stage.slack.command(stage.team, channel, user, "latest", via=via)
        answer = await asked.answered()
    assert asked.failure is None
    assert answer.ephemeral_to == user.id
    assert asked.reads == "You asked for latest in news"
    assert stage.slack.record.problems == []


async def test_an_acknowledgement_may_be_the_answer(stage: Stage, via: Via) -> None:
    app, channel, user = make_app(stage), stage.team.channel("news"), stage.team.user("ann")

    @app.command("/news")
    async def news(ack: AsyncAck) -> None:
        await ack(text="for all", response_type="in_channel")

    async with listening(stage, app, via):
        await stage.slack.command(stage.team, channel, user, "latest", via=via)
    assert stage.slack.record.texts(channel.id) == ["for all"]


async def test_five_answers_within_thirty_minutes_and_no_more(stage: Stage) -> None:
    app, channel, user = make_app(stage), stage.team.channel("news"), stage.team.user("ann")

    @app.command("/news")
    async def news(ack: AsyncAck) -> None:
        await ack()

    async with listening(stage, app, "socket"):
        asked = await stage.slack.command(stage.team, channel, user, "latest")
        url = asked.payload["response_url"]
        async with aiohttp.ClientSession() as session:
            statuses = [(await session.post(url, json={"text": str(number)})).status for number in range(6)]
            other = await session.post(url.rpartition("/")[0] + "/99", json={"text": "x"})
            empty = (await stage.slack.command(stage.team, channel, user, "latest")).payload["response_url"]
            nothing = await session.post(empty, json={})
    assert statuses == [200, 200, 200, 200, 200, 404]
    assert (other.status, nothing.status) == (404, 400)
    assert len(stage.slack.record.whispered(user.id)) == 5


async def test_an_answer_may_replace_the_message_that_was_pressed(stage: Stage, via: Via) -> None:
    app, channel, user = make_app(stage), stage.team.channel("news"), stage.team.user("ann")

    @app.action("more")
    async def more(ack: AsyncAck, respond: AsyncRespond, action: dict[str, Any]) -> None:
        await ack()
        await respond(text=action["value"], replace_original=True)

    await stage.client.chat_postMessage(channel=channel.id, text="page 1", blocks=[BUTTON])
    (message,) = stage.slack.record.messages
    async with listening(stage, app, via):
        pressed = await stage.slack.press(message, user, "More", via=via)
        async with asyncio.timeout(5):
            await stage.slack.record.changed(lambda: message.text == "page:2")
        with pytest.raises(Unusable):
            await stage.slack.press(message, user, "More", via=via)
    assert pressed.payload["message"]["ts"] == message.ts


async def test_a_modal_is_opened_filled_corrected_and_closed(stage: Stage, via: Via) -> None:
    app, channel, user = make_app(stage), stage.team.channel("news"), stage.team.user("ann")

    @app.command("/news")
    async def news(ack: AsyncAck, client: AsyncWebClient, command: dict[str, Any]) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=MODAL)
        await ack()

    @app.options("topic")
    async def topics(ack: AsyncAck, payload: dict[str, Any]) -> None:
        await ack(options=[OPTION] if payload["value"] in "music" else [])

    @app.view("subscribe")
    async def subscribe(ack: AsyncAck, view: dict[str, Any]) -> None:
        time = view["state"]["values"]["when"]["time"]["value"]
        await (ack() if time == "18:00" else ack(response_action="errors", errors={"when": "not then"}))

    async with listening(stage, app, via):
        asked = await stage.slack.command(stage.team, channel, user, "subscribe", via=via)
        view = await asked.view()
        assert await stage.slack.options(user, "topic", "m", view, via=via) == []
        assert await stage.slack.options(user, "topic", "mus", view, via=via) == [OPTION]
        with pytest.raises(Unusable):
            await stage.slack.submit(view, user, via=via)
        refused = await stage.slack.submit(view, user, {"What": OPTION}, via=via)
        assert (refused.errors, view.open) == ({"when": "not then"}, True)
        await stage.slack.submit(view, user, {"What": OPTION, "When": "18:00"}, via=via)
    assert view.open is False
    assert stage.slack.record.problems == []


async def test_a_home_is_published_when_it_is_opened(stage: Stage, via: Via) -> None:
    app, user = make_app(stage), stage.team.user("ann")

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        hello = {"type": "section", "text": {"type": "plain_text", "text": "Hello"}}
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [hello]})

    async with listening(stage, app, via):
        await stage.slack.home(stage.team, user, via=via)
        async with asyncio.timeout(5):
            await stage.slack.record.changed(lambda: stage.slack.home_of(user) is not None)


async def test_a_late_acknowledgement_is_a_failure(stage: Stage, via: Via) -> None:
    app, channel, user = make_app(stage), stage.team.channel("news"), stage.team.user("ann")
    stage.slack.sockets.deadline = stage.slack.outbox.deadline = 0.1
    freed = asyncio.Event()

    @app.command("/news")
    async def news(ack: AsyncAck) -> None:
        await freed.wait()
        await ack()

    async with listening(stage, app, via):
        asked = await stage.slack.command(stage.team, channel, user, "latest", via=via)
        freed.set()
    assert asked.failure == {"socket": "timeout", "http": "http_timeout"}[via]


async def test_nobody_listening_is_a_failure(stage: Stage) -> None:
    channel, user = stage.team.channel("news"), stage.team.user("ann")
    stage.slack.http_base = "http://127.0.0.1:9"
    failures = [
        (await stage.slack.command(stage.team, channel, user, "latest", via=via)).failure
        for via in ("socket", "http")  # type: Via
    ]
    assert failures == ["dispatch_failed", "connection_failed"]


async def test_events_are_brought_again_with_the_same_id(stage: Stage, via: Via) -> None:
    app = make_app(stage)
    seen: list[tuple[str, str | None]] = []

    @app.event("channel_rename")
    async def renamed(body: dict[str, Any], request: Any) -> None:  # noqa: ANN401 - Bolt's request
        seen.append((body["event_id"], request.headers.get("x-slack-retry-num", [None])[0]))
        stage.slack.record.bell.ring()

    body = {"type": "channel_rename", "channel": {"id": "C1", "name": "more"}}
    async with listening(stage, app, via):
        await stage.slack.event(stage.team, body, via=via)
        await stage.slack.event(stage.team, body, via=via, retry=1)
        async with asyncio.timeout(5):
            await stage.slack.record.changed(lambda: len(seen) == 2)
    first, second = {"socket": "0", "http": None}[via], "1"
    assert seen == [("Ev000000001", first), ("Ev000000001", second)]


async def test_failed_events_come_three_more_times_unless_the_app_minds(stage: Stage) -> None:
    numbers: list[str | None] = []
    minds = False

    async def refuse(request: web.Request) -> web.Response:
        numbers.append(request.headers.get("X-Slack-Retry-Num"))
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"} if minds else {})

    site = web.Application()
    site.router.add_post("/slack/events", refuse)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stage.slack.http_base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    began = stage.clock.at
    acks = await stage.slack.persist(stage.team, {"type": "app_uninstalled"}, via="http")
    assert [ack.failure for ack in acks] == ["http_error"] * 4
    assert (numbers, (stage.clock.at - began).total_seconds()) == ([None, "1", "2", "3"], 360)
    minds = True
    assert len(await stage.slack.persist(stage.team, {"type": "app_uninstalled"}, via="http")) == 1
    await runner.cleanup()


async def test_an_end_is_told_in_any_order_and_as_late_as_wished(stage: Stage) -> None:
    app = make_app(stage)
    seen: list[str] = []

    for kind in ("tokens_revoked", "app_uninstalled"):

        @app.event(kind)
        async def ended(event: dict[str, Any]) -> None:
            seen.append(event["type"])

    old = stage.team.bot_token
    async with listening(stage, app, "socket"):
        await stage.slack.uninstall(stage.team, order=("app_uninstalled", "tokens_revoked"), later=True)
        with pytest.raises(SlackApiError) as raised:
            await stage.client.auth_test()
        assert error_of(raised) == "account_inactive"
        stage.slack.reinstall(stage.team)
        assert (await stage.client.auth_test(token=stage.team.bot_token))["ok"]
        with pytest.raises(SlackApiError):
            await stage.client.auth_test(token=old)
        stage.client.token = stage.team.bot_token
        acks = await stage.slack.release()
    assert all(ack.ok for ack in acks)
    assert seen == ["app_uninstalled", "tokens_revoked"]


async def test_envelopes_go_to_every_connection_by_turns(stage: Stage) -> None:
    channel, user = stage.team.channel("news"), stage.team.user("ann")
    seen: list[str] = []

    def named(name: str) -> AsyncApp:
        app = make_app(stage)

        @app.command("/news")
        async def news(ack: AsyncAck) -> None:
            seen.append(name)
            await ack()

        return app

    async with socket_mode(stage, named("one")), socket_mode(stage, named("two")):
        for _ in range(4):
            await stage.slack.command(stage.team, channel, user, "latest")
    assert sorted(seen) == ["one", "one", "two", "two"]


@pytest.mark.parametrize("lose", [lambda slack: slack.sockets.disconnect(), lambda slack: slack.sockets.drop()])
async def test_the_app_comes_back_after_a_disconnect(stage: Stage, lose: Callable[[Any], Any]) -> None:
    app, channel, user = make_app(stage), stage.team.channel("news"), stage.team.user("ann")

    @app.command("/news")
    async def news(ack: AsyncAck) -> None:
        await ack()

    async with socket_mode(stage, app):
        (old,) = stage.slack.sockets.connections
        await lose(stage.slack)
        async with asyncio.timeout(10):
            await stage.slack.record.changed(
                lambda: old not in stage.slack.sockets.connections and bool(stage.slack.sockets.connections)
            )
        assert (await stage.slack.command(stage.team, channel, user, "latest")).failure is None


async def test_an_event_that_a_connection_swallowed_goes_to_another(stage: Stage) -> None:
    app = make_app(stage)
    seen: list[str] = []
    stage.slack.sockets.deadline = 0.2

    @app.event("channel_rename")
    async def renamed(body: dict[str, Any]) -> None:
        seen.append(body["event_id"])

    url = (
        await AsyncWebClient(stage.slack.app_token, base_url=stage.slack.api).apps_connections_open(
            app_token=stage.slack.app_token
        )
    )["url"]
    async with socket_mode(stage, app), aiohttp.ClientSession() as session, session.ws_connect(url) as deaf:
        assert (await deaf.receive_json())["type"] == "hello"
        await stage.slack.connected(2)
        acks = await stage.slack.persist(stage.team, {"type": "channel_rename", "channel": {"id": "C1"}})
    assert [ack.failure for ack in acks] == ["timeout", None]
    assert seen == ["Ev000000001"]


async def test_only_the_apps_own_token_opens_a_socket_and_each_address_only_once(stage: Stage) -> None:
    client = AsyncWebClient(base_url=stage.slack.api)
    with pytest.raises(SlackApiError) as raised:
        await client.apps_connections_open(app_token=stage.team.bot_token)
    assert error_of(raised) == "not_allowed_token_type"
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel="C1", text="x", token=stage.slack.app_token)
    assert error_of(raised) == "not_allowed_token_type"
    url = (await client.apps_connections_open(app_token=stage.slack.app_token))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url):
            pass
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_bolt_verifies_what_slack_signs(stage: Stage) -> None:
    app, ran = make_app(stage), []

    @app.command("/news")
    async def news(ack: AsyncAck) -> None:
        ran.append("news")
        await ack()

    async with over_http(stage, app):
        acks = {
            case.name: (await stage.slack.outbox.send(case.body, case.headers)).status
            for case in corpus(stage.slack.signing_secret)
        }
        stage.slack.outbox.secret = "another"
        unknown = await stage.slack.outbox.post(b"command=%2Fnews", FORM)
    assert ran == []
    assert (acks["no signature"], acks["301 seconds old"], acks["tampered body"], unknown.status) == (
        401,
        401,
        401,
        401,
    )
    assert (acks["timestamp 'abc'"], acks["signature 'v0=é'"], acks["broken JSON"]) == (500, 500, 500)
    assert (acks["over a megabyte"], acks["unknown command"]) == (413, 404)


async def test_a_response_url_can_fail_like_any_method(stage: Stage) -> None:
    app, channel, user = make_app(stage), stage.team.channel("news"), stage.team.user("ann")

    @app.command("/news")
    async def news(ack: AsyncAck) -> None:
        await ack()

    async with listening(stage, app, "socket"):
        asked = await stage.slack.command(stage.team, channel, user, "latest")
    stage.slack.faults.plan(Fault(Kind.STATUS, "response_url"), Fault(Kind.LOST_RESET, "response_url"))
    async with aiohttp.ClientSession() as session:
        assert (await session.post(asked.payload["response_url"], json={"text": "x"})).status == 503
        assert asked.answers == []
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.post(asked.payload["response_url"], json={"text": "x"})
        assert len(asked.answers) == 1
