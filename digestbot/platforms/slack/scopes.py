"""Scopes: what digestbot asks of a workspace, and why."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "commands": "people type /news",
        "chat:write": "cards are posted, corrected and withdrawn",
        "channels:read": "public channels are found by name",
        "groups:read": "private channels that digestbot was invited to are found by name",
        "channels:join": "it joins a public channel when somebody subscribes it",
        "channels:history": "after a doubt it looks whether a card is already in a public channel",
        "groups:history": "the same in private channels",
        "im:history": "the same in direct messages with digestbot",
        "im:write": "who follows an event gets its cards by direct message",
        "users:read": "only admins and owners of the workspace change subscriptions",
        "usergroups:read": "or members of a user group, who may also be mentioned once with a card",
        "files:read": "a file given to /news import is read",
        "files:write": "/news export comes as a file",
    }
)
"""Why, by scope: for the manifest and for who is asked to agree."""

SCOPES: Final = tuple(REASONS)
