"""Choosing: which stories one occasion of a subscription carries, and the reasons in order."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from digestbot.domain.story import Status, Story
from digestbot.domain.subscription import State, Subscription


@dataclass(frozen=True, slots=True)
class Stage:
    """One question that a story passes or is held at; `reason` is a clause for people."""

    name: str
    passed: bool
    reason: str


def stages(story: Story, subscription: Subscription, told: Collection[str], now: datetime) -> tuple[Stage, ...]:
    """Every stage in order; the story is chosen if all are passed (promise 5).

    `told` holds the ids of the stories already given to the subscription.
    """
    return (
        _state(subscription),
        _status(story),
        _time(story, now),
        _since(story, subscription),
        _included(story, subscription),
        _excluded(story, subscription),
        _told(story, told),
    )


def passes(story: Story, subscription: Subscription, told: Collection[str], now: datetime) -> bool:
    return all(stage.passed for stage in stages(story, subscription, told, now))


def choose(
    stories: Iterable[Story], subscription: Subscription, told: Collection[str], now: datetime
) -> tuple[Story, ...]:
    """The stories of a digest, the most important first; over the limit the oldest go first and the rest wait."""
    new = (story for story in stories if subscription.since < story.live_at <= now and story.id not in told)
    chosen = [story for story in new if passes(story, subscription, told, now)]
    chosen.sort(key=lambda story: (story.live_at, story.id))
    within = chosen[: subscription.limit]
    return tuple(sorted(within, key=lambda story: (-story.importance.rank, story.live_at, story.id)))


def _state(subscription: Subscription) -> Stage:
    active = subscription.state is State.ACTIVE
    return Stage("subscription", active, "the subscription is active" if active else f"it is {subscription.state}")


def _status(story: Story) -> Stage:
    passed = story.status is Status.PUBLISHED
    return Stage("status", passed, f"the story's status is {story.status}")


def _time(story: Story, now: datetime) -> Stage:
    passed = story.live_at <= now
    if passed:
        return Stage("time", passed, f"it went live at {story.live_at:%Y-%m-%d %H:%M %Z}")
    held = "embargo" if story.embargo and story.embargo == story.live_at else "publication time"
    return Stage("time", passed, f"its {held} is {story.live_at:%Y-%m-%d %H:%M %Z}")


def _since(story: Story, subscription: Subscription) -> Stage:
    passed = story.live_at > subscription.since
    order = "after" if passed else "before"
    return Stage(
        "since",
        passed,
        f"it went live {order} the subscription began ({subscription.since:%Y-%m-%d %H:%M %Z})",
    )


def _included(story: Story, subscription: Subscription) -> Stage:
    passed = subscription.filter.included(story)
    verb = "is" if passed else "is not"
    return Stage("include", passed, f"it {verb} among what is subscribed ({subscription.filter})")


def _excluded(story: Story, subscription: Subscription) -> Stage:
    term = subscription.filter.excluded_by(story)
    return Stage("exclude", term is None, f"`-{term}` leaves it out" if term else "nothing leaves it out")


def _told(story: Story, told: Collection[str]) -> Stage:
    new = story.id not in told
    return Stage("told", new, "this subscription has not had it yet" if new else "this subscription has already had it")
