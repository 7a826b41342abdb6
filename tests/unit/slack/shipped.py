"""As a script: the bodies of every shipped card on Slack, as JSON (`--edit`: as edits).

None is of a subscription with a mention: that is what pings, and `test_pages.py` holds it.
"""

import json
import logging
import sys

import structlog

from digestbot.platforms.slack.pages import bodies
from tests.unit.shipped import cards
from tests.unit.slack.texts import DELIVERY

if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    edit = "--edit" in sys.argv
    json.dump([body for card in cards() for body in bodies(card, delivery=DELIVERY, edit=edit)], sys.stdout)
