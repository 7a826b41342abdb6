"""Cards as JSON and back, for the sandbox's record."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Final

from digestbot.domain.card import (
    Actions,
    Button,
    Card,
    Divider,
    Heading,
    Image,
    Link,
    List,
    Notice,
    Paragraph,
    Quote,
    Small,
    Spoiler,
    Text,
    Time,
)

_KINDS: Final[Mapping[str, type]] = {
    kind.__name__.lower(): kind
    for kind in (
        Card,
        Heading,
        Paragraph,
        Quote,
        List,
        Divider,
        Image,
        Notice,
        Small,
        Actions,
        Button,
        Spoiler,
        Text,
        Link,
        Time,
    )
}  # fmt: skip - one kind a line would hide that the list is flat


def to_json(card: Card) -> str:
    """One line of ASCII: each part is an object whose `is` names its kind in lower case, beside its fields."""
    return json.dumps(_plain(card), separators=(",", ":"))


def from_json(text: str) -> Card:
    """The card that `to_json` wrote. Raises ValueError for anything else."""
    try:
        card = _part(json.loads(text))
    except (KeyError, TypeError) as error:
        raise ValueError("This is not a card as the sandbox writes them.") from error
    if not isinstance(card, Card):
        raise ValueError("This is not a card as the sandbox writes them.")  # noqa: TRY004 - the text is wrong, not its type
    return card


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON is dynamic
    if is_dataclass(value) and not isinstance(value, type):
        kept = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__.lower(), **kept}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _part(value: Any) -> Any:  # noqa: ANN401 - JSON is dynamic
    if isinstance(value, list):
        return tuple(_part(part) for part in value)
    if isinstance(value, dict):
        named = {name: _part(part) for name, part in value.items()}
        kind = _KINDS[named.pop("is")]
        if kind is Time:
            named["at"] = datetime.fromisoformat(named["at"])
        return kind(**named)
    return value
