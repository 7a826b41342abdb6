"""Uploads: fetched from Slack alone, with Slack's own token, as a small text."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from digestbot.errors import UserMistake
from digestbot.platforms.slack.uploads import LARGEST, Uploads
from tests.unit.slack.modal_stage import ModalStage, modal_stage

SIGN_IN = "it needs the scope files:read, so install digestbot again"


@pytest.fixture
async def stage() -> AsyncIterator[ModalStage]:
    async with modal_stage() as stage:
        yield stage


async def fetched(stage: ModalStage, content: bytes) -> str:
    return await stage.uploads.text(stage.team.id, stage.slack.attach(stage.team, "s.yaml", content))


async def test_a_text_is_read_with_the_workspace_s_token(stage: ModalStage) -> None:
    assert await fetched(stage, b"\xef\xbb\xbfcaf\xc3\xa9") == "café"
    assert stage.slack.downloads.tokens == [stage.team.bot_token]


async def test_where_slack_tells_no_more_than_an_id_it_is_looked_up(stage: ModalStage) -> None:
    file = stage.slack.attach(stage.team, "s.yaml", b"here")
    assert await stage.uploads.text(stage.team.id, {"id": file["id"]}) == "here"


@pytest.mark.parametrize("length", [LARGEST - 1, LARGEST])
async def test_what_is_just_small_enough_is_read(stage: ModalStage, length: int) -> None:
    assert len(await fetched(stage, b"a" * length)) == length


@pytest.mark.parametrize("honest", [True, False])
async def test_what_is_too_large_is_refused_whatever_is_said_of_its_size(stage: ModalStage, honest: bool) -> None:  # noqa: FBT001 - a row of a table
    file = stage.slack.attach(stage.team, "s.yaml", b"a" * (LARGEST + 1))
    with pytest.raises(UserMistake, match="at most 64 KiB"):
        await stage.uploads.text(stage.team.id, file if honest else {**file, "size": 1})
    assert len(stage.slack.downloads.tokens) == (0 if honest else 1)


async def test_what_is_no_utf_8_is_refused(stage: ModalStage) -> None:
    with pytest.raises(UserMistake, match="no text in UTF-8"):
        await fetched(stage, b"\xff\xfea\x00")


async def test_without_the_scope_slack_leads_to_a_page_that_is_not_followed(stage: ModalStage) -> None:
    stage.team.scopes.discard("files:read")
    with pytest.raises(UserMistake, match=SIGN_IN):
        await fetched(stage, b"here")
    assert len(stage.slack.downloads.tokens) == 1


async def test_a_file_that_is_gone_is_not_to_be_had_now(stage: ModalStage) -> None:
    with pytest.raises(UserMistake, match="try again in a minute"):
        await stage.uploads.text(stage.team.id, {"id": "F0"})


STRANGE = [
    "https://evil.example/files-pri/x",
    "https://slack.com.evil.example/x",
    "https://evilslack.com/x",
    "https://files.slack.com@evil.example/x",
    "http://files.slack.com/x",
    "https://files.slack.com:8443/x",
    "http://127.0.0.1:1/x",
    "http://localhost/x",
    "file:///etc/passwd",
    "https://[::1/x",
    "//files.slack.com/x",
]


@pytest.mark.parametrize("address", STRANGE)
async def test_the_token_goes_to_no_other_host(stage: ModalStage, address: str) -> None:
    for base in (stage.slack.api, "https://slack.com/api/"):
        internet = Internet()
        with pytest.raises(UserMistake, match="does not lie with Slack"):
            await uploads_over(internet, stage, base).text(stage.team.id, {"id": "F1", "url_private": address})
        assert internet.heard == []


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://slack.com/api/", "https://files.slack.com/files-pri/T1-F1/s.yaml"),
        ("https://slack.com/api/", "https://slack.com/files-pri/T1-F1/s.yaml"),
        ("https://slack-gov.com/api/", "https://files.slack-gov.com/files-pri/T1-F1/s.yaml"),
        ("http://127.0.0.1:9/api/", "http://127.0.0.1:9/files-pri/T1-F1/s.yaml"),
    ],
)
async def test_slack_s_own_hosts_are_asked(stage: ModalStage, base: str, address: str) -> None:
    internet = Internet()
    file = {"id": "F1", "url_private": address}
    assert await uploads_over(internet, stage, base).text(stage.team.id, file) == "here"
    assert internet.heard == [(address, f"Bearer {stage.team.bot_token}")]


async def test_a_page_in_place_of_the_file_is_no_text(stage: ModalStage) -> None:
    uploads = uploads_over(Internet("text/html"), stage, "https://slack.com/api/")
    with pytest.raises(UserMistake, match=SIGN_IN):
        await uploads.text(stage.team.id, {"url_private": "https://files.slack.com/x"})


@pytest.mark.parametrize("fault", [TimeoutError(), ConnectionResetError(), aiohttp.ClientPayloadError()])
async def test_a_connection_that_fails_is_told_as_such(stage: ModalStage, fault: Exception) -> None:
    uploads = uploads_over(Internet(fault=fault), stage, "https://slack.com/api/")
    with pytest.raises(UserMistake, match="try again in a minute"):
        await uploads.text(stage.team.id, {"url_private": "https://files.slack.com/x"})


class Stream:
    async def iter_chunked(self, _size: int) -> AsyncIterator[bytes]:
        yield b"he"
        yield b"re"


@dataclass
class Answer:
    content_type: str
    status: int = 200
    content: Stream = field(default_factory=Stream)


@dataclass
class Internet:
    """In place of a session: `heard` is what was asked, and with which token."""

    content_type: str = "text/plain"
    fault: Exception | None = None
    heard: list[tuple[str, str]] = field(default_factory=list)

    @asynccontextmanager
    async def get(
        self, address: str, *, headers: Mapping[str, str], allow_redirects: bool, **_: object
    ) -> AsyncIterator[Answer]:
        assert not allow_redirects
        self.heard.append((address, headers["Authorization"]))
        if self.fault:
            raise self.fault
        yield Answer(self.content_type)


@dataclass
class Diverted:
    """In place of the Web API, of which nothing but its session is used."""

    session: Internet


def uploads_over(internet: Internet, stage: ModalStage, base: str) -> Uploads:
    api: Any = Diverted(internet)
    return Uploads(api, stage.uploads._roster, base)
