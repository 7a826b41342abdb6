"""Sync: Discord is told of our commands when they have changed, and only then."""

import hashlib
import json

import discord
import structlog

from digestbot.platforms.discord.commands import NewsTree
from digestbot.ports import Notebook

_log = structlog.get_logger("discord")


class Sync:
    """To one server (`guild`), where they show at once, or globally. Creating commands is limited to 200 a day."""

    def __init__(self, notebook: Notebook, guild: int | None) -> None:
        self._notebook = notebook
        self._guild = guild

    async def run(self, tree: NewsTree, application: int) -> bool:
        """Whether anything was sent; a failure is logged, and tried again at the next start."""
        note = f"discord.commands.{application}.{self._guild or 'global'}"
        wanted = fingerprint(tree)
        if await self._notebook.read(note) == wanted:
            return False
        where = discord.Object(self._guild) if self._guild else None
        if where:
            tree.copy_global_to(guild=where)
        try:
            await tree.sync(guild=where)
        except (discord.HTTPException, discord.app_commands.AppCommandError) as fault:
            _log.exception(
                "discord.not_synced", next="commands stay as they were until the next start", reason=str(fault)
            )
            return False
        await self._notebook.write(note, wanted)
        _log.info("discord.synced", where=self._guild or "everywhere")
        return True


def fingerprint(tree: NewsTree) -> str:
    """Equal for equal definitions, whatever process made them."""
    return hashlib.sha256(json.dumps(tree.payload, sort_keys=True).encode()).hexdigest()
