"""Who may do what: Discord's permission bits, and how roles and overwrites of a channel add up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntFlag


class Permission(IntFlag):
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


EVERYTHING = (1 << 53) - 1
ALL_NEEDED = int(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
)
A_MEMBERS = int(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
)
_MUTE = int(Permission.EMBED_LINKS | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE)


@dataclass(frozen=True, slots=True)
class Overwrite:
    """`id` is a role's or, with `member`, a member's."""

    id: int
    allow: int = 0
    deny: int = 0
    member: bool = False


def of_roles(permissions: Iterable[int]) -> int:
    """What roles give together, @everyone among them."""
    together = 0
    for given in permissions:
        together |= given
    return EVERYTHING if together & Permission.ADMINISTRATOR else together


def in_channel(given: int, everyone: int, roles: Iterable[int], member: int, over: Mapping[int, Overwrite]) -> int:
    """`given` after the overwrites of a channel: @everyone's, then all roles' together, then the member's own."""
    if given & Permission.ADMINISTRATOR:
        return EVERYTHING
    given = _overwritten(given, [over[everyone]] if everyone in over else [])
    given = _overwritten(given, [over[role] for role in roles if role in over])
    given = _overwritten(given, [over[member]] if member in over else [])
    if not given & Permission.VIEW_CHANNEL:
        return 0
    return given


def without_speech(given: int) -> int:
    """Who may not send may not embed, attach or mention either."""
    return given & ~_MUTE


def _overwritten(given: int, overwrites: Iterable[Overwrite]) -> int:
    deny = allow = 0
    for overwrite in overwrites:
        deny |= overwrite.deny
        allow |= overwrite.allow
    return given & ~deny | allow
