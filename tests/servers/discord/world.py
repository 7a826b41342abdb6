"""The world that tests build: users, guilds with roles, members and channels, and who may do what in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.servers.discord import payloads
from tests.servers.discord.permissions import (
    A_MEMBERS,
    EVERYTHING,
    Overwrite,
    Permission,
    in_channel,
    of_roles,
    without_speech,
)
from tests.servers.discord.refusals import Json
from tests.servers.discord.snowflakes import Clock, Snowflakes

if TYPE_CHECKING:
    from tests.servers.discord.message import Message

TEXT, DM, ANNOUNCEMENT, ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 5, 10, 11, 12
CATEGORY, FORUM, MEDIA = 4, 15, 16
THREADS = {ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD}
POSTS_ONLY = {FORUM, MEDIA}

Announce = Callable[[str, Json, int | None], None]


@dataclass(eq=False)
class User:
    """`dms_closed` takes no direct messages from bots."""

    id: int
    name: str
    bot: bool = False
    dms_closed: bool = False


@dataclass(eq=False)
class Role:
    id: int
    name: str
    permissions: int = 0
    mentionable: bool = False


@dataclass(eq=False)
class Member:
    user: User
    guild: "Guild"
    roles: list[Role] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def dms_closed(self) -> bool:
        return self.user.dms_closed

    @dms_closed.setter
    def dms_closed(self, closed: bool) -> None:
        self.user.dms_closed = closed


@dataclass(eq=False)
class Channel:
    """Of any type, threads and direct messages included. `fields` are further keys of the payload."""

    id: int
    name: str
    type: int
    guild: "Guild | None" = None
    parent: "Channel | None" = None
    owner: int | None = None
    recipient: User | None = None
    archived: bool = False
    locked: bool = False
    archived_at: float = 0.0
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    fields: Json = field(default_factory=dict)
    messages: "dict[int, Message]" = field(default_factory=dict)

    @property
    def is_thread(self) -> bool:
        return self.type in THREADS

    @property
    def tags(self) -> list[Json]:
        return list(self.fields.get("available_tags", []))


@dataclass(eq=False)
class Guild:
    """Built through `World.guild`; everything added to it is told to the shard that serves it."""

    id: int
    name: str
    owner: int
    world: "World"
    unavailable: bool = False
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Channel] = field(default_factory=dict)

    def role(self, name: str, *, permissions: int = 0, mentionable: bool = False) -> Role:
        role = Role(self.world.ids.old(), name, permissions, mentionable)
        self.roles[role.id] = role
        self.tell("GUILD_ROLE_CREATE", {"guild_id": str(self.id), "role": payloads.role(role)})
        return role

    def member(self, name: str, permissions: int = 0, *, dms_closed: bool = False, user: User | None = None) -> Member:
        """Somebody who may read, write and use commands, and `permissions` besides."""
        user = user or self.world.user(name, dms_closed=dms_closed)
        member = Member(user, self, [self.role(f"role of {name}", permissions=A_MEMBERS | permissions)])
        self.members[user.id] = member
        return member

    def channel(self, name: str, type: int = TEXT, overwrites: Sequence[Overwrite] = (), **fields: Any) -> Channel:  # noqa: A002, ANN401 - Discord's own word; any JSON
        """`available_tags` may be a list of names."""
        if "available_tags" in fields:
            fields["available_tags"] = [self._tag(tag) for tag in fields["available_tags"]]
        channel = Channel(self.world.ids.old(), name, type, self, fields=fields)
        channel.overwrites = {overwrite.id: overwrite for overwrite in overwrites}
        self.channels[channel.id] = self.world.channels[channel.id] = channel
        self.tell("CHANNEL_CREATE", payloads.channel(channel))
        return channel

    def thread(
        self, channel: Channel, name: str, *, archived: bool = False, locked: bool = False, owner: int | None = None
    ) -> Channel:
        kind = ANNOUNCEMENT_THREAD if channel.type == ANNOUNCEMENT else PUBLIC_THREAD
        thread = Channel(self.world.ids.next(), name, kind, self, channel, owner or self.owner)
        thread.archived, thread.locked, thread.archived_at = archived, locked, self.world.ids.wall()
        return self.add_thread(thread)

    def add_thread(self, thread: Channel) -> Channel:
        self.threads[thread.id] = self.world.channels[thread.id] = thread
        self.tell("THREAD_CREATE", {**payloads.channel(thread), "newly_created": True})
        return thread

    def tell(self, event: str, data: Json) -> None:
        if not self.unavailable:
            self.world.announce(event, data, self.id)

    def _tag(self, tag: str | Json) -> Json:
        named = {"name": tag} if isinstance(tag, str) else tag
        return {"id": str(self.world.ids.old()), "moderated": False, "emoji_id": None, "emoji_name": None, **named}


class World:
    """Everything there is, the bot's own membership included."""

    def __init__(self, clock: Clock, announce: Announce) -> None:
        self.ids = Snowflakes(clock)
        self.announce = announce
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.direct: dict[int, Channel] = {}
        self.bot = self.user("digestbot", bot=True)
        self._owner = self.user("owner")

    def user(self, name: str, *, bot: bool = False, dms_closed: bool = False) -> User:
        user = User(self.ids.old(), name, bot, dms_closed)
        self.users[user.id] = user
        return user

    def guild(self, name: str, permissions: int, owner: int | None, *, unavailable: bool) -> Guild:
        guild = Guild(self.ids.old(), name, owner or self._owner.id, self, unavailable=True)
        guild.roles[guild.id] = Role(guild.id, "@everyone")
        role = guild.role("digestbot", permissions=permissions)
        guild.members[self.bot.id] = Member(self.bot, guild, [role])
        guild.unavailable = unavailable
        self.guilds[guild.id] = guild
        guild.tell("GUILD_CREATE", payloads.guild(guild))
        return guild

    def direct_channel(self, user: User) -> Channel:
        if user.id not in self.direct:
            channel = Channel(self.ids.old(), user.name, DM, recipient=user)
            self.direct[user.id] = self.channels[channel.id] = channel
        return self.direct[user.id]

    def permissions(self, user: User, channel: Channel) -> int:
        """In a direct message everybody may do everything; who is no member of the guild, or was removed, nothing."""
        guild = channel.guild
        if guild is None:
            return EVERYTHING
        if user.id not in guild.members or (user is self.bot and guild.id not in self.guilds):
            return 0
        return _in_guild(guild, guild.members[user.id], channel.parent or channel, in_thread=channel.is_thread)


def _in_guild(guild: Guild, member: Member, channel: Channel, *, in_thread: bool) -> int:
    if member.id == guild.owner:
        return EVERYTHING
    given = of_roles([guild.roles[guild.id].permissions, *(role.permissions for role in member.roles)])
    given = in_channel(given, guild.id, [role.id for role in member.roles], member.id, channel.overwrites)
    speech = Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES
    return given if given & speech else without_speech(given)
