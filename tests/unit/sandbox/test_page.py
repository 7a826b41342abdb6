"""The page's endpoints: what they answer, to whom, and what they refuse."""

import json
import random
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar

from digestbot.platforms.sandbox.channels import direct
from digestbot.platforms.sandbox.payloads import LINE_LIMIT
from tests.unit.sandbox.stage import FILE, NOW, Stage, story


class Browser:
    """A visitor with cookies of their own."""

    def __init__(self, stage: Stage, session: ClientSession) -> None:
        self._url = stage.server.url.rstrip("/")
        self.session = session

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        async with self.session.get(self._url + path, params=query) as response:
            return response.status, await response.json()

    async def post(self, path: str, payload: Mapping[str, Any]) -> tuple[int, Any]:
        async with self.session.post(self._url + path, json=payload) as response:
            return response.status, await response.json()

    async def raw(self, path: str, data: bytes, content_type: str = "application/json") -> tuple[int, Any]:
        headers = {"Content-Type": content_type}
        async with self.session.post(self._url + path, data=data, headers=headers) as response:
            return response.status, await response.json()


@pytest.fixture
async def browser(stage: Stage) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(stage, session)


@pytest.fixture
async def other(stage: Stage) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(stage, session)


async def test_the_page_lists_the_channels_and_offers_examples(stage: Stage, browser: Browser) -> None:
    async with browser.session.get(stage.server.url) as response:
        assert response.status == HTTPStatus.OK
        assert response.content_type == "text/html"
        page = await response.text()
    for channel in ("news", "awards", "film", "@me"):
        assert f'data-channel="{channel}"' in page
    assert page.count("data-example=") == 3


async def test_a_visitor_is_remembered_by_a_cookie_that_scripts_cannot_read(stage: Stage, browser: Browser) -> None:
    async with browser.session.get(stage.server.url) as first:
        cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    async with browser.session.get(stage.server.url) as second:
        assert "Set-Cookie" not in second.headers
    forged = {"digestbot_visitor": "x" * 5000}
    async with ClientSession(cookies=forged) as session, session.get(stage.server.url) as response:
        assert "Set-Cookie" in response.headers


async def test_messages_are_told_as_they_stand(stage: Stage, browser: Browser) -> None:
    ref = await stage.post(story("<b>Ada</b>"), mention="@fans")
    status, answer = await browser.get("/sandbox/messages")
    assert status == HTTPStatus.OK
    assert answer["cursor"] == 1
    (message,) = answer["messages"]
    html = message.pop("html")
    assert "&lt;b&gt;Ada&lt;/b&gt;" in html
    assert message == {
        "id": 1,
        "channel": "news",
        "deleted": False,
        "at": NOW.isoformat(),
        "editedAt": None,
        "edits": 0,
        "title": "<b>Ada</b>",
        "accent": "film",
        "locale": "en",
        "mention": "@fans",
        "askedBy": None,
        "asked": None,
    }
    await stage.record.edit(ref.message, story("Grace"))
    _, answer = await browser.get("/sandbox/messages")
    assert (answer["messages"][0]["title"], answer["messages"][0]["edits"]) == ("Grace", 1)
    assert "Grace" in answer["messages"][0]["html"]


async def test_earlier_messages_of_a_channel_can_be_fetched(stage: Stage, browser: Browser) -> None:
    for number in range(60):
        await stage.post(story(), f"d{number}")
    await stage.post(story(), "x", channel="film")
    _, answer = await browser.get("/sandbox/messages", channel="news")
    assert [message["id"] for message in answer["messages"]] == list(range(11, 61))
    _, answer = await browser.get("/sandbox/messages", channel="news", before="11")
    assert [message["id"] for message in answer["messages"]] == list(range(1, 11))


async def test_a_command_runs_in_its_channel_in_the_role_that_was_chosen(stage: Stage, browser: Browser) -> None:
    status, answer = await browser.post("/sandbox/command", {"channel": "film", "line": "say hello", "admin": True})
    assert (status, answer["private"], answer["html"]) == (HTTPStatus.OK, True, "<p>hello</p>")
    (request,) = stage.commands.asked
    assert (request.place.platform, request.place.tenant, request.place.channel) == ("sandbox", "sandbox", "film")
    assert (request.verb, request.options, request.member.admin) == ("say", {"text": "hello"}, True)


@pytest.mark.parametrize("line", ["/news say hello", "  /news say hello ", "say hello"])
async def test_a_pasted_slash_word_does_no_harm(browser: Browser, line: str) -> None:
    _, answer = await browser.post("/sandbox/command", {"channel": "news", "line": line})
    assert answer["html"] == "<p>hello</p>"


