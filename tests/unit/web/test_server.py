"""The server: starts where it is told, says what to do when it cannot, stops cleanly."""

import asyncio
import socket
from http import HTTPStatus

import pytest
from aiohttp import ClientSession, web

from digestbot.errors import StartupError
from digestbot.web.server import BODY_LIMIT, Server


async def hello(_request: web.Request) -> web.Response:
    return web.Response(text="hello")


async def length(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))


ROUTES = [web.get("/", hello), web.post("/length", length)]


async def test_port_0_takes_a_free_one_and_says_which() -> None:
    async with Server(ROUTES, port=0) as server, ClientSession() as session:
        assert server.port > 0
        assert server.url == f"http://127.0.0.1:{server.port}/"
        async with session.get(server.url) as response:
            assert await response.text() == "hello"


async def test_several_route_lists_share_one_port() -> None:
    routes = [*ROUTES, web.get("/again", hello)]
    async with Server(routes, port=0) as server, ClientSession() as session:
        for path in ("", "again"):
            async with session.get(server.url + path) as response:
                assert response.status == HTTPStatus.OK
        async with session.get(server.url + "nowhere") as response:
            assert response.status == HTTPStatus.NOT_FOUND


async def test_a_taken_port_names_the_setting_that_helps() -> None:
    async with Server(ROUTES, port=0) as first:
        with pytest.raises(StartupError, match=rf"Port {first.port} .* is taken: .* set DIGESTBOT_WEB__PORT"):
            async with Server(ROUTES, port=first.port):
                pass


@pytest.mark.parametrize(
    ("host", "port", "advice"),
    [
        ("192.0.2.1", 0, "set DIGESTBOT_WEB__HOST to an address it has"),
        ("nowhere.invalid", 0, "set DIGESTBOT_WEB__HOST to an address it has"),
        ("127.0.0.1", 70_000, "70000 is not a port: set DIGESTBOT_WEB__PORT"),
    ],
)
async def test_an_address_that_cannot_be_used_says_what_to_do(host: str, port: int, advice: str) -> None:
    with pytest.raises(StartupError, match=advice):
        async with Server(ROUTES, host=host, port=port):
            pass


async def test_the_port_is_free_again_afterwards() -> None:
    async with Server(ROUTES, port=0) as server:
        port = server.port
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


async def test_a_body_is_taken_up_to_the_limit() -> None:
    async with Server(ROUTES, port=0) as server, ClientSession() as session:
        for size, status in ((BODY_LIMIT, HTTPStatus.OK), (BODY_LIMIT + 1, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)):
            async with session.post(server.url + "length", data=b"x" * size) as response:
                assert response.status == status


async def test_long_answers_are_asked_to_end_before_the_server_stops() -> None:
    stopping = asyncio.Event()

    async def stop() -> None:
        stopping.set()

    async def wait(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"waiting ")
        await stopping.wait()
        await response.write(b"done")
        return response

    async with ClientSession() as session:
        async with Server([web.get("/", wait)], port=0, on_stop=[stop]) as server:
            response = await session.get(server.url)
            assert await response.content.readexactly(8) == b"waiting "
        assert await response.text() == "done"


def test_the_address_shown_can_be_opened() -> None:
    async def url(host: str) -> str:
        async with Server(ROUTES, host=host, port=0) as server:
            return server.url.replace(str(server.port), "PORT")

    assert asyncio.run(url("0.0.0.0")) == "http://127.0.0.1:PORT/"  # noqa: S104 - what a container sets
    assert asyncio.run(url("::1")) == "http://[::1]:PORT/"
    assert asyncio.run(url("localhost")) == "http://localhost:PORT/"
