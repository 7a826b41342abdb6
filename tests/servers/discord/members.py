"""What members do: type commands, ask for completions, press buttons."""

from collections.abc import Callable

from tests.servers.discord.commands import Commands
from tests.servers.discord.interaction import COMMAND, COMPLETION, COMPONENT, Interaction
from tests.servers.discord.interactions import Interactions
from tests.servers.discord.message import Message
from tests.servers.discord.options import Attachment, Typed
from tests.servers.discord.refusals import Json
from tests.servers.discord.world import Channel, Guild, Member, User, World

COMMAND_NAME = "news"


class Members:
    """`keep` stores a file that a member attaches, and says its address."""

    def __init__(
        self, world: World, commands: Commands, interactions: Interactions, keep: Callable[[int, Attachment], str]
    ) -> None:
        self._world = world
        self._commands = commands
        self._interactions = interactions
        self._keep = keep

    async def command(
        self,
        guild: Guild | None,
        channel: Channel | None,
        member: Member | User,
        verb: str,
        /,
        locale: str = "en-US",
        **options: object,
    ) -> Interaction:
        """`/news <verb>`, typed as a member would; returns once it is acknowledged or too late for that.

        Channels, roles, members and `Attachment`s are given as such. An option that is called `locale` is given as
        `locale_`. Without a guild it is typed in the member's direct messages with the bot. AssertionError if the
        registered tree lets no member send this; who may use a command is not checked, for admins can change that.
        """
        given = {name.removesuffix("_"): value for name, value in options.items()}
        user, place = self._place(guild, channel, member)
        data = self._typed(user).command(self._registered(guild), verb, given)
        interaction = self._interactions.start(COMMAND, place, user, data, locale=locale)
        await interaction.acknowledgement()
        return interaction

    async def autocomplete(  # noqa: PLR0917 - keywords are the command's own options
        self,
        guild: Guild | None,
        channel: Channel | None,
        member: Member | User,
        verb: str,
        option: str,
        typed: object,
        /,
        locale: str = "en-US",
        **options: object,
    ) -> list[Json]:
        """The choices for what was typed so far into `option`; AssertionError if none came in time."""
        given = {name.removesuffix("_"): value for name, value in options.items()}
        user, place = self._place(guild, channel, member)
        data = self._typed(user).completion(self._registered(guild), verb, (option, typed), given)
        interaction = self._interactions.start(COMPLETION, place, user, data, locale=locale)
        await interaction.acknowledgement()
        assert interaction.choices is not None, f"no choices for {option} came in time"
        return interaction.choices

    async def press(self, message: Message, member: Member | User, button: str, locale: str = "en-US") -> Interaction:
        """A button that the message shows now, by its custom id or its label."""
        user = member.user if isinstance(member, Member) else member
        assert not message.deleted, "the message was deleted"
        assert message.only_for in {None, user}, f"only {message.only_for} sees this message"
        found = [each for each in message.buttons if button in {each.get("custom_id"), each.get("label")}]
        assert found, f"no button {button!r}, only {[each.get('label') for each in message.buttons]}"
        assert "custom_id" in found[0], f"{button!r} is a link"
        assert not found[0].get("disabled"), f"{button!r} is disabled"
        data = {"component_type": 2, "custom_id": found[0]["custom_id"], "id": found[0]["id"]}
        place = (message.channel.guild, message.channel)
        interaction = self._interactions.start(COMPONENT, place, user, data, locale=locale, pressed=message)
        await interaction.acknowledgement()
        return interaction

    def _place(
        self, guild: Guild | None, channel: Channel | None, member: Member | User
    ) -> tuple[User, tuple[Guild | None, Channel]]:
        user = member.user if isinstance(member, Member) else member
        return user, (guild, channel or self._world.direct_channel(user))

    def _registered(self, guild: Guild | None) -> Json:
        command = self._commands.find(guild.id if guild else None, COMMAND_NAME)
        assert command, f"/{COMMAND_NAME} is not registered"
        contexts = command.get("contexts") or [0, 1, 2]
        assert (0 if guild else 1) in contexts, f"/{COMMAND_NAME} is not offered here (contexts {contexts})"
        return command

    def _typed(self, user: User) -> Typed:
        return Typed(self._world, user, self._keep)
