"""What the bot may reach: channels and messages by id, or the refusal that Discord would give."""

from tests.servers.discord.message import Message
from tests.servers.discord.permissions import Permission
from tests.servers.discord.refusals import refusal
from tests.servers.discord.world import CATEGORY, POSTS_ONLY, Channel, Guild, World


class Access:
    def __init__(self, world: World) -> None:
        self.world = world

    def has(self, channel: Channel, permission: Permission) -> bool:
        return bool(self.world.permissions(self.world.bot, channel) & permission)

    def demand(self, channel: Channel, permission: Permission) -> None:
        if not self.has(channel, permission):
            raise refusal(50013)

    def guild(self, id_: int) -> Guild:
        if id_ not in self.world.guilds:
            raise refusal(10004)
        return self.world.guilds[id_]

    def channel(self, id_: int) -> Channel:
        """One that the bot can see."""
        channel = self.world.channels.get(id_)
        if channel is None:
            raise refusal(10003)
        if not self.has(channel, Permission.VIEW_CHANNEL):
            raise refusal(50001)
        return channel

    def message(self, channel: Channel, id_: int) -> Message:
        message = channel.messages.get(id_)
        if message is None or message.deleted or message.ephemeral:
            raise refusal(10008)
        return message

    def own_message(self, channel: Channel, id_: int) -> Message:
        message = self.message(channel, id_)
        if message.author is not self.world.bot:
            raise refusal(50005)
        if channel.archived:
            raise refusal(50083)
        return message

    def demand_sending(self, channel: Channel) -> None:
        """Raises what Discord says to a plain message in this channel."""
        if channel.type in POSTS_ONLY:
            raise refusal(40058)
        if channel.type == CATEGORY:
            raise refusal(50008)
        if channel.locked and not self.has(channel, Permission.MANAGE_THREADS):
            raise refusal(50083 if channel.archived else 160005)
        self.demand(channel, Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES)
        if channel.recipient is not None and channel.recipient.dms_closed:
            raise refusal(50007)
