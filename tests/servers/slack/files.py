"""files.*: the two steps of an upload around the bytes themselves."""

from typing import Any

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
