"""Here: the subscriptions that somebody in a place may know of, other people's direct messages left out."""

from collections.abc import Sequence

from digestbot.commands.desk import Desk
from digestbot.domain.place import Place
from digestbot.domain.subscription import Subscription


async def subscriptions_here(desk: Desk, place: Place) -> Sequence[Subscription]:
    """Those of the server or workspace; in direct messages those of this conversation alone."""
    if place.direct:
        return await desk.subscriptions.of_channel(place)
    return await subscriptions_of(desk, place.platform, place.tenant)


async def subscriptions_of(desk: Desk, platform: str, tenant: str) -> Sequence[Subscription]:
    """A tenant's own; a member's direct messages are theirs, unless they are the tenant."""
    there = await desk.subscriptions.of_tenant(platform, tenant)
    return [each for each in there if not each.place.direct or each.place.channel == tenant]


async def subscription_here(desk: Desk, place: Place, id_: str) -> Subscription | None:
    found = await desk.subscriptions.get(place.platform, place.tenant, id_)
    known = found is not None and (found.place == place if place.direct else not found.place.direct)
    return found if known else None
