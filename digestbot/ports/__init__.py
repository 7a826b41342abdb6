"""The ports: what each room asks of the others, as protocols that `bootstrap` fills with concrete classes."""

from digestbot.ports.clock import Clock
from digestbot.ports.commands import Channels, Commands
from digestbot.ports.dispatcher import Dispatcher, Handler, Publish
from digestbot.ports.installations import Installation, Installations, OAuthStates
from digestbot.ports.ledger import Due, Ledger, Move
from digestbot.ports.messenger import (
    Absent,
    Deleted,
    Found,
    Messenger,
    Outgoing,
    Sighting,
    Subject,
    Unfinished,
    Unknowable,
)
from digestbot.ports.notebook import Notebook
from digestbot.ports.platform import Platform
from digestbot.ports.quarantines import Quarantines
from digestbot.ports.rendering import Renderer, Setting
from digestbot.ports.retention import Retention
from digestbot.ports.stories import Stories
from digestbot.ports.subscriptions import Subscriptions
from digestbot.ports.tenants import Forgotten, Tenants

__all__ = [
    "Absent",
    "Channels",
    "Clock",
    "Commands",
    "Deleted",
    "Dispatcher",
    "Due",
    "Forgotten",
    "Found",
    "Handler",
    "Installation",
    "Installations",
    "Ledger",
    "Messenger",
    "Move",
    "Notebook",
    "OAuthStates",
    "Outgoing",
    "Platform",
    "Publish",
    "Quarantines",
    "Renderer",
    "Retention",
    "Setting",
    "Sighting",
    "Stories",
    "Subject",
    "Subscriptions",
    "Tenants",
    "Unfinished",
    "Unknowable",
]
