"""A rehearsal: what a subscription would have posted in the past, as the planner would have planned it; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from digestbot.domain.digest import choose
from digestbot.domain.schedule import next_slot
from digestbot.domain.story import Importance, Story
from digestbot.domain.subscription import State, Subscription

NIGHT = (22, 7)
"""From this hour to that, by the subscription's clock."""

MOST_POSTS = 200
"""An every-minute cadence costs some ten milliseconds a due time: enough to show that it is too much."""

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Post:
    """One message: when it would have come and with which stories. `grown` ones came into it by edits later."""

    at: datetime
    stories: tuple[Story, ...]
    grown: tuple[Story, ...] = ()


def rehearse(subscription: Subscription, stories: Sequence[Story], start: datetime, end: datetime) -> tuple[Post, ...]:
    """Posts between `start` and `end`, in order, at most `MOST_POSTS`.

    `stories` went live in that time, oldest first. When the subscription began and whether it is paused does not count.
    """
    tried = replace(subscription, since=start, state=State.ACTIVE)
    matching = [story for story in stories if tried.filter.matches(story)]
    posts = _instants(tried, matching) if tried.cadence.instant else _digests(tried, matching, start, end)
    return tuple(sorted(posts, key=lambda post: post.at)[:MOST_POSTS])


def is_night(at: datetime, zone: str) -> bool:
    hour = at.astimezone(ZoneInfo(zone)).hour
    return hour >= NIGHT[0] or hour < NIGHT[1]


def _instants(tried: Subscription, stories: Sequence[Story]) -> list[Post]:
    posts: dict[str, Post] = {}
    for story in stories:
        key = f"event:{story.event.id}" if tried.rolls_up and story.event else f"story:{story.id}"
        there = posts.get(key)
        if there:
            posts[key] = replace(there, grown=(*there.grown, story))
        else:
            posts[key] = Post(_awake(tried, story.live_at, (story,)), (story,))
    return list(posts.values())


def _digests(tried: Subscription, stories: Sequence[Story], start: datetime, end: datetime) -> list[Post]:
    """Due times between which nothing went live are not walked through, unless empty digests are wanted."""
    posts: list[Post] = []
    told: set[str] = set()
    after, left = start, list(stories)
    while (left or tried.empty) and len(posts) < MOST_POSTS:
        from_ = after if tried.empty else max(after, left[0].live_at - _TICK)
        slot = next_slot(tried.cadence, tried.zone, from_)
        if slot is None or slot.at > end:
            break
        chosen = choose((story for story in left if story.live_at <= slot.at), tried, told, slot.at)
        if chosen or tried.empty:
            posts.append(Post(_awake(tried, slot.at, chosen), chosen))
        told.update(story.id for story in chosen)
        left = [story for story in left if story.id not in told]
        after = slot.at
    return posts


def _awake(tried: Subscription, at: datetime, stories: Sequence[Story]) -> datetime:
    urgent = any(story.importance is Importance.URGENT for story in stories)
    return at if urgent or tried.quiet is None else tried.quiet.over_at(at, tried.zone)
