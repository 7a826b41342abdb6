"""What an app fills an element with, or asks before it counts: Slack refuses what a person could not enter."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Part = Mapping[str, Any]

TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
INCLUDED = {"im", "mpim", "private", "public"}
CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
OPTION = {"text": 75, "value": 150}
GROUP_LABEL = 75
GROUP_OPTIONS = 100
MOST_FILES = 10


def preset_faults(part: Part, place: str) -> Iterator[str]:
    """Slack: block elements, confirmation dialog."""
    yield from _confirm(part.get("confirm"), f"{place}/confirm")
    groups = part.get("option_groups")
    for number, group in enumerate(groups if isinstance(groups, list) else ()):
        yield from _group(group, f"{place}/option_groups/{number}")
    yield from _picked(part, place)
    match part.get("type"):
        case "number_input":
            yield from _number(part, place)
        case "timepicker" if not TIME.fullmatch(part.get("initial_time", "00:00")):
            yield f"must be a time [json-pointer:{place}/initial_time]"
        case "file_input":
            yield from _file(part, place)
        case "conversations_select":
            yield from _conversation(part, place)
        case "plain_text_input" if part.get("initial_value") == "":
            yield f"must be more than 0 characters [json-pointer:{place}/initial_value]"


def _confirm(confirm: Any, place: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    if confirm is None:
        return
    for key, most in CONFIRM.items():
        text = str((confirm.get(key) or {}).get("text", ""))
        if not 0 < len(text) <= most:
            yield f"must be between 1 and {most} characters [json-pointer:{place}/{key}]"


def _group(group: Part, place: str) -> Iterator[str]:
    options = group.get("options") or []
    if not 0 < len(str((group.get("label") or {}).get("text", ""))) <= GROUP_LABEL:
        yield f"must be between 1 and {GROUP_LABEL} characters [json-pointer:{place}/label]"
    if not 0 < len(options) <= GROUP_OPTIONS:
        yield f"between 1 and {GROUP_OPTIONS} items allowed [json-pointer:{place}/options]"
    for number, option in enumerate(options):
        yield from _option(option, f"{place}/options/{number}")


def _option(option: Part, place: str) -> Iterator[str]:
    told = {"text": str((option.get("text") or {}).get("text", "")), "value": str(option.get("value", ""))}
    for key, most in OPTION.items():
        if not 0 < len(told[key]) <= most:
            yield f"must be between 1 and {most} characters [json-pointer:{place}/{key}]"


def _picked(part: Part, place: str) -> Iterator[str]:
    """Of a static select only what it offers, word for word; no empty list."""
    first = part.get("initial_options", [part["initial_option"]] if "initial_option" in part else None)
    if first is None:
        return
    if not first:
        yield f"no fewer than 1 items allowed [json-pointer:{place}/initial_options]"
    groups = part.get("option_groups") or [{"options": part.get("options") or []}]
    offered = [option for group in groups for option in group["options"]]
    for option in first:
        yield from _option(option, f"{place}/initial_option")
        if "static" in str(part.get("type")) and option not in offered:
            yield f"must match an option [json-pointer:{place}/initial_option]"


def _number(part: Part, place: str) -> Iterator[str]:
    if "is_decimal_allowed" not in part:
        yield f"missing required field: is_decimal_allowed [json-pointer:{place}]"
    bounds = {key: part[key] for key in ("min_value", "initial_value", "max_value") if key in part}
    if not all(isinstance(value, str) and value.lstrip("-").isdigit() for value in bounds.values()):
        yield f"must be a number [json-pointer:{place}]"
    elif list(bounds.values()) != sorted(bounds.values(), key=int):
        yield f"must be between its bounds [json-pointer:{place}/initial_value]"


def _file(part: Part, place: str) -> Iterator[str]:
    if not 1 <= part.get("max_files", MOST_FILES) <= MOST_FILES:
        yield f"must be between 1 and {MOST_FILES} [json-pointer:{place}/max_files]"
    if any(not isinstance(each, str) or each.startswith(".") for each in part.get("filetypes", ())):
        yield f"must be endings without a dot [json-pointer:{place}/filetypes]"


def _conversation(part: Part, place: str) -> Iterator[str]:
    wanted = part.get("filter")
    if wanted is not None and (not wanted or not set(wanted.get("include", INCLUDED)) <= INCLUDED):
        yield f"must be a filter [json-pointer:{place}/filter]"
    if "initial_conversation" in part and not re.fullmatch(r"[CDG][A-Z0-9]+", str(part["initial_conversation"])):
        yield f"must be an id [json-pointer:{place}/initial_conversation]"
