"""Buttons: a card's buttons as Discord's, and the `/news` line that a press brings back."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

from digestbot.domain.card import Button, Link, Text
from digestbot.domain.link import host, safe_url
from digestbot.domain.visible import clean
from digestbot.platforms.discord.length import fitted, units
from digestbot.platforms.discord.markdown import markdown

Component = dict[str, Any]

PATTERN: Final = re.compile(r"news:(?P<command>\S(?:.*\S)?)", re.DOTALL)
"""A custom id of ours, whole."""

ROW: Final = 5
"""Buttons that one ActionRow holds (Discord: component reference)."""

LONGEST_LABEL: Final = 80

_PREFIX = "news:"
_LONGEST_ID = 100
_LONGEST_URL = 512
_ACTION_ROW = 1
_BUTTON = 2
_SECONDARY = 2
_LINK = 5


def custom_id(command: str) -> str | None:
    """What a button carries for a `/news` line; None if Discord's 100 characters do not hold it, or it is empty."""
    whole = _PREFIX + command.strip()
    return whole if PATTERN.fullmatch(whole) and units(whole) <= _LONGEST_ID else None


def command_of(custom_id: str) -> str | None:
    """The `/news` line of a pressed button; None if the button is not of this kind."""
    found = PATTERN.fullmatch(custom_id)
    return found["command"] if found else None


def component(button: Button) -> Component | None:
    """Discord's button, its label cut to fit; None if it cannot hold the address or the command."""
    label = clean(button.label)
    if button.url is not None:
        address = safe_url(button.url)
        if address is None or len(address) > _LONGEST_URL:
            return None
        return _button(_LINK, label or host(address), url=address)
    name = custom_id(button.command or "")
    return _button(_SECONDARY, label or f"/news {button.command}", custom_id=name) if name else None


def instead(button: Button) -> str:
    """The text that stands where Discord has no button for it: a link, or the line to type."""
    if button.url is not None:
        return markdown((Link(button.label, button.url),))
    line = f"/news {button.command}" if button.command else ""
    return markdown(
        (Text(clean(button.label), strong=True), Text(": " if line and clean(button.label) else ""), Text(line))
    )


def rows(buttons: Iterable[Component]) -> list[Component]:
    """ActionRows that hold the buttons, five in each but the last."""
    rest = iter(buttons)
    return [{"type": _ACTION_ROW, "components": row} for row in iter(lambda: list(islice(rest, ROW)), [])]


def _button(style: int, label: str, **target: str) -> Component:
    return {"type": _BUTTON, "style": style, "label": fitted(label, LONGEST_LABEL), **target}
