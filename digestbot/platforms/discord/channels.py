"""The channels of a server, as commands ask for them: from the gateway's memory."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import discord

from digestbot.domain.place import Channel, Place
from digestbot.domain.subscription import Look
from digestbot.errors import DeliveryError
from digestbot.platforms.discord.connection import Connection
from digestbot.platforms.discord.permissions import sentence
from digestbot.platforms.discord.targets import PLATFORM, Held, Targets, direct, kind_of, member_of

_MENTION: Final = re.compile(r"<#(\d{1,20})>|(\d{5,20})")


class DiscordChannels:
    """`ports.Channels`: what digestbot sees there; threads that are archived are found by id only."""

    def __init__(self, connection: Connection, targets: Targets) -> None:
        self._connection = connection
        self._targets = targets

    async def find(self, tenant: str, text: str) -> Channel | None:
        there = list(self._there(tenant))
        mention = _MENTION.fullmatch(text.strip())
        if mention:
            wanted = mention[1] or mention[2]
            return next((channel for channel in there if channel.id == wanted), None) or await self._asked(
                tenant, wanted
            )
        name = text.strip().removeprefix("#").casefold()
        return next((channel for channel in there if name in {channel.id, channel.name.casefold()}), None)

    async def all(self, tenant: str) -> Sequence[Channel]:
        return list(self._there(tenant))

    async def direct(self, tenant: str, member: str) -> Place:
        _ = tenant
        return direct(member)

    async def trouble(self, place: Place, look: Look) -> str | None:
        """What is missing to look back counts too: without it a doubt could not be settled."""
        try:
            target = await self._targets.of(place)
        except DeliveryError as fault:
            words = str(fault)
            return f"{words[0].upper()}{words[1:]}."
        lacking = dict.fromkeys((*target.lacks(embeds=look.layout == "embed"), *target.blind))
        return sentence(target.name, lacking) if lacking else None

    def _there(self, tenant: str) -> Iterator[Channel]:
        if member_of(tenant) is not None:
            yield Channel(tenant, "direct messages")
            return
        client = self._connection.client
        guild = client.get_guild(int(tenant)) if client and tenant.isdecimal() else None
        if guild:
            seen: list[Held] = [*guild.channels, *guild.threads]
            yield from (Channel(str(each.id), each.name) for each in seen if _is_seen(each, guild))

    async def _asked(self, tenant: str, channel: str) -> Channel | None:
        """An archived thread is not in memory."""
        try:
            target = await self._targets.of(Place(PLATFORM, tenant, channel))
        except DeliveryError:
            return None
        return Channel(channel, target.name)


def _is_seen(channel: Held, guild: discord.Guild) -> bool:
    if kind_of(channel) is None:
        return False
    try:
        return channel.permissions_for(guild.me).view_channel
    except discord.ClientException:  # a thread whose parent is not in memory
        return True
