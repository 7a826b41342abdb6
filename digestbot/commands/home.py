"""`home`: what somebody follows and, for those who manage the place, what channels get."""

from typing import Any

from digestbot.commands.channels import channel_names
from digestbot.commands.follow import event_of, followed_in, own_place
from digestbot.commands.here import subscriptions_here
from digestbot.commands.visit import Visit
from digestbot.commands.wording import in_words
from digestbot.domain.command import Reply
from digestbot.domain.slug import slug


async def home(visit: Visit) -> Reply:
    admin = visit.request.member.admin
    values = {
        "follows": await _follows(visit),
        "admin": admin,
        "subscriptions": await _subscriptions(visit) if admin else [],
        "quota": visit.desk.quota,
    }
    return visit.reply("home", values)


async def _follows(visit: Visit) -> list[dict[str, str]]:
    """By name; an event of which nothing may be known any more goes by what was typed."""
    if visit.place.platform not in visit.desk.channels:
        return []
    followed = followed_in(await visit.desk.subscriptions.of_channel(await own_place(visit)))
    known = {slug(event.id): event for event in visit.sight.events()}
    events = [(event_of(each), known.get(event_of(each))) for each in followed]
    return [{"id": event.id if event else id_, "name": event.name if event else id_} for id_, event in events]


async def _subscriptions(visit: Visit) -> list[dict[str, Any]]:
    names = await channel_names(visit)
    there = await subscriptions_here(visit.desk, visit.place)
    return [in_words(each, names.get(each.place.channel, each.place.channel)) for each in there]