async def test_a_member_is_refused_what_an_admin_may(browser: Browser) -> None:
    _, refused = await browser.post("/sandbox/command", {"channel": "news", "line": "pause"})
    assert (refused["private"], refused["mistake"]) == (True, True)
    assert "Only admins pause." in refused["html"]
    _, done = await browser.post("/sandbox/command", {"channel": "news", "line": "pause", "admin": True})
    assert "Paused." in done["html"]


async def test_a_mistyped_line_is_answered_in_private(browser: Browser) -> None:
    status, answer = await browser.post("/sandbox/command", {"channel": "news", "line": "lattest <b>"})
    assert (status, answer["private"], answer["mistake"]) == (HTTPStatus.OK, True, True)
    assert "There is no command “lattest”. Did you mean “latest”?" in answer["html"]


async def test_a_private_reply_reaches_nobody_else(stage: Stage, browser: Browser, other: Browser) -> None:
    await browser.post("/sandbox/command", {"channel": "news", "line": "latest"})
    assert list(await stage.record.all()) == []
    assert (await other.get("/sandbox/messages"))[1]["messages"] == []


async def test_a_file_comes_with_its_reply(browser: Browser) -> None:
    _, answer = await browser.post("/sandbox/command", {"channel": "news", "line": "export"})
    assert answer["html"] == "<p>Here it is.</p>"
    assert answer["file"] == {"name": FILE.name, "text": FILE.text}
    _, answer = await browser.post("/sandbox/command", {"channel": "news", "line": "say hello"})
    assert answer["file"] is None


async def test_a_shared_reply_is_a_message_that_says_who_asked(browser: Browser, other: Browser) -> None:
    status, answer = await browser.post("/sandbox/command", {"channel": "news", "line": "latest share:true"})
    assert (status, answer) == (HTTPStatus.OK, {"private": False, "posted": 1})
    (mine,) = (await browser.get("/sandbox/messages"))[1]["messages"]
    (theirs,) = (await other.get("/sandbox/messages"))[1]["messages"]
    assert (mine["askedBy"], mine["asked"]) == ("You", "latest share:true")
    assert theirs["askedBy"].startswith("Visitor ")
    assert theirs["html"] == mine["html"]


async def test_a_button_on_a_public_message_answers_in_private(stage: Stage, browser: Browser) -> None:
    ref = await stage.post(story())
    payload = {"channel": "news", "command": "winners gala", "message": ref.message}
    status, answer = await browser.post("/sandbox/press", payload)
    assert (status, answer["private"]) == (HTTPStatus.OK, True)
    assert answer["html"].count("<p>") == 5
    assert 'data-command="winners gala page:2">More (2/3)' in answer["html"]
    assert len(await stage.record.all()) == 1


@pytest.mark.parametrize(
    ("page", "first", "button"),
    [("2", "Winner 6", "More (3/3)"), ("3", "Winner 11", "More (1/3)"), ("99", "Winner 11", "More (1/3)")],
)
async def test_each_page_of_a_reply_can_be_turned_to(browser: Browser, page: str, first: str, button: str) -> None:
    _, answer = await browser.post("/sandbox/press", {"channel": "news", "command": f"winners gala page:{page}"})
    assert answer["html"].startswith(f"<p>{first}</p>")
    assert button in answer["html"]


async def test_a_button_of_a_deleted_message_does_nothing(stage: Stage, browser: Browser) -> None:
    ref = await stage.post(story())
    await stage.record.delete(ref.message)
    payload = {"channel": "news", "command": "latest", "message": ref.message}
    assert await browser.post("/sandbox/press", payload) == (HTTPStatus.GONE, {"error": "This message is no more."})
    assert stage.commands.asked == []


async def test_suggestions_are_whole_lines(stage: Stage, browser: Browser) -> None:
    payload = {"channel": "news", "line": "winners b", "admin": True}
    expected = {"choices": [{"label": "winners bbma-2020", "value": "winners bbma-2020"}]}
    assert await browser.post("/sandbox/suggest", payload) == (HTTPStatus.OK, expected)
    assert stage.commands.asked[0].member.admin
    assert await browser.get("/sandbox/suggest", channel="news", line="winners b") == (HTTPStatus.OK, expected)
    assert not stage.commands.asked[1].member.admin


async def test_an_admin_deletes_as_a_moderator_would(stage: Stage, browser: Browser) -> None:
    ref = await stage.post(story())
    refused = await browser.post("/sandbox/delete", {"message": ref.message})
    assert refused == (HTTPStatus.FORBIDDEN, {"error": "Only admins delete messages: switch to Admin first."})
    deleted = await browser.post("/sandbox/delete", {"message": ref.message, "admin": True})
    assert deleted == (HTTPStatus.OK, {"deleted": 1})
    assert (await browser.get("/sandbox/messages"))[1]["messages"] == []


