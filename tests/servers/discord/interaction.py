"""One interaction of a member with the bot, and what the member sees of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.servers.discord import payloads
from tests.servers.discord.message import Message
from tests.servers.discord.refusals import Json
from tests.servers.discord.watch import Watch
from tests.servers.discord.world import Channel, Guild, User, World

COMMAND, COMPONENT, COMPLETION = 2, 3, 4
ANSWER_WITHIN, TOKEN_LIVES = 3.0, 900.0


@dataclass(eq=False)
class Interaction:
    """`acknowledged` is the callback's type; `pressed` the message whose component it came from.

    `choices` are an autocomplete's answer, `modal` the form that was opened, `original` the message of the answer.
    """

    id: int
    token: str
    kind: int
    guild: Guild | None
    channel: Channel
    user: User
    data: Json
    created_at: float
    clock: Callable[[], float] = field(repr=False)
    watch: Watch = field(repr=False)
    pressed: Message | None = None
    acknowledged: int | None = None
    choices: list[Json] | None = None
    modal: Json | None = None
    original: Message | None = None
    made: list[Message] = field(default_factory=list)

    @property
    def messages(self) -> list[Message]:
        """What the member was shown in answer: created or edited, not deleted, oldest first."""
        return [message for message in self.made if not message.loading and not message.deleted]

    @property
    def error(self) -> str | None:
        """What Discord's client says instead of an answer."""
        waiting = self.original is not None and self.original.loading and not self.original.deleted
        if self.acknowledged is None and self.late:
            return "This interaction failed" if self.kind == COMPONENT else "The application did not respond"
        return "The application did not respond" if waiting and self.expired else None

    @property
    def late(self) -> bool:
        return self.clock() - self.created_at > ANSWER_WITHIN

    @property
    def expired(self) -> bool:
        return self.clock() - self.created_at > TOKEN_LIVES

    async def acknowledgement(self) -> None:
        """Until the app acknowledged, or its time is over."""
        words = "neither did the app acknowledge nor the server's clock move on"
        await self.watch.until(lambda: self.acknowledged is not None or self.late, words)

    async def shown(self, count: int = 1) -> list[Message]:
        """Waits for so many messages in answer, and returns them."""
        await self.watch.until(lambda: len(self.messages) >= count, f"{count} messages never came in answer")
        return self.messages


def event(world: World, interaction: Interaction, locale: str) -> Json:
    """As INTERACTION_CREATE tells it."""
    guild, channel = interaction.guild, interaction.channel
    where = payloads.channel(channel) | {"permissions": str(world.permissions(interaction.user, channel))}
    told = {
        "id": str(interaction.id),
        "application_id": str(world.bot.id),
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel": where,
        "channel_id": str(channel.id),
        "app_permissions": str(world.permissions(world.bot, channel)),
        "locale": locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": _owners(world, interaction),
        "context": 0 if guild else 1,
        "attachment_size_limit": 10 * 1024 * 1024,
    }
    if interaction.pressed is not None:
        told["message"] = interaction.pressed.payload()
    if guild is None:
        return {**told, "user": payloads.user(interaction.user)}
    member = payloads.member(guild.members[interaction.user.id])
    member |= {"permissions": str(world.permissions(interaction.user, channel))}
    about = {"id": str(guild.id), "locale": guild.locale, "features": []}
    return {**told, "member": member, "guild": about, "guild_id": str(guild.id), "guild_locale": guild.locale}


def _owners(world: World, interaction: Interaction) -> Json:
    """The guild that the bot is in; where it is not, the member who installed it for themselves."""
    guild = interaction.guild
    if guild is None:
        return {"0": "0"}
    return {"0": str(guild.id)} if guild.id in world.guilds else {"1": str(interaction.user.id)}


def metadata(world: World, interaction: Interaction) -> Json:
    """What its messages say of it."""
    return {
        "id": str(interaction.id),
        "type": interaction.kind,
        "user": payloads.user(interaction.user),
        "authorizing_integration_owners": _owners(world, interaction),
        "application": str(world.bot.id),
    }
