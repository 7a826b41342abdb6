"""Inputs: an option as something to fill in on Slack, and what was filled in as the text that commands read."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from digestbot.domain.command import Option
from digestbot.domain.length import fitted, units
from digestbot.domain.visible import clean, shows

Block = dict[str, Any]
Element = dict[str, Any]

LONGEST_LABEL: Final = 2000
LONGEST_HINT: Final = 2000
LONGEST_CHOICE: Final = 75
LONGEST_VALUE: Final = 150
LONGEST_TEXT: Final = 3000
MOST_CHOICES: Final = 100
FILE_TYPES: Final = ("yaml", "yml", "txt")

_LABELS: Final[Mapping[str, str]] = {
    "apply": "Change anything now",
    "catchup": "Catch up",
    "confirm": "Delete it",
    "doubt": "In doubt",
    "empty": "Empty digests",
    "latest": "Post the newest at once",
    "prune": "End what the file does not name",
}
_SEARCH: Final = "Type to search"
_CONVERSATION: Final = re.compile(r"[CG][A-Z0-9]{2,30}")
_MENTIONED: Final = re.compile(r"<#([CG][A-Z0-9]{2,30})(?:\|[^>]*)?>")
_YES: Final = frozenset({"yes", "true", "on", "1", "y"})
_NO: Final = frozenset({"no", "false", "off", "0", "n"})
_INTEGER: Final = re.compile(r"-?[0-9]{1,9}")
_NAMED: Final = {"conversations_select": "conversation", "timepicker": "time"}


def input_block(option: Option, text: str | None, *, required: bool, current: bool = False) -> Block:
    """The option's input, filled with `text`; `current` offers the channel where the form was asked for.

    What Slack's own kind of input cannot hold stands in a plain one, so that nothing given is lost.
    """
    found = _element(option, text or "", current=current)
    return framed(found, option.name, label_of(option), option.summary, optional=not required)


def framed(element: Element, name: str, label: str, hint: str, *, optional: bool) -> Block:
    """`name` is the block's id and the element's, so that whatever comes back says which input is meant."""
    told = fitted(clean(hint), LONGEST_HINT)
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, LONGEST_LABEL),
        "element": {**element, "action_id": name},
        "optional": optional,
        **({"hint": plain(told, LONGEST_HINT)} if shows(told) else {}),
    }


def label_of(option: Option) -> str:
    return _LABELS.get(option.name) or option.name.replace("_", " ").replace("-", " ").capitalize()


def plain(text: str, most: int) -> Element:
    """A text object without markup; never empty."""
    shown = clean(text)
    return {"type": "plain_text", "text": fitted(shown if shows(shown) else "…", most), "emoji": False}


def choice(label: str, value: str) -> Element | None:
    """One of the things to pick; None if Slack cannot carry its value."""
    shown = clean(label) if shows(clean(label)) else clean(value)
    if not value or units(value) > LONGEST_VALUE or not shows(shown):
        return None
    return {"text": plain(shown, LONGEST_CHOICE), "value": value}


def choices(pairs: Iterable[tuple[str, str]]) -> list[Element]:
    """Labels and values as what can be picked: at most 100, no value twice."""
    found = {value: one for label, value in pairs if (one := choice(label, value))}
    return list(found.values())[:MOST_CHOICES]


def select(pairs: Sequence[tuple[str, str]], picked: str | None) -> Element:
    offered = choices(pairs)
    first = next((one for one in offered if one["value"] == picked), None)
    return {"type": "static_select", "options": offered, **({"initial_option": first} if first else {})}


def written(text: str) -> Element:
    """A line to write, with what is there; a text too long for it is not shown."""
    fits = text and units(text) <= LONGEST_TEXT
    return {"type": "plain_text_input", **({"initial_value": text} if fits else {})}


def state_of(element: Element) -> Element:
    """What Slack tells of an element that nobody touched (Slack: view.state.values)."""
    kind = element["type"]
    if kind in {"static_select", "external_select"}:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind.startswith("multi_"):
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in _NAMED:
        return {"type": kind, f"selected_{_NAMED[kind]}": element.get(f"initial_{_NAMED[kind]}")}
    return {"type": kind, "value": element.get("initial_value")}


def text_in(state: Mapping[str, Any], between: str = ", ") -> str:
    """The text that was filled in; several picks with `between`; empty for none, and for a file."""
    kind = str(state.get("type"))
    if kind in {"static_select", "external_select"}:
        return str((state.get("selected_option") or {}).get("value", ""))
    if kind.startswith("multi_"):
        return between.join(str(one["value"]) for one in state.get("selected_options") or [])
    name = f"selected_{_NAMED[kind]}" if kind in _NAMED else "value"
    return str(state.get(name) or "").strip()


def _element(option: Option, text: str, *, current: bool) -> Element:
    match option.kind:
        case "integer":
            return _number(option, text)
        case "boolean":
            picked = "yes" if text.casefold() in _YES else "no" if text.casefold() in _NO else None
            return select([("Yes", "yes"), ("No", "no")], picked)
        case "channel":
            return _conversation(text, current=current)
        case "role":
            return _searched(text)
        case "file":
            return {"type": "file_input", "filetypes": list(FILE_TYPES), "max_files": 1}
        case _:
            return _text(option, text)


def _text(option: Option, text: str) -> Element:
    if option.name == "what":
        return _several(text)
    if 0 < len(choices((each, each) for each in option.choices)) == len(option.choices):
        return select([(each.capitalize(), each) for each in option.choices], text.casefold() or None)
    return _searched(text) if option.completes else written(text)


def _number(option: Option, text: str) -> Element:
    low, high = option.low, option.high
    bounds = {name: str(bound) for name, bound in (("min_value", low), ("max_value", high)) if bound is not None}
    number = int(text) if _INTEGER.fullmatch(text) else None
    fits = number is not None and (low is None or low <= number) and (high is None or number <= high)
    first = {"initial_value": str(number)} if fits else {}
    return {"type": "number_input", "is_decimal_allowed": False, **bounds, **first}


def _conversation(text: str, *, current: bool) -> Element:
    mentioned = _MENTIONED.fullmatch(text)
    known = mentioned[1] if mentioned else text
    if known and not _CONVERSATION.fullmatch(known):
        return written(text)
    first: Element = {"initial_conversation": known} if known else {"default_to_current_conversation": current}
    public = {"include": ["public", "private"], "exclude_bot_users": True}
    return {"type": "conversations_select", "filter": public, **first}


def _searched(text: str) -> Element:
    first = choice(text, text) if text else None
    if text and first is None:
        return written(text)
    return {
        "type": "external_select",
        "min_query_length": 0,
        "placeholder": plain(_SEARCH, LONGEST_VALUE),
        **({"initial_option": first} if first else {}),
    }


def _several(text: str) -> Element:
    """One pick for each part between commas; a line to write where a part is too long for that."""
    parts = list(dict.fromkeys(filter(None, (part.strip() for part in text.split(",")))))
    first = choices((part, part) for part in parts)
    if len(first) != len(parts):
        return written(text)
    return {
        "type": "multi_external_select",
        "min_query_length": 0,
        "placeholder": plain(_SEARCH, LONGEST_VALUE),
        **({"initial_options": first} if first else {}),
    }