async def test_direct_messages_are_for_their_member_alone(stage: Stage, browser: Browser, other: Browser) -> None:
    await browser.post("/sandbox/command", {"channel": "@me", "line": "latest"})
    member = stage.commands.asked[0].member.id
    assert stage.commands.asked[0].place.channel == direct(member)
    ref = await stage.post(story(), channel=direct(member))
    (mine,) = (await browser.get("/sandbox/messages"))[1]["messages"]
    assert mine["channel"] == "@me"
    assert (await other.get("/sandbox/messages"))[1]["messages"] == []
    assert (await other.get("/sandbox/messages", channel=direct(member)))[0] == HTTPStatus.NOT_FOUND
    pressed = await other.post(
        "/sandbox/press", {"channel": direct(member), "command": "latest", "message": ref.message}
    )
    assert pressed[0] == HTTPStatus.NOT_FOUND
    deleted = await other.post("/sandbox/delete", {"message": ref.message, "admin": True})
    assert deleted[0] == HTTPStatus.NOT_FOUND
    assert len((await browser.get("/sandbox/messages"))[1]["messages"]) == 1


BAD_COMMANDS = [
    ({}, "channel: Field required."),
    ({"channel": "news"}, "line: Field required."),
    ({"channel": 3, "line": "latest"}, "channel: Input should be a valid string."),
    ({"channel": "news", "line": None}, "line: Input should be a valid string."),
    ({"channel": "news", "line": "latest", "admin": "perhaps"}, "admin: Input should be a valid boolean"),
    ({"channel": "news", "line": "latest", "root": True}, "root: Extra inputs are not permitted."),
    ({"channel": "news", "line": "x" * (LINE_LIMIT + 1)}, "line: String should have at most 4000 characters."),
    ({"channel": "", "line": "latest"}, "channel: String should have at least 1 character."),
]


@pytest.mark.parametrize(("payload", "sentence"), BAD_COMMANDS)
async def test_a_payload_that_is_wrong_is_told_so(browser: Browser, payload: dict[str, Any], sentence: str) -> None:
    status, answer = await browser.post("/sandbox/command", payload)
    assert status == HTTPStatus.BAD_REQUEST
    assert answer["error"].startswith(sentence)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"channel": "news", "line": "\\ud800"}',
        b'{"channel": "news", "line": "latest", "line": "x"',
        b"[" * 30_000,
        b'{"a":' * 10_000,
        b"1e999999",
        b"NaN",
    ],
)
async def test_malformed_json_is_answered_with_400_and_a_sentence(browser: Browser, data: bytes) -> None:
    status, answer = await browser.raw("/sandbox/command", data)
    assert status == HTTPStatus.BAD_REQUEST
    assert answer["error"].endswith(".")


async def test_a_body_over_the_limit_is_too_large(browser: Browser) -> None:
    data = json.dumps({"channel": "news", "line": "x" * 70_000}).encode()
    status, answer = await browser.raw("/sandbox/command", data)
    assert status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "65536" in answer["error"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
async def test_a_form_is_not_taken_for_json(browser: Browser, content_type: str) -> None:
    status, answer = await browser.raw("/sandbox/command", b'{"channel":"news","line":"latest"}', content_type)
    assert (status, answer) == (
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        {"error": "Send JSON, with Content-Type: application/json."},
    )


async def test_an_unknown_channel_is_named(browser: Browser) -> None:
    for path in ("/sandbox/command", "/sandbox/suggest"):
        status, answer = await browser.post(path, {"channel": "sport", "line": "latest"})
        assert (status, answer) == (HTTPStatus.NOT_FOUND, {"error": "There is no channel 'sport' here."})


@pytest.mark.parametrize(
    "query",
    [{"before": "x"}, {"before": "-1"}, {"before": "9" * 30}, {"channel": ""}, {"surprise": "1"}, {"before": "1.5"}],
)
async def test_a_wrong_query_is_told_so(browser: Browser, query: dict[str, str]) -> None:
    status, answer = await browser.get("/sandbox/messages", **query)
    assert status == HTTPStatus.BAD_REQUEST
    assert answer["error"].endswith(".")


async def test_noise_never_breaks_the_server(browser: Browser) -> None:
    dice = random.Random(2026)  # noqa: S311 - the same noise each time
    seed = b'{"channel": "news", "line": "latest", "admin": true, "message": "1", "command": "latest"}'
    for _ in range(300):
        data = bytearray(seed)
        for _ in range(dice.randrange(6)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        path = dice.choice(["command", "press", "suggest", "delete"])
        status, _ = await browser.raw(f"/sandbox/{path}", bytes(data))
        assert status < HTTPStatus.INTERNAL_SERVER_ERROR, bytes(data)


async def test_a_broken_record_is_told_as_one(stage: Stage, browser: Browser) -> None:
    await stage.record.__aexit__(None, None, None)
    status, answer = await browser.get("/sandbox/messages")
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer["error"].startswith("The sandbox's record failed: ")
