"""The sandbox's channels: those it was given, and one for direct messages with each member."""

from collections.abc import Sequence

from digestbot.domain.place import Channel, Place
from digestbot.domain.subscription import Look

PLATFORM = "sandbox"
TENANT = "sandbox"
"""The one tenant there is."""

_MEMBER = "member-"


class SandboxChannels:
    """Channels are found by name, with or without `#`, whatever their case; direct messages only by their member."""

    def __init__(self, names: Sequence[str] = ("news", "awards", "film")) -> None:
        self._channels = {name.casefold(): Channel(name, name) for name in names}

    async def find(self, tenant: str, text: str) -> Channel | None:
        if tenant != TENANT:
            return None
        return self._channels.get(text.strip().strip("<>").removeprefix("#").casefold())

    async def all(self, tenant: str) -> Sequence[Channel]:
        return tuple(self._channels.values()) if tenant == TENANT else ()

    async def direct(self, tenant: str, member: str) -> Place:
        return Place(PLATFORM, tenant, direct(member))

    async def trouble(self, place: Place, look: Look) -> str | None:
        _ = look
        return None if self.takes(place.channel) else f"There is no channel ‘{place.channel}’ any more."

    @property
    def public(self) -> Sequence[Channel]:
        return tuple(self._channels.values())

    def takes(self, channel: str) -> bool:
        """Whether a message can be posted there, by id."""
        return any(known.id == channel for known in self._channels.values()) or member_of(channel) is not None


def direct(member: str) -> str:
    """The channel of the direct messages with a member."""
    return f"@{member}"


def member_of(channel: str) -> str | None:
    """Whose direct messages a channel carries: `@member-…`, or the member's id alone; None for other channels."""
    member = channel.removeprefix("@")
    return member if member.startswith(_MEMBER) else None
