"""files.*: the two steps of an upload around the bytes themselves, and files that people uploaded."""

from typing import Any

from aiohttp import web

from tests.servers.slack import wire
from tests.servers.slack.asked import Asked
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.state import State
from tests.servers.slack.world import File

Answer = dict[str, Any]


def get_upload_url(state: State, asked: Asked) -> Answer:
    asked.needs("files:write")
    file = File(f"F{next(state.numbers):010d}", asked.text("filename"), int(asked.text("length")))
    state.files[file.id] = file
    return {"ok": True, "file_id": file.id, "upload_url": f"{state.origin}/upload/{file.id}"}


def complete_upload(state: State, asked: Asked) -> Answer:
    asked.needs("files:write")
    done = []
    for item in asked.params.get("files") or []:
        file = state.files.get(item.get("id"))
        if file is None or file.content is None:
            raise Refusal("file_not_found")
        done.append(file)
    channel = asked.maybe("channel_id")
    for file in done:
        file.channels += [state.channel(asked.workspace, channel).id] if channel else []
    return {"ok": True, "files": [{"id": file.id, "title": file.name} for file in done]}


def info(state: State, asked: Asked) -> Answer:
    asked.needs("files:read")
    file = state.files.get(asked.text("file"))
    if file is None or file.team != asked.workspace.id:
        raise Refusal("file_not_found")
    return {"ok": True, "file": file.shown(state.origin)}


class Downloads:
    """Slack: url_private. Whoever may not read a file is sent to a page to sign in."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.tokens: list[str | None] = []

    async def serve(self, request: web.Request) -> web.Response:
        team, _, id_ = request.match_info["file"].partition("-")
        token = wire.token_of(request, {})
        self.tokens.append(token)
        try:
            workspace = self._state.of_token(token)
        except Refusal:
            raise web.HTTPFound("/signin") from None
        if workspace.id != team or "files:read" not in workspace.scopes:
            raise web.HTTPFound("/signin")
        file = self._state.files.get(id_)
        if file is None or file.content is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type="text/plain")
