"""Sync: Discord is told of our commands when they have changed, and only then."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import discord
import structlog

from digestbot.errors import DeliveryError
from digestbot.platforms.discord.commands import NewsTree
from digestbot.platforms.discord.faults import translated
from digestbot.ports import Notebook

_log = structlog.get_logger("discord")


class Sync:
    """To one server (`guild`), where they show at once, or globally. Creating commands is limited to 200 a day."""

    def __init__(self, notebook: Notebook, guild: int | None) -> None:
        self._notebook = notebook
        self._guild = guild

    async def run(self, tree: NewsTree, application: int) -> bool:
        """Whether anything was sent; a failure is logged, and tried again at the next start."""
        note = f"discord.commands.{application}"
        known = json.loads(await self._notebook.read(note) or "{}")
        wanted = {"guild": self._guild, "fingerprint": fingerprint(tree)}
        if known == wanted:
            return False
        try:
            with translated():
                await self._send(tree, application, known)
        except (DeliveryError, discord.app_commands.AppCommandError) as fault:
            next_ = "commands stay as they were until the next start"
            _log.exception("discord.not_synced", next=next_, reason=str(fault))
            return False
        await self._notebook.write(note, json.dumps(wanted))
        _log.info("discord.synced", where=self._guild or "everywhere")
        return True

    async def _send(self, tree: NewsTree, application: int, known: Mapping[str, Any]) -> None:
        """Where they were sent before and are not wanted any more, they would show twice: they are taken away."""
        where = discord.Object(self._guild) if self._guild else None
        if where:
            tree.copy_global_to(guild=where)
        await tree.sync(guild=where)
        before = known.get("guild", self._guild)
        if before != self._guild and before is None:
            await tree.client.http.bulk_upsert_global_commands(application, [])
        elif before != self._guild:
            await tree.client.http.bulk_upsert_guild_commands(application, before, [])


def fingerprint(tree: NewsTree) -> str:
    """Equal for equal definitions, whatever process made them."""
    return hashlib.sha256(json.dumps(tree.payload, sort_keys=True).encode()).hexdigest()
