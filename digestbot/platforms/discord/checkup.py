"""The checkup: what the doctor says about Discord, asked of Discord itself without connecting."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from typing import Any

import aiohttp
import discord

from digestbot.domain.command import Verb
from digestbot.domain.finding import Finding
from digestbot.domain.place import Place
from digestbot.platforms.discord.client import use_addresses
from digestbot.platforms.discord.commands import definitions
from digestbot.platforms.discord.permissions import NEEDED, missing, sentence

_RENEW = "Discord refuses it: make a new one (developer portal → Bot → Reset Token) and set DIGESTBOT_DISCORD__TOKEN"


def invitation(application: int) -> str:
    """The link with which an admin adds the bot to a server, asking for exactly the permissions that it needs."""
    return discord.utils.oauth_url(application, permissions=NEEDED, scopes=("bot", "applications.commands"))


async def checkup(
    token: str,
    addresses: tuple[str, str],
    *,
    guild: int | None,
    verbs: Sequence[Verb],
    places: Collection[Place],
) -> AsyncIterator[Finding]:
    """`addresses` are the API's and the gateway's; `guild` the only one to get the commands.

    Token, application, sessions, commands, the permissions in every subscribed channel, and the invitation.
    """
    use_addresses(*addresses)
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
        except discord.LoginFailure:
            yield Finding("wrong", "discord token", _RENEW)
            return
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as fault:
            yield Finding("wrong", "discord", f"{addresses[0]} cannot be reached: {fault}")
            return
        yield Finding("ok", "discord token", f"it is {client.user}'s")
        async for finding in _logged_in(client, guild, verbs, places):
            yield finding


async def _logged_in(
    client: discord.Client, guild: int | None, verbs: Sequence[Verb], places: Collection[Place]
) -> AsyncIterator[Finding]:
    application = await client.application_info()
    yield _application(application)
    _, _, sessions = await client.http.get_bot_gateway()
    left = f"{sessions['remaining']} of {sessions['total']} new sessions left today"
    yield Finding("ok" if sessions["remaining"] > sessions["total"] // 20 else "wrong", "discord gateway", left)
    yield await _commands(client, guild, verbs, application.id)
    for finding in [finding for each in _by_guild(places).items() for finding in await _server(client, *each)]:
        yield finding
    yield Finding("note", "discord invitation", invitation(application.id))


def _application(application: discord.AppInfo) -> Finding:
    if application.interactions_endpoint_url:
        text = (
            "an interactions endpoint is set, so Discord sends commands there and not to digestbot: clear it in the"
            " developer portal (General Information → Interactions Endpoint URL)"
        )
        return Finding("wrong", "discord application", text)
    return Finding("ok", "discord application", f"{application.name}; no privileged intent is needed")


async def _commands(client: discord.Client, guild: int | None, verbs: Sequence[Verb], application: int) -> Finding:
    http = client.http
    known = await (http.get_guild_commands(application, guild) if guild else http.get_global_commands(application))
    if _names(known) == _names(definitions(verbs)):
        return Finding("ok", "discord commands", f"/news is there with its {len(verbs)} verbs")
    return Finding("note", "discord commands", "they differ from this release's: `digestbot run` sends them")


def _names(commands: Sequence[Mapping[str, Any]]) -> frozenset[tuple[str, ...]]:
    """Every path of names in the definitions."""
    return frozenset(path for command in commands for path in _paths(command))


def _paths(node: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    yield (node["name"],)
    for option in node.get("options") or ():
        yield from ((node["name"], *path) for path in _paths(option))


def _by_guild(places: Collection[Place]) -> dict[int, list[int]]:
    there: dict[int, list[int]] = {}
    for place in sorted(places):
        if place.tenant.isdecimal() and place.channel.isdecimal():
            there.setdefault(int(place.tenant), []).append(int(place.channel))
    return there


async def _server(client: discord.Client, guild_id: int, channels: Sequence[int]) -> list[Finding]:
    try:
        guild = await client.fetch_guild(guild_id)
        ourselves = await guild.fetch_member(client.user.id if client.user else 0)
        known = {channel.id: channel for channel in await guild.fetch_channels()}
    except (discord.NotFound, discord.Forbidden):
        text = "digestbot is not in it any more, but has subscriptions there: add it again, or let them end"
        return [Finding("wrong", f"discord server {guild_id}", text)]
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as fault:
        return [Finding("wrong", f"discord server {guild_id}", f"it cannot be looked at now: {fault}")]
    lacking = [await _lacking(client, known, channel, ourselves) for channel in channels]
    faults = [Finding("wrong", f"discord server {guild.name}", text) for text in lacking if text]
    all_well = f"{len(channels)} subscribed channels, nothing is missing"
    return faults or [Finding("ok", f"discord server {guild.name}", all_well)]


async def _lacking(
    client: discord.Client, known: Mapping[int, discord.abc.GuildChannel], channel: int, ourselves: discord.Member
) -> str | None:
    """A sentence about what is missing in a channel. Of threads only whether they are there."""
    found = known.get(channel)
    if found is None:
        try:
            await client.fetch_channel(channel)
        except discord.HTTPException as fault:
            return f"the channel {channel} cannot be reached ({fault.text or fault.status}): end its subscription"
        return None
    names = missing(found.permissions_for(ourselves), [name for name, needed in NEEDED if needed])
    return sentence(found.name, names) if names else None
