"""Targets: what kind of channel a place is, and whether digestbot can post there."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

import discord

from digestbot.domain.place import Place
from digestbot.errors import Away, Closed, Gone
from digestbot.platforms.discord.connection import Connection
from digestbot.platforms.discord.faults import translated
from digestbot.platforms.discord.permissions import TO_LOOK, missing, sentence

PLATFORM: Final = "discord"
_DIRECT: Final = "@"
_OUTAGE: Final = timedelta(minutes=1)
_AGAIN: Final = timedelta(minutes=10)

_SENDS: Final = {
    "text": ("send_messages",),
    "announcement": ("send_messages",),
    "thread": ("send_messages_in_threads",),
    "forum": ("send_messages", "send_messages_in_threads"),
    "direct": (),
}

Held = discord.abc.GuildChannel | discord.Thread


class Kind(StrEnum):
    TEXT = "text"
    ANNOUNCEMENT = "announcement"
    THREAD = "thread"
    FORUM = "forum"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`permissions` are ours there, None if only Discord knows; `tags` are a forum's, by name in lower case."""

    id: int
    kind: Kind
    name: str
    permissions: discord.Permissions | None = None
    guild: int | None = None
    tags: dict[str, int] = field(default_factory=dict)
    locked: bool = False

    def lacks(self, *, embeds: bool) -> tuple[str, ...]:
        """Permissions that are missing to post there."""
        wanted = ["view_channel", *_SENDS[self.kind]]
        wanted += ["embed_links"] if embeds else []
        wanted += ["manage_threads"] if self.locked else []
        return () if self.permissions is None else missing(self.permissions, wanted)

    @property
    def blind(self) -> tuple[str, ...]:
        """Permissions that are missing to see whether we posted there."""
        return () if self.permissions is None else missing(self.permissions, TO_LOOK)

    def check(self, *, embeds: bool) -> None:
        """Raises `Closed`: an admin can put it right, and nothing was asked of Discord."""
        lacking = self.lacks(embeds=embeds)
        if lacking:
            raise Closed(sentence(self.name, lacking), _AGAIN)


def direct(member: str) -> Place:
    """A member's direct messages: a place of their own, whatever server they are met in."""
    return Place(PLATFORM, f"{_DIRECT}{member}", f"{_DIRECT}{member}")


def member_of(channel: str) -> int | None:
    """Whose direct messages a place's channel stands for."""
    member = channel.removeprefix(_DIRECT)
    return int(member) if channel.startswith(_DIRECT) and member.isdecimal() else None


class Targets:
    """From the gateway's memory; what it does not hold (an archived thread) is asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._direct: dict[int, int] = {}

    async def of(self, place: Place) -> Target:
        """Raises `Gone` or `TryLater`, with a sentence for an admin."""
        member = member_of(place.channel)
        if member is not None:
            return Target(id=await self._opened(member), kind=Kind.DIRECT, name="direct messages")
        if not (place.tenant.isdecimal() and place.channel.isdecimal()):
            raise Gone(f"Discord has no channel {place.channel!r}")
        guild = await self._connection.guild(int(place.tenant))
        if guild is None and self._connection.owns(int(place.tenant)):
            raise Gone("digestbot is no longer in this server")
        if guild is not None and guild.unavailable:
            raise Away("Discord says that this server is unavailable for now", _OUTAGE)
        channel = guild.get_channel_or_thread(int(place.channel)) if guild else None
        return _target(channel or await self._fetched(place), guild)

    def known(self, place: Place) -> Target | None:
        """From memory alone; None for direct messages and for what is not held there."""
        client = self._connection.client
        if client is None or not (place.tenant.isdecimal() and place.channel.isdecimal()):
            return None
        guild = client.get_guild(int(place.tenant))
        channel = guild.get_channel_or_thread(int(place.channel)) if guild else None
        return _target(channel, guild) if channel and kind_of(channel) else None

    async def _fetched(self, place: Place) -> Held:
        client = await self._connection.present()
        try:
            with translated():
                channel = await client.fetch_channel(int(place.channel))
        except discord.InvalidData as fault:
            raise Gone("digestbot does not know this kind of channel") from fault
        there = getattr(channel, "guild", None)
        if there is None or there.id != int(place.tenant):
            raise Gone("the channel is not in this server")
        return channel  # type: ignore[return-value]  # a private channel has no guild

    async def _opened(self, member: int) -> int:
        """The channel of a member's direct messages; opening it again gives the same one."""
        if member not in self._direct:
            opened = await self._connection.request("POST", "/users/@me/channels", body={"recipient_id": str(member)})
            self._direct[member] = int(opened["id"])
        return self._direct[member]


def _target(channel: Held, guild: discord.Guild | None) -> Target:
    kind = kind_of(channel)
    if kind is None:
        raise Gone(f"#{channel.name} is a {channel.type.name} and holds no messages: take another channel")
    return Target(
        id=channel.id,
        kind=kind,
        name=channel.name,
        permissions=_ours(channel, guild),
        guild=channel.guild.id,
        tags={tag.name.casefold(): tag.id for tag in getattr(channel, "available_tags", ())},
        locked=isinstance(channel, discord.Thread) and channel.archived and channel.locked,
    )


def kind_of(channel: Held) -> Kind | None:
    """None for what holds no messages (categories)."""
    match channel:
        case discord.Thread():
            return Kind.THREAD
        case discord.ForumChannel():
            return Kind.FORUM
        case discord.TextChannel():
            return Kind.ANNOUNCEMENT if channel.is_news() else Kind.TEXT
        case discord.VoiceChannel() | discord.StageChannel():
            return Kind.TEXT
        case _:
            return None


def _ours(channel: Held, guild: discord.Guild | None) -> discord.Permissions | None:
    if guild is None or guild.me is None:
        return None
    try:
        return channel.permissions_for(guild.me)
    except discord.ClientException:  # a thread whose parent is not in memory
        return None
