"""Channels, as people name them: found by what was typed, shown by name."""

import asyncio
from collections.abc import Iterable, Mapping

from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.commands.visit import Visit
from digestbot.domain.place import Channel, Place
from digestbot.errors import UserMistake

PATIENCE = 2.0  # seconds: the names are worth a short wait, the answer is worth more than the names


async def chosen_channel(visit: Visit) -> Channel:
    """The one that the option `channel` names, else this one. Raises `UserMistake`."""
    text = visit.arguments.text("channel")
    known = visit.desk.channels.get(visit.place.platform)
    if text is None or known is None:
        return Channel(visit.place.channel, await channel_name(visit, visit.place.channel))
    found = await known.find(visit.place.tenant, text)
    if found is None:
        names = [channel.name for channel in await known.all(visit.place.tenant)]
        otherwise = "Name one that the bot can see, or leave `channel` out to take this one."
        raise UserMistake(f"There is no channel ‘{shortened(text)}’ here.{did_you_mean(text, names, otherwise)}")
    return found


async def check_postable(visit: Visit, place: Place) -> None:
    """Raises `UserMistake` with what is missing there."""
    trouble = (await troubles(visit, [place])).get(place)
    if trouble:
        raise UserMistake(trouble)


async def troubles(visit: Visit, places: Iterable[Place]) -> Mapping[Place, str]:
    """Why nothing can be posted to some of the places; empty if the platform cannot say in time."""
    known = visit.desk.channels.get(visit.place.platform)
    if known is None:
        return {}
    try:
        async with asyncio.timeout(PATIENCE):
            found = {place: await known.trouble(place) for place in dict.fromkeys(places)}
    except TimeoutError:
        return {}
    return {place: trouble for place, trouble in found.items() if trouble}


async def channel_name(visit: Visit, channel: str) -> str:
    """Its id if the platform cannot say in time."""
    return (await channel_names(visit)).get(channel, channel)


async def channel_names(visit: Visit) -> Mapping[str, str]:
    """Names by id; empty if the platform cannot say in time."""
    known = visit.desk.channels.get(visit.place.platform)
    if known is None:
        return {}
    try:
        async with asyncio.timeout(PATIENCE):
            return {channel.id: channel.name for channel in await known.all(visit.place.tenant)}
    except TimeoutError:
        return {}
