"""As a script: the bodies of every shipped card on Discord, as JSON (`--edit`: as edits)."""

import json
import logging
import sys
from typing import Final, get_args

import structlog

from digestbot.platforms.discord.pages import Layout, bodies
from tests.unit.shipped import cards

LAYOUTS: Final[tuple[Layout, ...]] = get_args(Layout)
MENTION: Final = "<@&1234567890123456789>"
MARKER: Final = "abcdefghijklmnopqrstuvwx"


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    edit = "--edit" in sys.argv
    plain = [body for card in cards() for layout in LAYOUTS for body in bodies(card, layout, edit=edit)]
    stamped = [
        body
        for card in cards()
        for layout in LAYOUTS
        for body in bodies(card, layout, mention=MENTION, marker=MARKER, edit=edit)
    ]
    json.dump([*plain, *stamped], sys.stdout)
