"""A small bot with a /news group and a dynamic button, to try the loopback Discord with."""

import asyncio
import re
from typing import Any, Self

import discord
from discord import app_commands


class Newsroom(discord.Client):
    """Answers with what it was asked; `/news never` sets `asked`, waits for `never`, and keeps why it was `refused`."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None, guild_ready_timeout=0.01)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(_group())
        self.asked = asyncio.Event()
        self.never = asyncio.Event()
        self.refused: asyncio.Future[int] = asyncio.Future()

    async def setup_hook(self) -> None:
        self.add_dynamic_items(More)
        await self.tree.sync()


class More(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"more:(?P<page>\d+)"):
    def __init__(self, page: int) -> None:
        super().__init__(discord.ui.Button(label=f"More ({page}/3)", custom_id=f"more:{page}"))
        self.page = page

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(int(match["page"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=page(self.page))


def page(number: int) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(More(number + 1))
    row.add_item(discord.ui.Button(label="Source", url="https://example.com/source"))
    container: discord.ui.Container[Any] = discord.ui.Container(
        discord.ui.TextDisplay(f"# Page {number}\n-# small print"), row, accent_colour=0xAA8800
    )
    view.add_item(container)
    return view


def _group() -> app_commands.Group:
    group = app_commands.Group(name="news", description="News")

    @group.command(description="The latest")
    async def latest(interaction: discord.Interaction, count: app_commands.Range[int, 1, 5] = 1) -> None:
        await interaction.response.send_message(view=page(count), ephemeral=True)

    @group.command(description="Subscribe")
    @app_commands.choices(spoilers=[app_commands.Choice(name="Hide them", value="hide")])
    async def subscribe(  # noqa: PLR0917 - app_commands reads options from parameters
        interaction: discord.Interaction,
        what: str,
        channel: discord.TextChannel | None = None,
        mention: discord.Role | None = None,
        spoilers: str | None = None,
        locale: str | None = None,
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        said = [what, str(channel), str(mention), str(spoilers), str(locale), str(interaction.locale)]
        await interaction.edit_original_response(content=" ".join(said))

    @subscribe.autocomplete("what")
    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}…", value=f"topic:{typed}")]

    @group.command(name="import", description="Import")
    async def take(interaction: discord.Interaction, file: discord.Attachment) -> None:
        await interaction.response.send_message(f"{file.filename}: {(await file.read()).decode()}")

    @group.command(description="Never answers")
    async def never(interaction: discord.Interaction) -> None:
        assert isinstance(interaction.client, Newsroom)
        interaction.client.asked.set()
        await interaction.client.never.wait()
        try:
            await interaction.response.send_message("too late")
        except discord.NotFound as error:
            interaction.client.refused.set_result(error.code)

    @group.command(description="Answers twice, then follows up")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("one <@5> @everyone")
        interaction.response._response_type = None
        try:
            await interaction.response.send_message("two")
        except discord.HTTPException as error:
            await interaction.followup.send(f"{error.code}", ephemeral=True)

    return group
