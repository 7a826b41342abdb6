"""Whether Slack would take a list of blocks, and where it would say no."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.servers.slack.presets import preset_faults
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.shapes import BLOCKS, ELEMENTS, Parts, Shape, Words

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
CHARACTERS = 13_200
MARKDOWN = 12_000
TABLES = 10_000
ADDRESSES = {"url", "image_url", "thumbnail_url", "video_url", "title_url", "provider_icon_url"}
ADDRESS = re.compile(r"https?://[^\s<>|]+")


def check_message(blocks: object) -> None:
    """Slack: chat.postMessage. `invalid_blocks_format`, `invalid_blocks` with the places, or `msg_blocks_too_long`."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise Refusal("invalid_blocks_format")
    faults = [*faults_of(blocks, MESSAGE_BLOCKS, "/blocks"), *_only_in_modals(blocks)]
    if faults:
        raise Refusal("invalid_blocks", errors=faults, response_metadata={"messages": [f"[ERROR] {f}" for f in faults]})
    if characters(blocks) > CHARACTERS:
        raise Refusal("msg_blocks_too_long")


def faults_of(blocks: list[dict[str, Any]], most: int, place: str) -> list[str]:
    """Every fault with its JSON pointer, as Slack names it."""
    faults = [] if len(blocks) <= most else [f"no more than {most} items allowed [json-pointer:{place}]"]
    for number, block in enumerate(blocks):
        faults += _part(block, BLOCKS, f"{place}/{number}")
    return [*faults, *_twice(blocks, place), *_sums(blocks, place)]


def option_faults(options: object) -> list[str]:
    """Slack: options of an external select, at most 100."""
    return list(_parts(options, Parts(frozenset({"option"}), 100, least=0), "/options"))


def walk(node: object) -> Iterator[dict[str, Any]]:
    """Each mapping within, in reading order."""
    if isinstance(node, Mapping):
        yield dict(node)
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)


def characters(blocks: object) -> int:
    """Of every text of every block."""
    return sum(len(node["text"]) for node in walk(blocks) if isinstance(node.get("text"), str))


def _part(part: object, shapes: Mapping[str, Shape], place: str) -> Iterator[str]:
    kind = part.get("type") if isinstance(part, dict) else None
    shape = shapes.get(kind) if isinstance(kind, str) else None
    if not isinstance(part, dict) or shape is None:
        yield f"unsupported type: {kind} [json-pointer:{place}/type]"
        return
    for key in part.keys() - shape.known:
        yield f"invalid additional property: {key} [json-pointer:{place}]"
    for key in shape.required:
        if part.get(key) is None:
            yield f"missing required field: {key} [json-pointer:{place}]"
    if shape.one_of and not any(part.get(key) for key in shape.one_of):
        yield f"one of {', '.join(shape.one_of)} is required [json-pointer:{place}]"
    yield from _within(part, shape, place)


def _within(part: Mapping[str, Any], shape: Shape, place: str) -> Iterator[str]:
    for key, most in shape.strings.items():
        if key in part:
            yield from _string(part[key], most, f"{place}/{key}", address=key in ADDRESSES)
    for key, words in shape.words.items():
        if key in part:
            yield from _words(part[key], words, f"{place}/{key}")
    for key, parts in shape.parts.items():
        if key in part:
            yield from _parts(part[key], parts, f"{place}/{key}")
    for key, types in shape.part.items():
        if key in part:
            yield from _one(part[key], types, f"{place}/{key}")
    yield from _special(part, place)
    yield from preset_faults(part, place)


def _string(value: object, most: int, place: str, *, address: bool) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"must be a string [json-pointer:{place}]"
    elif not value:
        yield f"must be more than 0 characters [json-pointer:{place}]"
    elif len(value) > most:
        yield f"must be less than {most + 1} characters [json-pointer:{place}]"
    elif address and not ADDRESS.fullmatch(value):
        yield f"must be a valid URL [json-pointer:{place}]"


