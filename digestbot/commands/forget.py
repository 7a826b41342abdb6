"""`forget`: everything that is stored about this place, deleted."""

from digestbot.commands.visit import Visit
from digestbot.domain.command import Reply


async def forget(visit: Visit) -> Reply:
    """Without `confirm` it only says what would be deleted. Of direct messages, what is that member's own."""
    place, tenants = visit.place, visit.desk.tenants
    channel = place.channel if place.direct and place.tenant != place.channel else None
    if not visit.arguments.flag("confirm"):
        counts, done = await tenants.counted(place.platform, place.tenant, channel), False
    else:
        counts, done = await tenants.forget(place.platform, place.tenant, channel), True
        visit.desk.changed()
    values = {
        "done": done,
        "own": place.direct,
        "subscriptions": counts.subscriptions,
        "posts": counts.deliveries,
        "settings": counts.settings,
        "nothing": not (counts.subscriptions or counts.deliveries or counts.settings),
    }
    return visit.done("forget", values)
