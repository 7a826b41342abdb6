"""Pressing: buttons whose custom ids are `/news` lines, which therefore survive any restart."""

import re
from typing import Any, Self

import discord

from digestbot.platforms.discord.buttons import PATTERN, command_of
from digestbot.platforms.discord.conversation import Conversation


def pressed(conversation: Conversation) -> type[discord.ui.DynamicItem[Any]]:
    """The item that the library makes anew from each press."""

    class NewsButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=PATTERN):
        @classmethod
        async def from_custom_id(
            cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
        ) -> Self:
            _ = interaction, match
            return cls(item)  # type: ignore[arg-type]  # of our buttons, by their custom ids

        async def callback(self, interaction: discord.Interaction[Any]) -> None:
            await conversation.press(interaction, command_of(self.custom_id) or "")

    return NewsButton
