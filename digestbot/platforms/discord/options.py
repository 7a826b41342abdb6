"""Options: ours as Discord's typed ones, and what was chosen as the texts that commands read."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import discord
from discord import AppCommandOptionType, ChannelType, app_commands

from digestbot.domain.command import Option
from digestbot.errors import UserMistake

Complete = Callable[[discord.Interaction, str], Awaitable[Sequence[app_commands.Choice[int | float | str]]]]
"""(the interaction, what was typed so far)."""

_LONGEST: Final = 500
_LARGEST_FILE: Final = 64 * 1024
_TYPES: Final = {
    "text": AppCommandOptionType.string,
    "integer": AppCommandOptionType.integer,
    "boolean": AppCommandOptionType.boolean,
    "channel": AppCommandOptionType.channel,
    "role": AppCommandOptionType.string,  # offered by name: Discord's own type could not say `none`
    "file": AppCommandOptionType.attachment,
}
_CHANNELS: Final = [
    ChannelType.text,
    ChannelType.news,
    ChannelType.voice,
    ChannelType.stage_voice,
    ChannelType.forum,
    ChannelType.public_thread,
    ChannelType.private_thread,
    ChannelType.news_thread,
]
"""Where messages can be posted."""


class TypedOption(app_commands.Transformer[discord.Client]):
    """One option of ours, as the library declares it to Discord and reads it back."""

    def __init__(self, option: Option) -> None:
        self._option = option

    @property
    def type(self) -> AppCommandOptionType:
        return _TYPES[self._option.kind]

    @property
    def channel_types(self) -> list[ChannelType]:
        return _CHANNELS

    @property
    def min_value(self) -> int | None:
        return self._option.low if self._option.kind == "integer" else None

    @property
    def max_value(self) -> int | None:
        return self._option.high if self._option.kind == "integer" else _LONGEST

    @property
    def choices(self) -> list[app_commands.Choice[int | float | str]] | None:
        return [app_commands.Choice(name=text, value=text) for text in self._option.choices] or None

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> Any:  # noqa: ANN401 - as chosen; `texts_of` reads it
        _ = interaction
        return value


class CompletedOption(TypedOption):
    """One whose values are offered while typing."""

    def __init__(self, option: Option, complete: Complete) -> None:
        super().__init__(option)
        self._complete = complete

    async def autocomplete(
        self, interaction: discord.Interaction, value: float | str, /
    ) -> list[app_commands.Choice[int | float | str]]:
        return list(await self._complete(interaction, str(value)))


async def texts_of(given: Mapping[str, Any]) -> dict[str, str]:
    """What was chosen, by option, as people would have typed it. Raises `UserMistake` for a file that is none."""
    return {name: await _text(value) for name, value in given.items() if value is not None}


def plain_texts(given: Mapping[str, Any]) -> dict[str, str]:
    """The same while an option is still being typed: files are left out."""
    kept = {name: value for name, value in given.items() if value is not None}
    return {name: _plain(value) for name, value in kept.items() if not isinstance(value, discord.Attachment)}


async def _text(value: Any) -> str:  # noqa: ANN401 - any option's value
    return await _content(value) if isinstance(value, discord.Attachment) else _plain(value)


def _plain(value: Any) -> str:  # noqa: ANN401 - any option's value
    match value:
        case bool():
            return "yes" if value else "no"
        case discord.abc.Snowflake():
            return str(value.id)
        case _:
            return str(value)


async def _content(file: discord.Attachment) -> str:
    if file.size > _LARGEST_FILE:
        raise UserMistake(f"‘{file.filename}’ is too large: a file has at most {_LARGEST_FILE // 1024} KiB.")
    try:
        return (await file.read()).decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UserMistake(f"‘{file.filename}’ is not text: save it as UTF-8.") from fault
    except discord.HTTPException as fault:
        raise UserMistake(f"‘{file.filename}’ cannot be fetched from Discord now: try again.") from fault
