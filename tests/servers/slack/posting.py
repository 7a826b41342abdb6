"""Taking messages in: what a message may hold, and what Slack gives back of it."""

import json
from collections.abc import Mapping
from typing import Any

from tests.servers.slack.blocks import check_message
from tests.servers.slack.credentials import APP_ID
from tests.servers.slack.naming import named
from tests.servers.slack.record import Body, Message
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.state import State
from tests.servers.slack.world import Channel, Workspace

TEXT = 40_000
MARKDOWN = 12_000
METADATA = 8_000
ATTACHMENTS = 100


def body_of(params: Mapping[str, Any]) -> Body:
    """Slack: chat.postMessage. Refuses what cannot be shown; a text over 40,000 characters is cut, not refused."""
    blocks = params.get("blocks") or []
    _check_markdown(params, blocks)
    if blocks:
        check_message(blocks)
    attachments = params.get("attachments") or []
    if len(attachments) > ATTACHMENTS:
        raise Refusal("too_many_attachments")
    text = str(params.get("text") or params.get("markdown_text") or "")
    if not (text or blocks or attachments):
        raise Refusal("no_text")
    return Body(text[:TEXT], list(blocks), metadata_of(params.get("metadata")), dict(params))


def edited(before: Body, params: Mapping[str, Any]) -> Body:
    """Slack: chat.update. Blocks stay when only other things change, and go when a text comes without any.

    Metadata stays when left out, and goes when given as an empty object.
    """
    kept: dict[str, Any] = {"metadata": before.metadata}
    if not params.get("text"):
        kept |= {"text": before.text, "blocks": before.blocks}
    return body_of({**kept, **{key: value for key, value in params.items() if value is not None}})


def post(
    state: State,
    workspace: Workspace,
    channel: Channel,
    body: Body,
    *,
    ephemeral_to: str | None = None,
    via_response_url: bool = False,
) -> Message:
    """Into the record, as the app's own message."""
    message = Message(
        workspace.id,
        channel.id,
        state.stamp(),
        workspace.bot_user,
        body,
        state.names(workspace),
        thread_ts=body.sent.get("thread_ts"),
        ephemeral_to=ephemeral_to,
        via_response_url=via_response_url,
    )
    if len(str(body.sent.get("text") or "")) > TEXT:
        state.record.problems.append(f"{message.ts}: the text was cut at {TEXT} characters")
    state.record.messages.append(message)
    return message


def shown(message: Message, workspace: Workspace, *, with_metadata: bool = False) -> dict[str, Any]:
    """As methods and interactions carry it."""
    given: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "team": message.team,
        "ts": message.ts,
        "text": message.text,
    }
    if message.user == workspace.bot_user:
        given |= {"bot_id": workspace.bot_id, "app_id": APP_ID}
    if message.blocks:
        given["blocks"] = named(message.blocks, message.ts.replace(".", ""))
    if message.thread_ts:
        given["thread_ts"] = message.thread_ts
    if message.edits:
        given["edited"] = {"user": message.user, "ts": message.ts}
    if with_metadata and message.metadata:
        given["metadata"] = message.metadata
    return given


def metadata_of(metadata: object) -> dict[str, Any] | None:
    if not metadata:
        return None
    if not isinstance(metadata, dict):
        raise Refusal("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not (isinstance(kind, str) and kind and isinstance(payload, dict)):
        raise Refusal("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA:
        raise Refusal("metadata_too_large")
    return metadata


def _check_markdown(params: Mapping[str, Any], blocks: object) -> None:
    markdown = params.get("markdown_text")
    if markdown and (blocks or params.get("text")):
        raise Refusal("markdown_text_conflict")
    if markdown and len(markdown) > MARKDOWN:
        raise Refusal("msg_too_long")
