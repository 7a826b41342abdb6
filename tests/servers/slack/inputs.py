"""Elements that people use: finding them, and the state that they leave behind."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.servers.slack.blocks import walk
from tests.servers.slack.shapes import ACTIONS, INPUTS

Element = dict[str, Any]
SINGLE = {"static_select", "external_select", "radio_buttons", "overflow"}
SEVERAL = {"multi_static_select", "multi_external_select", "checkboxes"}
NAMED = {
    "users_select": "user",
    "channels_select": "channel",
    "conversations_select": "conversation",
    "multi_users_select": "users",
    "multi_channels_select": "channels",
    "multi_conversations_select": "conversations",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "date_time",
}


class Unusable(AssertionError):
    """What the test wants to do, no person could do."""


def elements(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Element]]:
    """Every element that people can use, with its block."""
    for block in blocks:
        for node in walk(block):
            if node.get("type") in ACTIONS | INPUTS and node.get("action_id"):
                yield block, node


def find(blocks: list[dict[str, Any]], name: str) -> tuple[dict[str, Any], Element]:
    """By its label, its action_id or its block_id."""
    for block, element in elements(blocks):
        if name in {element["action_id"], block["block_id"], label(block, element)}:
            return block, element
    offered = [label(block, element) for block, element in elements(blocks)]
    raise Unusable(f"nothing here is called {name!r}; there is {offered}")


def label(block: Mapping[str, Any], element: Mapping[str, Any]) -> str:
    words = element.get("text") or block.get("label") or element.get("placeholder") or {}
    return str(words.get("text", ""))


def state(blocks: list[dict[str, Any]], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Slack: view.state.values. What was not given stays as the app had set it."""
    values: dict[str, dict[str, Any]] = {}
    meant = {find(blocks, name)[1]["action_id"]: value for name, value in given.items()}
    for block, element in elements(blocks):
        if element["type"] in {"button", "overflow", "workflow_button"}:
            continue
        value = value_of(element, meant.get(element["action_id"]))
        values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def missing(blocks: list[dict[str, Any]], values: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Labels of inputs that have to be filled in and are not: a person could not submit these."""
    return [
        label(block, element)
        for block, element in elements(blocks)
        if block["type"] == "input"
        and not block.get("optional")
        and not _filled(values[block["block_id"]][element["action_id"]])
    ]


def value_of(element: Element, given: Any) -> dict[str, Any]:  # noqa: ANN401 - text, an option, or several
    """The state of one element, with `given` in place of what the app had set; files are those of `Slack.attach`."""
    kind = element["type"]
    if kind in SINGLE:
        option = element.get("initial_option") if given is None else option_of(element, given)
        return {"type": kind, "selected_option": option}
    if kind in SEVERAL:
        options = element.get("initial_options", []) if given is None else [option_of(element, one) for one in given]
        return {"type": kind, "selected_options": options}
    if kind in NAMED:
        chosen = element.get(f"initial_{NAMED[kind]}") if given is None else given
        return {"type": kind, f"selected_{NAMED[kind]}": chosen}
    if kind == "file_input":
        return {"type": kind, "files": [] if given is None else [*given]}
    text = element.get("initial_value") if given is None else given
    if kind == "number_input":
        return {"type": kind, "value": _number(element, text)}
    if text is not None and not element.get("min_length", 0) <= len(text) <= element.get("max_length", 3000):
        raise Unusable(f"{element['action_id']} takes no text of {len(text)} characters")
    return {"type": kind, "value": text or None}


def _number(element: Element, text: str | None) -> str | None:
    if text and not (text.lstrip("-").isdigit() and _between(element, int(text))):
        raise Unusable(f"{element['action_id']} takes no {text}")
    return text or None


def _between(element: Element, number: int) -> bool:
    return int(element.get("min_value", number)) <= number <= int(element.get("max_value", number))


def option_of(element: Element, given: Any) -> dict[str, Any]:  # noqa: ANN401 - an option, its value or its label
    """One of the options on offer; what came from the app's own suggestions is an option already."""
    if isinstance(given, dict):
        return given
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    for option in (option for group in groups for option in group["options"]):
        if given in {option.get("value"), option["text"]["text"]}:
            chosen: dict[str, Any] = option
            return chosen
    raise Unusable(f"{element['action_id']} does not offer {given!r}")


def _filled(value: Mapping[str, Any]) -> bool:
    return any(part for key, part in value.items() if key != "type")
