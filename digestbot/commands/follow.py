"""`follow` and `unfollow`: an event's stories by direct message, for whoever asks."""

from collections.abc import Sequence
from dataclasses import replace

from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.commands.quarantines import try_now
from digestbot.commands.visit import Visit
from digestbot.commands.wishes import unwished
from digestbot.domain.command import Reply
from digestbot.domain.delivery import DeliveryState
from digestbot.domain.filter import Filter, Term
from digestbot.domain.place import Place
from digestbot.domain.slug import slug
from digestbot.domain.subscription import State, Subscription
from digestbot.errors import UserMistake

MOST = 50
_BROKEN = frozenset({DeliveryState.GONE, DeliveryState.REFUSED, DeliveryState.UNKNOWN})


async def follow(visit: Visit) -> Reply:
    """The same again says so, and why the last message did not arrive if it did not."""
    event = visit.sight.event(visit.arguments.required("event"))
    place = await own_place(visit)
    async with visit.desk.writing:
        followed = followed_in(await visit.desk.subscriptions.of_channel(place))
        known = next((each for each in followed if event_of(each) == slug(event.id)), None)
        if known is None:
            _within_quota(len(followed))
            await visit.desk.subscriptions.add(_subscription(visit, place, event.id))
        elif known.state is not State.ACTIVE:
            await visit.desk.subscriptions.replace(replace(known, state=State.ACTIVE, since=visit.now))
    visit.desk.changed()
    fault = await _fault(visit, known) if known else None
    quarantine = await visit.desk.quarantines.get(place)
    if quarantine is not None:  # the member says so by following again
        fault = quarantine.reason
        await try_now(visit, quarantine)
    return visit.done("followed", {"event": event.name, "id": event.id, "already": known is not None, "fault": fault})


async def unfollow(visit: Visit) -> Reply:
    """The only one if none is named. What was sent stays."""
    followed = followed_in(await visit.desk.subscriptions.of_channel(await own_place(visit)))
    known = _meant(visit, followed)
    await visit.desk.subscriptions.replace(replace(known, state=State.ENDED, next_due=None))
    visit.desk.changed()
    event = next((each for each in visit.sight.events() if slug(each.id) == event_of(known)), None)
    id_ = event.id if event else event_of(known)
    return visit.done("unfollowed", {"event": event.name if event else id_, "id": id_, "again": event is not None})


async def own_place(visit: Visit) -> Place:
    """Where this member gets direct messages."""
    channels = visit.desk.channels.get(visit.place.platform)
    if channels is None:
        raise UserMistake("There are no direct messages here: follow from a server or workspace.")
    return await channels.direct(visit.place.tenant, visit.request.member.id)


def followed_in(subscriptions: Sequence[Subscription]) -> list[Subscription]:
    """Those that follow one event and nothing else, at once."""
    return [each for each in subscriptions if each.cadence.instant and event_of(each)]


def event_of(subscription: Subscription) -> str:
    """The one event that a subscription is about, as filters write it; empty if it is about more or less."""
    wanted = subscription.filter
    terms = [term for terms in wanted.any_of for term in terms]
    return terms[0].value if len(terms) == 1 and terms[0].kind == "event" and not wanted.none_of else ""


def _subscription(visit: Visit, place: Place, event: str) -> Subscription:
    plain = unwished(place, visit.settings, visit.now)
    return replace(
        plain,
        id=visit.desk.new_id(),
        filter=Filter(((Term("event", slug(event)),),)),
        look=replace(plain.look, locale=visit.request.member.locale),
        created_by=visit.request.member.id,
    )


def _within_quota(there: int) -> None:
    if there >= MOST:
        raise UserMistake(f"You follow {there} events, and {MOST} is the most: leave one with `/news unfollow`.")


def _meant(visit: Visit, followed: Sequence[Subscription]) -> Subscription:
    """Raises `UserMistake`."""
    typed = visit.arguments.text("event")
    events = {event_of(each): each for each in followed}
    if not events:
        raise UserMistake("You follow no event. `/news follow` takes one.")
    if typed is None and len(events) > 1:
        raise UserMistake(f"You follow {len(events)} events, so say which: {', '.join(sorted(events))}.")
    wanted = slug(typed) if typed else next(iter(events))
    names = {slug(event.name): slug(event.id) for event in visit.sight.events()}
    known = events.get(wanted) or events.get(names.get(wanted, ""))
    if known is None:
        hint = did_you_mean(typed or "", events, f"You follow {', '.join(sorted(events))}.")
        raise UserMistake(f"You do not follow ‘{shortened(typed or '')}’.{hint}")
    return known


async def _fault(visit: Visit, known: Subscription) -> str | None:
    newest = await visit.desk.ledger.of_subscription(known.id, 1)
    return next((row.error for row in newest if row.state in _BROKEN), None)
