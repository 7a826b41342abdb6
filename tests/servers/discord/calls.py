"""A request as handlers see it, and how its body is read."""

import json as jsons
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from aiohttp import web

from tests.servers.discord.bodies import Body, Upload
from tests.servers.discord.refusals import Form, Json, refusal

LARGEST = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """`json` is the body, a list for the one route that takes a list."""

    parameters: Mapping[str, str]
    query: Mapping[str, str]
    body: Body
    json: Any

    def id(self, name: str) -> int:
        text = self.parameters[name]
        if not text.isdecimal() or int(text) >= 2**63:
            form = Form()
            form.wrong(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
            form.check()
        return int(text)

    def says(self, name: str) -> bool:
        """Whether a query's switch is on."""
        return self.query.get(name, "").lower() in {"1", "true"}


@dataclass(frozen=True, slots=True)
class Answer:
    """Without `json` it has no body."""

    json: object = None
    status: int = 200


EMPTY = Answer(status=204)


def read(request: web.Request, raw: bytes, next_id: Callable[[], int]) -> Call:
    """Refuses what is no JSON; a request without a body has an empty one."""
    if len(raw) > LARGEST:
        raise refusal(40005)
    text = raw
    files: list[Upload] = []
    if request.content_type.startswith("multipart/"):
        text, files = _parts(request.headers["Content-Type"], raw, next_id)
    try:
        json = jsons.loads(text) if text else {}
    except ValueError as error:
        raise refusal(50109) from error
    if not isinstance(json, dict | list):
        raise refusal(50109)
    body: Json = json if isinstance(json, dict) else {}
    return Call(request.match_info, request.query, Body(body, files), json)


def _parts(kind: str, raw: bytes, next_id: Callable[[], int]) -> tuple[bytes, list[Upload]]:
    """The `payload_json` of a form, and its files."""
    form = BytesParser(EmailMessage, policy=HTTP).parsebytes(b"Content-Type: %b\r\n\r\n%b" % (kind.encode(), raw))
    text, files = b"", []
    for part in form.iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes), "Discord takes no forms within forms"
        if name == "payload_json":
            text = content
        else:
            files.append(Upload(next_id(), name, part.get_filename() or "", len(content)))
    return text, files
