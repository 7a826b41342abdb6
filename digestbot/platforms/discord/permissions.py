"""Permissions: what digestbot needs where, in the words that Discord's own windows use."""

from collections.abc import Iterable
from typing import Final

import discord

NAMES: Final = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
    "manage_threads": "Manage Threads",
}

NEEDED: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    read_message_history=True,
)
"""All that an invitation asks for: to see, to post, to post in threads, to show embeds, and to look whether it did."""


TO_LOOK: Final = ("view_channel", "read_message_history")
"""To see whether a message of ours stands there."""


def missing(has: discord.Permissions, wanted: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in wanted if not getattr(has, name))


def sentence(channel: str, names: Iterable[str]) -> str:
    """One that tells an admin where to put it right."""
    listed = [NAMES[name] for name in names]
    several = f"{', '.join(listed[:-1])} and {listed[-1]}" if len(listed) > 1 else listed[0]
    kind = "permissions" if len(listed) > 1 else "permission"
    return f"digestbot misses the {kind} {several} in #{channel}: Edit Channel → Permissions gives it."
