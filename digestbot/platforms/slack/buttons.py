"""Buttons: a card's buttons as Slack's, and the `/news` line that a press brings back in its `value`."""

import re
from typing import Any, Final

from digestbot.domain.card import Button, Line, Link, Text
from digestbot.domain.length import fitted, units
from digestbot.domain.link import host, safe_url
from digestbot.domain.visible import clean, shows

Element = dict[str, Any]

COMMAND: Final = re.compile(r"\Anews:[0-9]+\Z")
"""The action id of a button that runs a command: for a listener, which finds the line in `value`."""

ADDRESS: Final = re.compile(r"\Aopen:[0-9]+\Z")
"""That of a button that opens an address: Slack tells of these presses too, and they want an acknowledgement."""

LONGEST_LABEL: Final = 75
LONGEST_VALUE: Final = 2000
LONGEST_URL: Final = 3000
MOST_IN_A_BLOCK: Final = 25


def element(button: Button) -> Element | None:
    """Slack's button without its action id, its label cut to fit; None if it cannot hold the address or the command."""
    label = clean(button.label)
    if button.url is not None:
        address = safe_url(button.url)
        if address is None or units(address) > LONGEST_URL:
            return None
        return _button(label if shows(label) else host(address), url=address)
    command = (button.command or "").strip()
    if not command or units(command) > LONGEST_VALUE:
        return None
    return _button(label if shows(label) else f"/news {command}", value=command)


def instead(button: Button) -> Line:
    """The line that stands where Slack has no button for it: a link, or the line to type."""
    if button.url is not None:
        return (Link(button.label, button.url),)
    label, line = clean(button.label), f"/news {button.command}" if button.command else ""
    return (Text(label, strong=True), Text(": " if line and label else ""), Text(line))


def numbered(button: Element, number: int) -> Element:
    """With the action id that is its own in a message."""
    return {**button, "action_id": f"{'open' if 'url' in button else 'news'}:{number}"}


def command_of(action: dict[str, Any]) -> str | None:
    """The `/news` line of a pressed button; None if the action is not of this kind."""
    value = action.get("value")
    return value if isinstance(value, str) and value and COMMAND.match(str(action.get("action_id"))) else None


def _button(label: str, **where: str) -> Element:
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": fitted(label, LONGEST_LABEL), "emoji": False},
        **where,
    }
