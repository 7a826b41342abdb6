"""`why`: the stages that let a story through to a channel's subscriptions or held it, in order (promise 5)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from digestbot.commands.channels import chosen_channel
from digestbot.commands.sight import no_story
from digestbot.commands.visit import Visit
from digestbot.commands.wording import called, in_words
from digestbot.domain.command import Reply
from digestbot.domain.delivery import Delivery, DeliveryState
from digestbot.domain.digest import Stage, stages
from digestbot.domain.place import Place
from digestbot.domain.slug import slug
from digestbot.domain.story import Story
from digestbot.domain.subscription import Subscription

OUTCOMES: Mapping[DeliveryState, str] = {
    DeliveryState.PLANNED: "its message is planned",
    DeliveryState.SENDING: "its message is on its way",
    DeliveryState.WAITING: "its message waits for another try",
    DeliveryState.UNKNOWN: "nobody knows whether its message arrived",
    DeliveryState.POSTED: "it was posted",
    DeliveryState.CORRECTING: "it was posted and is being corrected",
    DeliveryState.REFUSED: "the platform does not take its message",
    DeliveryState.GONE: "the channel or the message is gone",
    DeliveryState.SKIPPED: "its message was skipped",
}


async def why(visit: Visit) -> Reply:
    """A withdrawn story is explained where it was posted; one that is not live is unknown, to admins too."""
    typed = visit.arguments.required("story")
    channel = await chosen_channel(visit)
    story, deliveries = await _story(visit, typed)
    place = Place(visit.place.platform, visit.place.tenant, channel.id)
    asked = await visit.desk.subscriptions.of_channel(place)
    items = [await _explained(visit, story, each, deliveries, channel.name) for each in asked]
    values = {
        "headline": story.headline,
        "story": story.id,
        "channel": called(place, channel.name),
        "subscriptions": items,
    }
    return visit.reply("why", values)


async def _story(visit: Visit, typed: str) -> tuple[Story, Sequence[Delivery]]:
    place = visit.place
    known = visit.desk.stories.get(typed) or visit.desk.stories.get(slug(typed))
    if known is None or not (known.is_live(visit.now) or known.retracted):
        raise no_story(typed, (story.id for story in visit.sight.newest))
    deliveries = await visit.desk.ledger.of_story(known.id, place.platform, place.tenant)
    if known.retracted and not any(delivery.posted_at for delivery in deliveries):
        raise no_story(typed, (story.id for story in visit.sight.newest))
    return known, deliveries


async def _explained(
    visit: Visit, story: Story, subscription: Subscription, deliveries: Sequence[Delivery], channel: str
) -> dict[str, Any]:
    """The stages as they were when the story was planned: that it has been told since is the outcome's to say."""
    own = _last(each for each in deliveries if each.subscription == subscription.id)
    told = await visit.desk.ledger.told(subscription.id)
    passed = stages(story, subscription, told - {story.id} if own else told, visit.now)
    return {
        **in_words(subscription, channel),
        "stages": [_stage(stage) for stage in passed],
        "outcome": _outcome(own) if own else None,
        "verdict": None if own else _verdict(subscription, passed),
    }


def _last(deliveries: Iterable[Delivery]) -> Delivery | None:
    """The newest; a skipped one only if there is no other."""
    ordered = sorted(deliveries, key=lambda each: (each.state is not DeliveryState.SKIPPED, each.due))
    return ordered[-1] if ordered else None


def _stage(stage: Stage) -> dict[str, Any]:
    return {"name": stage.name, "passed": stage.passed, "reason": stage.reason}


def _outcome(delivery: Delivery) -> dict[str, Any]:
    done = delivery.state in {DeliveryState.POSTED, DeliveryState.CORRECTING}
    lost = delivery.state in {DeliveryState.REFUSED, DeliveryState.GONE, DeliveryState.SKIPPED}
    return {
        "sign": "✓" if done else "✗" if lost else "…",
        "words": OUTCOMES[delivery.state],
        "at": delivery.posted_at if done else None,
        "due": delivery.due if delivery.state in {DeliveryState.PLANNED, DeliveryState.WAITING} else None,
        "error": delivery.error,
        "doubt": delivery.id if delivery.state is DeliveryState.UNKNOWN else None,
    }


def _verdict(subscription: Subscription, passed: Sequence[Stage]) -> str:
    held = next((stage for stage in passed if not stage.passed), None)
    if held:
        return f"It is not posted: {held.reason}."
    if subscription.cadence.instant:
        return "It is about to be posted."
    return "It will be in the next digest."
