"""An answer to one interaction: at once or announced first, to everybody or to one person alone."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import aiohttp
import discord
import structlog

from digestbot.domain.command import File, Reply
from digestbot.platforms.discord.faults import ALREADY_ACKNOWLEDGED
from digestbot.platforms.discord.markdown import escaped
from digestbot.platforms.discord.pages import bodies

_NOBODY: Final = discord.AllowedMentions.none()
_log = structlog.get_logger("discord")


class Laid(discord.ui.LayoutView):
    """Components that are laid out already; nothing of them is kept in memory."""

    def __init__(self, components: Sequence[dict[str, Any]]) -> None:
        super().__init__(timeout=None)
        self._laid = list(components)
        self.stop()

    def to_components(self) -> list[dict[str, Any]]:
        return self._laid

    def has_components_v2(self) -> bool:
        return True


class Answer:
    """`give` or `say`, once; before it perhaps `announce`. Raises the library's `HTTPException`s."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction
        self._private = True
        self._announced = False

    @property
    def announced(self) -> bool:
        return self._announced or self._interaction.response.is_done()

    async def announce(self, *, private: bool) -> None:
        """Within three seconds of the question; the answer may then take a quarter of an hour."""
        self._private = private
        try:
            await self._interaction.response.defer(ephemeral=private, thinking=True)
        except discord.HTTPException as fault:
            if fault.code != ALREADY_ACKNOWLEDGED:  # else an earlier try of the library's got through
                raise
        self._announced = True

    async def give(self, reply: Reply) -> None:
        """An answer that others must not see replaces an announcement that they saw."""
        if not self.announced:
            await self._interaction.response.send_message(
                view=_laid(reply), ephemeral=reply.private, allowed_mentions=_NOBODY, files=_files(reply)
            )
        elif reply.private and not self._private:
            await self._alone(view=_laid(reply), files=_files(reply))
        else:
            await self._interaction.edit_original_response(
                view=_laid(reply), allowed_mentions=_NOBODY, attachments=_files(reply)
            )

    async def say(self, sentence: str) -> None:
        """One sentence to the person alone; never raises."""
        try:
            await self._say(escaped(sentence))
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as fault:
            _log.warning("discord.unanswered", reason=str(fault) or type(fault).__name__)

    async def _say(self, text: str) -> None:
        if not self.announced:
            await self._interaction.response.send_message(text, ephemeral=True, allowed_mentions=_NOBODY)
        elif self._private:
            await self._interaction.edit_original_response(content=text, allowed_mentions=_NOBODY)
        else:
            await self._alone(content=text)

    async def _alone(self, **message: Any) -> None:  # noqa: ANN401 - as the library's `send` takes it
        """For one person, where the announcement was for everybody.

        It is ended first: a follow-up right behind it would be shown in its place, to everybody. That it stays is
        better than no answer.
        """
        with _logged("discord.announcement"):
            await self._interaction.edit_original_response(content="…", allowed_mentions=_NOBODY)
        await self._interaction.followup.send(ephemeral=True, allowed_mentions=_NOBODY, **message)
        with _logged("discord.announcement"):
            await self._interaction.delete_original_response()


@contextmanager
def _logged(event: str) -> Iterator[None]:
    try:
        yield
    except discord.HTTPException as fault:
        _log.warning(event, reason=str(fault))


def _laid(reply: Reply) -> Laid:
    pages = bodies(reply.card, "components")
    components = list(pages[min(reply.page, len(pages)) - 1]["components"])
    if reply.file:
        shown = {"url": f"attachment://{reply.file.name}"}
        components.append({"type": discord.ComponentType.file.value, "file": shown})
    return Laid(components)


def _files(reply: Reply) -> list[discord.File]:
    return [_file(reply.file)] if reply.file else []


def _file(file: File) -> discord.File:
    return discord.File(io.BytesIO(file.text.encode()), filename=file.name)
