"""Own: the subscription that an admin means, in their own server or workspace."""

from digestbot.commands.channels import channel_names
from digestbot.commands.here import subscription_here, subscriptions_here
from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.commands.visit import Visit
from digestbot.commands.wording import in_words
from digestbot.domain.subscription import Subscription
from digestbot.errors import UserMistake


async def own_subscription(visit: Visit) -> Subscription:
    """By the id typed, or the only one of this channel. Raises `UserMistake`, in the same words for another's id."""
    typed = visit.arguments.text("subscription")
    return await _only(visit) if typed is None else await _named(visit, typed.casefold())


async def _named(visit: Visit, typed: str) -> Subscription:
    found = await subscription_here(visit.desk, visit.place, typed)
    if found is None:
        ids = [each.id for each in await subscriptions_here(visit.desk, visit.place)]
        hint = did_you_mean(typed, ids, "`/news subscriptions` lists them.")
        raise UserMistake(f"There is no subscription ‘{shortened(typed)}’ here.{hint}")
    return found


async def _only(visit: Visit) -> Subscription:
    here = await visit.desk.subscriptions.of_channel(visit.place)
    if len(here) == 1:
        return here[0]
    if not visit.place.channel:
        raise UserMistake("Say which subscription, by its id: `/news subscriptions` lists them.")
    if not here:
        raise UserMistake("This channel has no subscription: make one with `/news subscribe`, or give an id.")
    ids = ", ".join(f"{each.id} ({each.filter}, {each.cadence})" for each in here)
    raise UserMistake(f"This channel has {len(here)} subscriptions, so say which: {ids}.")


async def worded(visit: Visit, subscription: Subscription) -> dict[str, object]:
    """Its values for a reply, with the channel's name."""
    names = await channel_names(visit)
    channel = subscription.place.channel
    return in_words(subscription, names.get(channel, channel))
