"""What the sandbox's page may send, checked before anything looks at it."""

from typing import Annotated, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

LINE_LIMIT: Final = 4000
"""Characters of a typed line."""

_SEQ_LIMIT: Final = 2**62

Line = Annotated[str, StringConstraints(max_length=LINE_LIMIT)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Seq = Annotated[int, Field(ge=0, le=_SEQ_LIMIT)]
P = TypeVar("P", bound="Payload")


class Payload(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Typed(Payload):
    """A line typed in a channel, in the role that the page's switch shows."""

    channel: Key
    line: Line
    admin: bool = False


class Pressed(Payload):
    """A button: its command, and the message that carries it (none in a private reply)."""

    channel: Key
    command: Line
    message: Key | None = None
    admin: bool = False


class Removed(Payload):
    message: Key
    admin: bool = False


class Asked(Payload):
    """Which messages to show: the newest of every channel, or those of one before a message."""

    channel: Key | None = None
    before: Annotated[int, Field(ge=1, le=_SEQ_LIMIT)] | None = None


class Listening(Payload):
    """From where in the log to go on."""

    after: Seq | None = None


async def body(request: web.Request, kind: type[P]) -> P:
    """The JSON body. Raises HTTPException with a sentence: 413 too large, 415 not JSON, 400 not this payload."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Send JSON, with Content-Type: application/json.")
    try:
        return kind.model_validate_json(await request.read())
    except ValidationError as error:
        raise web.HTTPBadRequest(text=_sentence(error)) from error


def query(request: web.Request, kind: type[P]) -> P:
    """The address's parameters. Raises HTTPException (400) with a sentence."""
    try:
        return kind.model_validate(dict(request.query))
    except ValidationError as error:
        raise web.HTTPBadRequest(text=_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}." if place else f"{first['msg']}."
