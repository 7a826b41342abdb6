"""Workspaces and what lives in them: people, groups, channels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

SCOPES = (
    "commands",
    "chat:write",
    "chat:write.public",
    "channels:read",
    "groups:read",
    "im:write",
    "users:read",
    "usergroups:read",
    "channels:history",
    "groups:history",
    "channels:join",
    "files:read",
    "files:write",
)


@dataclass(slots=True)
class User:
    id: str
    name: str
    team: str
    admin: bool = False
    owner: bool = False
    guest: bool = False
    bot: bool = False

    def shown(self) -> dict[str, Any]:
        """As users.info gives it."""
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "deleted": False,
            "real_name": self.name,
            "tz": "America/Los_Angeles",
            "is_admin": self.admin or self.owner,
            "is_owner": self.owner,
            "is_primary_owner": False,
            "is_restricted": self.guest,
            "is_ultra_restricted": False,
            "is_bot": self.bot,
            "profile": {"real_name": self.name, "display_name": self.name},
        }


@dataclass(slots=True)
class Usergroup:
    id: str
    handle: str
    team: str
    users: list[str]

    def shown(self) -> dict[str, Any]:
        return {"id": self.id, "team_id": self.team, "handle": self.handle, "name": self.handle, "date_delete": 0}


@dataclass(slots=True)
class Channel:
    """`members` holds ids of users; `other` is the person on the far end of a direct conversation."""

    id: str
    name: str
    team: str
    private: bool = False
    shared: bool = False
    archived: bool = False
    other: str | None = None
    members: set[str] = field(default_factory=set)

    def shown(self, viewer: str) -> dict[str, Any]:
        """As conversations.info gives it."""
        if self.other is not None:
            return {"id": self.id, "is_im": True, "is_channel": False, "user": self.other, "is_archived": False}
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_shared": self.shared,
            "is_ext_shared": self.shared,
            "is_member": viewer in self.members,
            "context_team_id": self.team,
        }


@dataclass(slots=True)
class File:
    """`content` is None until it was uploaded; `channels` says where it was shared."""

    id: str
    name: str
    length: int
    content: bytes | None = None
    channels: list[str] = field(default_factory=list)
    team: str = ""

    def shown(self, origin: str) -> dict[str, Any]:
        """As files.info gives it."""
        address = f"{origin}/files-pri/{self.team}-{self.id}/{self.name}"
        return {"id": self.id, "name": self.name, "size": self.length, "mode": "hosted", "url_private": address}


@dataclass(slots=True)
class Workspace:
    """`token_state` says what the bot's token is worth: "live", or the error that Slack answers in its place.

    `dead_tokens` gives that error for each earlier one.
    """

    id: str
    name: str
    app_id: str
    enterprise: str | None
    numbers: Iterator[int]
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    token_state: str = "live"
    installs: int = 0
    bot_user: str = ""
    bot_id: str = ""
    bot_token: str = ""
    dead_tokens: dict[str, str] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Usergroup] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)

    def identify(self, letter: str) -> str:
        return f"{letter}{next(self.numbers):010d}"

    def channel(
        self,
        name: str,
        *,
        private: bool = False,
        member: bool = True,
        shared: bool = False,
        archived: bool = False,
    ) -> Channel:
        channel = Channel(self.identify("C"), name, self.id, private, shared, archived)
        channel.members.update([self.bot_user] if member else [])
        self.channels[channel.id] = channel
        return channel

    def user(self, name: str, *, admin: bool = False, owner: bool = False, guest: bool = False) -> User:
        user = User(self.identify("U"), name, self.id, admin, owner, guest)
        self.users[user.id] = user
        return user

    def usergroup(self, name: str, users: Sequence[User] = ()) -> Usergroup:
        group = Usergroup(self.identify("S"), name, self.id, [user.id for user in users])
        self.groups[group.id] = group
        return group

    def dm(self, user: User) -> Channel:
        """The direct conversation of the bot and a person: one and the same, however often it is opened."""
        for channel in self.channels.values():
            if channel.other == user.id:
                return channel
        channel = Channel(self.identify("D"), "", self.id, private=True, other=user.id)
        channel.members.update([user.id, self.bot_user])
        self.channels[channel.id] = channel
        return channel

    def install(self) -> None:
        """Slack: oauth.v2.access. Installing again keeps a living token, and gives a new one in place of a dead one."""
        self.installs += 1
        if self.bot_token and self.token_state == "live":
            return
        if self.bot_token:
            self.dead_tokens[self.bot_token] = self.token_state
        self.token_state = "live"
        self.bot_token = f"xoxb-{self.id}-{self.installs}"


def found(name: str, app_id: str, enterprise: str | None, numbers: Iterator[int] | None = None) -> Workspace:
    """A workspace with the app installed and its bot user in place."""
    numbers = numbers or count(1)
    workspace = Workspace(f"T{next(numbers):010d}", name, app_id, enterprise, numbers)
    bot = User(workspace.identify("U"), "digestbot", workspace.id, bot=True)
    workspace.users[bot.id] = bot
    workspace.bot_user, workspace.bot_id = bot.id, workspace.identify("B")
    workspace.install()
    return workspace
