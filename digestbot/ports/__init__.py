"""The ports: what each room asks of the others, as protocols that `bootstrap` fills with concrete classes."""

from digestbot.ports.clock import Clock
from digestbot.ports.commands import Channels, Commands
from digestbot.ports.dispatcher import Dispatcher, Publish
from digestbot.ports.ledger import Ledger, Move
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
from digestbot.ports.rendering import Renderer, Setting
from digestbot.ports.stories import Stories
from digestbot.ports.subscriptions import Subscriptions

__all__ = [
    "Absent",
    "Channels",
    "Clock",
    "Commands",
    "Deleted",
    "Dispatcher",
    "Found",
    "Ledger",
    "Messenger",
    "Move",
    "Outgoing",
    "Publish",
    "Renderer",
    "Setting",
    "Sighting",
    "Stories",
    "Subject",
    "Subscriptions",
    "Unfinished",
    "Unknowable",
]
