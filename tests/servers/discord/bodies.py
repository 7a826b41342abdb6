"""A message's body as Discord checks it: on create, on edit, and as an answer to an interaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.servers.discord.components import check_components, check_weight, numbered
from tests.servers.discord.embeds import check_embeds, shown_embeds
from tests.servers.discord.mentions import check_allowed
from tests.servers.discord.message import V2, Message, Shown
from tests.servers.discord.refusals import Form, Json, refusal

SETTABLE = 1 << 2 | 1 << 12 | V2
_CONTENT, _NONCE, _STICKERS, _FILES = 2000, 25, 3, 10
_FILE_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """`field` is the form's: `files[0]` and so on."""

    id: int
    field: str
    filename: str
    size: int


@dataclass(frozen=True, slots=True)
class Body:
    """A message's body as it came, with its files."""

    json: Json
    files: Sequence[Upload] = field(default=())


def created(body: Body) -> Shown:
    """What a new message of this body shows; raises the refusal if Discord would not take it."""
    return _checked(body, Shown())


def edited(body: Body, message: Message) -> Shown:
    """What the message shows after this edit."""
    before = message.shown
    flags = body.json.get("flags")
    if flags is not None and before.flags & V2 and not flags & V2:
        form = Form()
        words = "The IS_COMPONENTS_V2 flag cannot be removed from a message"
        form.wrong("flags", "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", words)
        form.check()
    return _checked(body, before)


def check_nonce(body: Json) -> None:
    form = Form()
    nonce = body.get("nonce")
    if isinstance(nonce, str):
        form.text("nonce", nonce, _NONCE)
    elif nonce is not None:
        form.whole("nonce", nonce, -(2**63), 2**64 - 1)
    form.check()


def _checked(body: Body, before: Shown) -> Shown:
    json = body.json
    form = Form()
    flags = _flags(form, json, before)
    merged = _merged(json, before, flags)
    if json.get("content") is not None:
        form.text("content", json["content"], _CONTENT)
    check_embeds(form, merged["embeds"])
    if json.get("allowed_mentions") is not None:
        check_allowed(form, json["allowed_mentions"])
    form.count("sticker_ids", json.get("sticker_ids") or [], _STICKERS)
    attachments = _attachments(form, body, before)
    if flags & V2:
        _check_unmixed(form, json, merged)
    form.check()
    if "components" in json or flags != before.flags:
        names = [attachment["filename"] for attachment in attachments]
        check_components(form, merged["components"], v2=bool(flags & V2), files=names)
        form.check()
        check_weight(merged["components"])
    shown = Shown(
        merged["content"].strip(), shown_embeds(merged["embeds"]), numbered(merged["components"]), flags, attachments
    )
    loose = not flags & V2 and (attachments or json.get("sticker_ids"))
    if not (shown.content or shown.embeds or shown.components or loose):
        raise refusal(50006)
    return shown


def _flags(form: Form, json: Json, before: Shown) -> int:
    flags = json.get("flags")
    if flags is None:
        return before.flags
    form.whole("flags", flags, 0, 2**31 - 1)
    return int(flags) & SETTABLE if isinstance(flags, int) else before.flags


def _merged(json: Json, before: Shown, flags: int) -> dict[str, Any]:
    """What is absent stays as it was; null empties it."""
    old: Mapping[str, Any] = {
        "content": before.content,
        "embeds": list(before.embeds),
        "components": list(before.components) if flags & V2 == before.flags & V2 else [],
    }
    empty = {"content": "", "embeds": [], "components": []}
    merged = {name: (json[name] or empty[name]) if name in json else old[name] for name in empty}
    return {**merged, "content": merged["content"] if isinstance(merged["content"], str) else ""}


def _check_unmixed(form: Form, json: Json, merged: Mapping[str, Any]) -> None:
    filled = {name for name in ("content", "embeds") if merged[name]}
    filled |= {name for name in ("sticker_ids", "poll") if json.get(name)}
    for name in sorted(filled):
        words = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
        form.wrong(name, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words)


def _attachments(form: Form, body: Body, before: Shown) -> tuple[Json, ...]:
    """The kept ones of `attachments` and the uploaded ones; without the key, all that were there."""
    listed = body.json.get("attachments")
    told = {str(each.get("id")): each for each in listed or [] if isinstance(each, dict)}
    kept = [each for each in before.attachments if listed is None or each["id"] in told]
    form.count("attachments", listed or [], _FILES)
    for index, each in told.items():
        if each.get("description") is not None:
            form.text(f"attachments.{index}.description", each["description"], 1024)
    new = []
    for upload in body.files:
        index = upload.field.removeprefix("files[").removesuffix("]")
        new.append(_attachment(upload, told.get(index, {})))
        if upload.size > _FILE_BYTES:
            raise refusal(40005)
    return (*kept, *new)


def _attachment(upload: Upload, told: Json) -> Json:
    name = told.get("filename") or upload.filename
    url = f"https://cdn.discordapp.invalid/attachments/{upload.id}/{name}"
    return {
        "id": str(upload.id),
        "filename": name,
        "description": told.get("description"),
        "size": upload.size,
        "url": url,
        "proxy_url": url,
        "content_type": None,
    }
