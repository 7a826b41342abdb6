"""`subscriptions`: which channels of this server or workspace get what."""

from digestbot.commands.channels import channel_names, chosen_channel
from digestbot.commands.here import subscriptions_here
from digestbot.commands.quarantines import quarantines_here
from digestbot.commands.visit import Visit
from digestbot.commands.wording import in_words
from digestbot.domain.command import Reply


async def subscriptions(visit: Visit) -> Reply:
    """This channel's first; only those of `channel` if one is named."""
    there = await subscriptions_here(visit.desk, visit.place)
    if visit.arguments.text("channel"):
        channel = await chosen_channel(visit)
        there = [each for each in there if each.place.channel == channel.id]
    names = await channel_names(visit)
    there = sorted(there, key=lambda each: each.place != visit.place)
    alone = await quarantines_here(visit.desk, visit.place)
    items = [
        {
            **in_words(each, names.get(each.place.channel, each.place.channel)),
            "quarantine": alone[each.place.channel].reason if each.place.channel in alone else None,
        }
        for each in there
    ]
    return visit.reply("subscriptions", {"subscriptions": items, "quota": visit.desk.quota})
