"""`subscribe`: a new subscription, checked before anything is written."""

from collections.abc import Sequence
from dataclasses import replace

from digestbot.commands.channels import check_postable, chosen_channel
from digestbot.commands.here import subscriptions_here
from digestbot.commands.preview import newest_matching
from digestbot.commands.visit import Visit
from digestbot.commands.wishes import first_due, fulfilled, strangers, unwished
from digestbot.commands.wording import in_words
from digestbot.domain.command import Reply
from digestbot.domain.delivery import Reservation
from digestbot.domain.place import Place
from digestbot.domain.story import Story
from digestbot.domain.subscription import Subscription
from digestbot.errors import UserMistake


async def subscribe(visit: Visit) -> Reply:
    """The same again is not written again: a double click must not post everything twice."""
    visit.arguments.required("what")
    at_once = visit.arguments.flag("latest")
    channel = await chosen_channel(visit)
    place = Place(visit.place.platform, visit.place.tenant, channel.id)
    wanted = fulfilled(unwished(place, visit.settings, visit.now), visit.arguments, visit.desk)
    await check_postable(visit, wanted)
    wanted = replace(wanted, next_due=first_due(wanted, visit.now), created_by=visit.request.member.id)
    async with visit.desk.writing:
        others = await subscriptions_here(visit.desk, place)
        twin = next((each for each in others if alike(each, wanted)), None)
        if twin:
            return _reply(visit, twin, channel.name, new=False)
        _within_quota(len(others), visit.desk.quota)
        wanted = replace(wanted, id=visit.desk.new_id())
        await visit.desk.subscriptions.add(wanted)
    story = await _post_latest(visit, wanted) if at_once else None
    visit.desk.changed()
    notes = [*_doubles(wanted, others), *strangers(wanted.filter, visit.sight)]
    if at_once and story is None:
        notes.append("No story matches yet, so nothing is posted at once.")
    posts = story.headline if story else None
    return _reply(visit, wanted, channel.name, notes=notes, posts=posts)


def _reply(
    visit: Visit,
    subscription: Subscription,
    channel: str,
    *,
    new: bool = True,
    notes: Sequence[str] = (),
    posts: str | None = None,
) -> Reply:
    values = {**in_words(subscription, channel), "new": new, "notes": list(notes), "posts": posts}
    return visit.done("subscribed", values, subscription.zone)


def alike(one: Subscription, other: Subscription) -> bool:
    """Whether two would post the same to the same channel at the same times, looking the same."""
    same = replace(one, id="", since=other.since, next_due=None, created_by=None, filter=other.filter)
    return _wants(one) == _wants(other) and same == replace(other, id="", next_due=None, created_by=None)


def _wants(subscription: Subscription) -> tuple[object, ...]:
    """Where, what and when, in whatever order it was typed."""
    wanted = subscription.filter
    any_of = frozenset(frozenset(terms) for terms in wanted.any_of)
    times = frozenset(subscription.cadence.timings)
    return subscription.place, any_of, frozenset(wanted.none_of), times


def _doubles(wanted: Subscription, others: Sequence[Subscription]) -> list[str]:
    twice = [each.id for each in others if _wants(each) == _wants(wanted)]
    ids = ", ".join(twice)
    return [f"Subscription {ids} posts the same stories here at the same times: each comes twice."] if twice else []


def _within_quota(there: int, quota: int) -> None:
    if there >= quota:
        raise UserMistake(
            f"There are {there} subscriptions here already, and {quota} is the most: end one with `/news unsubscribe`."
        )


async def _post_latest(visit: Visit, subscription: Subscription) -> Story | None:
    """Reserve one card for the newest live story that matches; the story, or None if there is none."""
    story = newest_matching(visit.desk.stories.live(visit.now), subscription.filter)
    if story:
        reservation = Reservation(
            subscription=subscription.id,
            place=subscription.place,
            occasion=f"latest:{story.id}",
            due=visit.now,
            look=subscription.look,
            doubt=subscription.doubt,
            stories=(story.id,),
        )
        await visit.desk.ledger.reserve([reservation])
    return story
