"""Channels, as people name them: found by what was typed, shown by name."""

import asyncio
from collections.abc import Iterable, Mapping

from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.commands.visit import Visit
from digestbot.domain.place import Channel
from digestbot.domain.subscription import Subscription
from digestbot.errors import UserMistake

PATIENCE = 2.0  # seconds: the names are worth a short wait, the answer is worth more than the names


async def chosen_channel(visit: Visit) -> Channel:
    """The one that the option `channel` names, else this one. Raises `UserMistake`."""
    text = visit.arguments.text("channel")
    known = visit.desk.channels.get(visit.place.platform)
    if text is None and not visit.place.channel:
        raise UserMistake("Say which channel: here there is none.")
    if text is None or known is None:
        return Channel(visit.place.channel, await channel_name(visit, visit.place.channel))
    found = await known.find(visit.place.tenant, text)
    if found is None:
        names = [channel.name for channel in await known.all(visit.place.tenant)]
        otherwise = "Name one that the bot can see, or leave `channel` out to take this one."
        raise UserMistake(f"There is no channel ‘{shortened(text)}’ here.{did_you_mean(text, names, otherwise)}")
    return found


async def check_postable(visit: Visit, wished: Subscription) -> None:
    """Raises `UserMistake` with what is missing where it is to post."""
    trouble = (await troubles(visit, [wished])).get(wished.id)
    if trouble:
        raise UserMistake(trouble)


async def troubles(visit: Visit, subscriptions: Iterable[Subscription]) -> Mapping[str, str]:
    """Why some of them cannot post, by id; those are left out of which the platform cannot say it in time."""
    known = visit.desk.channels.get(visit.place.platform)
    if known is None:
        return {}
    asked = {each.id: asyncio.ensure_future(known.trouble(each.place, each.look)) for each in subscriptions}
    if asked:
        _, late = await asyncio.wait(asked.values(), timeout=PATIENCE)
        for each in late:
            each.cancel()
    found = {id_: answer.result() for id_, answer in asked.items() if answer.done() and not answer.cancelled()}
    return {id_: trouble for id_, trouble in found.items() if trouble}


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
