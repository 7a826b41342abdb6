"""Envelopes: the body of a request of Slack's as one object, whichever of its two forms it came in."""

import json
from typing import Any, Final
from urllib.parse import parse_qsl

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"

_MOST_FIELDS: Final = 100


class Unreadable(Exception):
    """What came is nothing that Slack would send."""


def opened(raw: bytes, content_type: str) -> dict[str, Any]:
    """An event, a command, or the interaction in a form's `payload`. Raises `Unreadable`, whatever the bytes are."""
    try:
        text = raw.decode()
        found = json.loads(text) if content_type == JSON else _form(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(found, dict) or not found:
        raise Unreadable
    return found


def _form(text: str) -> Any:  # noqa: ANN401 - JSON
    fields = dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS))
    return json.loads(fields["payload"]) if "payload" in fields else fields
