"""`preview`: what a subscription, or a filter not subscribed yet, would post now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from digestbot.commands.desk import Desk
from digestbot.commands.own import own_subscription
from digestbot.commands.posting import posted
from digestbot.commands.visit import Visit
from digestbot.commands.wishes import fulfilled, unwished
from digestbot.domain.card import Card, Notice, Text
from digestbot.domain.command import Reply
from digestbot.domain.digest import choose
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
    show = shown(visit.desk, tried, told, visit.now)
    if not show.stories:
        return visit.reply("nothing", {"sentence": "Nothing would be posted: no story that is out matches."})
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
    matching = [story for story in desk.stories.live(now) if tried.filter.matches(story)]
    if tried.id and not tried.cadence.instant:
        chosen = choose(matching, replace(tried, state=State.ACTIVE), told, now)
        if chosen:
            return Show(chosen)
    if not matching:
        return Show(())
    newest = matching[0]
    stories: Sequence[Story] = [newest]
    if tried.look.template in {"event", "winners"} and newest.event:
        stories = [story for story in matching if story.event and story.event.id == newest.event.id]
    if tried.id and tried.cadence.instant:
        return Show(stories, "Each story is posted as soon as it is out. The newest one that matches looks like this.")
    if tried.id:
        return Show(stories, "Nothing new would be posted now. The newest story that matches looks like this.")
    return Show(stories, "The newest story that matches looks like this.")


def _noted(card: Card, note: str | None) -> Card:
    return replace(card, blocks=(Notice(((Text(note),),)), *card.blocks)) if note else card
