"""The guard: foreign names, foreign pages, and the headers of every answer."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest
from aiohttp import ClientSession, web

from digestbot.web.guard import POLICY
from digestbot.web.server import Server


async def hello(_request: web.Request) -> web.Response:
    return web.Response(text="hello")


async def kept(_request: web.Request) -> web.Response:
    return web.Response(text="feed", headers={"Cache-Control": "max-age=300"})


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    routes = [web.get("/", hello), web.post("/", hello), web.get("/feed", kept), web.get("/healthz", hello)]
    async with Server(routes, port=0, hosts=["News.Example.org"], open_paths=["/healthz"]) as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


OURS = [
    "127.0.0.1",
    "localhost",
    "localhost:80",
    "LOCALHOST:8080",
    "[::1]",
    "[::1]:8080",
    "news.example.org",
    "localhost.",
]
FOREIGN = [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "news.example.org.evil",
    "[::2]",
    "[::1",
    "",
]


@pytest.mark.parametrize("host", OURS)
async def test_our_own_names_are_let_in(server: Server, session: ClientSession, host: str) -> None:
    async with session.get(server.url, headers={"Host": host}) as response:
        assert response.status == HTTPStatus.OK


@pytest.mark.parametrize("host", FOREIGN)
async def test_a_foreign_name_is_turned_away_with_advice(server: Server, session: ClientSession, host: str) -> None:
    async with session.get(server.url, headers={"Host": host}) as response:
        assert response.status == HTTPStatus.FORBIDDEN
        assert "Open it as localhost, or set DIGESTBOT_WEB__PUBLIC_URL" in await response.text()
    async with session.get(server.url + "nowhere", headers={"Host": host}) as response:
        assert response.status == HTTPStatus.FORBIDDEN


async def test_probes_come_under_any_name(server: Server, session: ClientSession) -> None:
    async with session.get(server.url + "healthz", headers={"Host": "10.1.2.3:8080"}) as response:
        assert response.status == HTTPStatus.OK


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8080"},
    ],
)
async def test_a_write_from_another_sites_page_is_turned_away(
    server: Server, session: ClientSession, headers: dict[str, str]
) -> None:
    async with session.post(server.url, headers={"Host": "localhost:8080", **headers}) as response:
        assert response.status == HTTPStatus.FORBIDDEN
        assert "another site" in await response.text()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost:8080"},
        {"Origin": "https://localhost:8080"},
        {"Origin": "http://LOCALHOST:8080", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_a_write_from_our_own_page_or_no_page_is_let_in(
    server: Server, session: ClientSession, headers: dict[str, str]
) -> None:
    async with session.post(server.url, headers={"Host": "localhost:8080", **headers}) as response:
        assert response.status == HTTPStatus.OK


@pytest.mark.parametrize(("path", "host"), [("", "localhost"), ("nowhere", "localhost"), ("", "evil.example")])
async def test_every_answer_carries_the_policy(server: Server, session: ClientSession, path: str, host: str) -> None:
    async with session.get(server.url + path, headers={"Host": host}) as response:
        assert response.headers["Content-Security-Policy"] == POLICY
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"


def test_the_policy_lets_no_inline_script_in() -> None:
    assert "script-src 'self';" in POLICY
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none';")
    assert POLICY.endswith("frame-ancestors 'none'")


async def test_a_header_that_a_page_sets_itself_stays(server: Server, session: ClientSession) -> None:
    async with session.get(server.url + "feed") as response:
        assert response.headers["Cache-Control"] == "max-age=300"
