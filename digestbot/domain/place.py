"""A place: where on which platform, and who is there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A channel: platform (`discord`, `slack`, `sandbox`), tenant (server or workspace id), channel id."""

    platform: str
    tenant: str
    channel: str

    @property
    def direct(self) -> bool:
        """Whether it is one member's direct messages: such a channel's id begins with `@`."""
        return self.channel.startswith("@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who typed or pressed; `admin` is what the platform says at this moment, never a remembered answer."""

    id: str
    name: str
    admin: bool = False
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that a platform gave us; `channel` may be a thread that the message opened."""

    channel: str
    message: str