def _words(value: object, words: Words, place: str) -> Iterator[str]:
    yield from _one(value, words.types, place)
    text = value.get("text") if isinstance(value, dict) else None
    if isinstance(text, str) and len(text) > words.most:
        yield f"must be less than {words.most + 1} characters [json-pointer:{place}/text]"


def _parts(value: object, parts: Parts, place: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"must be an array [json-pointer:{place}]"
        return
    if len(value) < parts.least:
        yield f"no fewer than {parts.least} items allowed [json-pointer:{place}]"
    if len(value) > parts.most:
        yield f"no more than {parts.most} items allowed [json-pointer:{place}]"
    for number, item in enumerate(value):
        yield from _one(item, parts.types, f"{place}/{number}")


def _one(value: object, types: frozenset[str], place: str) -> Iterator[str]:
    if types == {"option"} and isinstance(value, dict):
        value = {**value, "type": "option"}
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in types:
        yield f"unsupported type: {kind} [json-pointer:{place}/type]"
        return
    yield from _part(value, BLOCKS if kind not in ELEMENTS or "section" in types else ELEMENTS, place)


def _special(part: Mapping[str, Any], place: str) -> Iterator[str]:
    """What a table of shapes does not say."""
    match part:
        case {"type": "button", "style": style} if style not in {"primary", "danger"}:
            yield f"must be a valid enum value [json-pointer:{place}/style]"
        case {"type": "rich_text_list", "style": style} if style not in {"bullet", "ordered"}:
            yield f"must be a valid enum value [json-pointer:{place}/style]"
        case {"type": "broadcast", "range": reach} if reach not in {"here", "channel", "everyone"}:
            yield f"must be a valid enum value [json-pointer:{place}/range]"
        case {"type": "section", "fields": list(fields)}:
            for number, item in enumerate(fields):
                if isinstance(item, dict) and len(str(item.get("text", ""))) > 2000:
                    yield f"must be less than 2001 characters [json-pointer:{place}/fields/{number}/text]"
        case {"type": "table" | "data_table", "rows": rows}:
            yield from _table(part, rows, place)
        case {"option_groups": list(groups)} if len(groups) > 100:
            yield f"no more than 100 items allowed [json-pointer:{place}/option_groups]"


def _table(part: Mapping[str, Any], rows: object, place: str) -> Iterator[str]:
    plain = part["type"] == "table"
    least, most = (1, 100) if plain else (2, 101)
    if not isinstance(rows, list) or not least <= len(rows) <= most:
        yield f"between {least} and {most} rows allowed [json-pointer:{place}/rows]"
        return
    for number, row in enumerate(rows):
        if not isinstance(row, list) or not 1 <= len(row) <= 20:
            yield f"between 1 and 20 cells allowed [json-pointer:{place}/rows/{number}]"
    if len(part.get("column_settings") or []) > 20:
        yield f"no more than 20 items allowed [json-pointer:{place}/column_settings]"
    if not 1 <= part.get("page_size", 1) <= 100:
        yield f"must be between 1 and 100 [json-pointer:{place}/page_size]"


def _twice(blocks: list[dict[str, Any]], place: str) -> Iterator[str]:
    for key in ("block_id", "action_id"):
        counted = Counter(node[key] for node in walk(blocks) if isinstance(node.get(key), str))
        for name, times in counted.items():
            if times > 1:
                yield f"`{key}` {name} already exists [json-pointer:{place}]"


def _sums(blocks: list[dict[str, Any]], place: str) -> Iterator[str]:
    for kinds, most in (({"markdown"}, MARKDOWN), ({"table", "data_table"}, TABLES)):
        held = characters([block for block in blocks if block.get("type") in kinds])
        if held > most:
            yield f"{'/'.join(sorted(kinds))} must be less than {most + 1} characters in all [json-pointer:{place}]"
    if sum(block.get("type") == "data_visualization" for block in blocks) > 2:
        yield f"no more than 2 data_visualization blocks allowed [json-pointer:{place}]"


def _only_in_modals(blocks: list[dict[str, Any]]) -> list[str]:
    return [
        f"unsupported type: alert [json-pointer:/blocks/{number}/type]"
        for number, block in enumerate(blocks)
        if block.get("type") == "alert"
    ]
