"""Assets: only our own files, the user's before ours."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import pytest
from aiohttp import ClientSession
from yarl import URL

from digestbot.web.assets import assets
from digestbot.web.server import Server


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    files = {
        "ours/web/static/page.css": "ours",
        "ours/web/static/part/page.js": "script",
        "ours/web/static/notes.txt": "not an asset",
        "ours/web/secret.css": "secret",
        "theirs/web/static/page.css": "theirs",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    async with Server(assets([tmp_path / "theirs", tmp_path / "nowhere", tmp_path / "ours"]), port=0) as server:
        yield server


@pytest.mark.parametrize(
    ("path", "kind", "text"),
    [("page.css", "text/css", "theirs"), ("part/page.js", "text/javascript", "script")],
)
async def test_a_users_file_lies_over_ours(server: Server, path: str, kind: str, text: str) -> None:
    async with ClientSession() as session, session.get(f"{server.url}static/{path}") as response:
        assert (response.status, response.content_type, await response.text()) == (HTTPStatus.OK, kind, text)
        assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "notes.txt",
        "nothing.css",
        "../secret.css",
        "%2e%2e/secret.css",
        "..%2fsecret.css",
        "//etc/passwd",
        "part",
        "%00",
    ],
)
async def test_nothing_else_is_served(server: Server, path: str) -> None:
    url = URL(f"{server.url}static/{path}", encoded=True)
    async with ClientSession() as session, session.get(url) as response:
        assert response.status == HTTPStatus.NOT_FOUND


async def test_an_edit_shows_at_the_next_reload(server: Server, tmp_path: Path) -> None:
    (tmp_path / "theirs/web/static/page.css").write_text("edited", encoding="utf-8")
    async with ClientSession() as session, session.get(f"{server.url}static/page.css") as response:
        assert await response.text() == "edited"
