"""`preview`: what a subscription, or a filter not subscribed yet, would post now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from digestbot.commands.desk import Desk
from digestbot.commands.own import own_subscription
from digestbot.commands.posting import posted
from digestbot.commands.sight import NEWEST
from digestbot.commands.visit import Visit
from digestbot.commands.wishes import fulfilled, unwished
from digestbot.domain.card import Card, Notice, Text
from digestbot.domain.command import Reply
from digestbot.domain.digest import choose
from digestbot.domain.filter import Filter
from digestbot.domain.story import Story
from digestbot.domain.subscription import State, Subscription


@dataclass(frozen=True, slots=True)
class Show:
    """The stories to show and, where they are no more than an example, why."""

    stories: Sequence[Story]
    note: str | None = None


async def preview(visit: Visit) -> Reply:
    """Live stories alone, to admins too: what is held back is seen with `digestbot preview`, not in chat."""
    tried = await tried_out(visit)
    told = await visit.desk.ledger.told(tried.id) if tried.id else frozenset()
    show = await asyncio.to_thread(shown, visit.desk, tried, told, visit.now)
    if not show.stories:
        return visit.reply("nothing", {"sentence": "Nothing would be posted: none of the newest stories matches."})
    card = posted(visit.desk.renderer, tried.look, show.stories, visit.now, visit.command())
    return visit.show(_noted(card, show.note))


async def tried_out(visit: Visit) -> Subscription:
    """The subscription meant, or none but the tenant's defaults if only `what` is given; with the options typed."""
    arguments = visit.arguments
    if arguments.text("what") and arguments.text("subscription") is None:
        known = unwished(visit.place, visit.settings, visit.now)
    else:
        known = await own_subscription(visit)
    return fulfilled(known, arguments, visit.desk)


def shown(desk: Desk, tried: Subscription, told: frozenset[str], now: datetime) -> Show:
    """A digest as it would be at this moment; else the newest matching story (of a roll-up: its whole event)."""
    live = desk.stories.live(now)
    if tried.id and not tried.cadence.instant:
        own = takewhile(lambda story: story.live_at > tried.since, live)
        chosen = choose(own, replace(tried, state=State.ACTIVE), told, now)
        if chosen:
            return Show(chosen)
    newest = newest_matching(live, tried.filter)
    if newest is None:
        return Show(())
    stories: Sequence[Story] = [newest]
    if tried.look.template in {"event", "winners"} and newest.event:
        stories = [story for story in desk.stories.of_event(newest.event.id, now) if tried.filter.matches(story)]
    if tried.id and tried.cadence.instant:
        return Show(stories, "Each story is posted as soon as it is out. The newest one that matches looks like this.")
    if tried.id:
        return Show(stories, "Nothing new would be posted now. The newest story that matches looks like this.")
    return Show(stories, "The newest story that matches looks like this.")


def newest_matching(live: Sequence[Story], wanted: Filter) -> Story | None:
    """Among the newest 2,000: what is older is no example of what will come."""
    return next((story for story in live[:NEWEST] if wanted.matches(story)), None)


def _noted(card: Card, note: str | None) -> Card:
    return replace(card, blocks=(Notice(((Text(note),),)), *card.blocks)) if note else card
