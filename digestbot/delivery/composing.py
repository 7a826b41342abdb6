"""Composing: which card a delivery shows at this moment, and what it carries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digestbot.domain.card import Card
from digestbot.domain.delivery import WITHHELD, Carried, Delivery
from digestbot.domain.story import Event, Status, Story
from digestbot.ports import Renderer, Setting, Stories

_LOOK_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """`card` None: there is nothing to post, for the `reason` given; with `postpone` it is to be tried then.

    `event` is the one that all of its stories are of.
    """

    card: Card | None = None
    event: Event | None = None
    carried: tuple[Carried, ...] = ()
    dropped: tuple[str, ...] = ()
    reveal_at: datetime | None = None
    postpone: datetime | None = None
    reason: str | None = None


def compose_post(delivery: Delivery, stories: Stories, renderer: Renderer, now: datetime) -> Composition:
    """The card of a message not posted yet: live stories alone (promise 3)."""
    wanted = [(carried.story, stories.get(carried.story)) for carried in delivery.stories]
    live = [story for _, story in wanted if story and story.is_live(now)]
    dropped = tuple(id_ for id_, story in wanted if story is None or not story.is_live(now))
    if live:
        return _composition(delivery, live, renderer, now, dropped=dropped)
    if not delivery.stories:
        return Composition(card=renderer.reply("nothing_new", {}, _setting(delivery, (), now)))
    later = [again for _, story in wanted if story and (again := _again(story, now))]
    if later:
        return Composition(postpone=min(later), reason="its stories are not live now")
    return Composition(dropped=dropped, reason="no story of it is live any more")


def compose_edit(delivery: Delivery, stories: Stories, renderer: Renderer, now: datetime) -> Composition:
    """The card of a message that stands: its live stories as they read now, the withdrawn ones as withdrawn.

    Others are withheld, which is remembered: a story back in draft or under a new embargo (what it says now is not
    for chat), and one whose file is gone. If that leaves nothing to show, the message stays as it is.
    """
    found = [(carried.story, stories.get(carried.story)) for carried in delivery.stories]
    shown = [story for _, story in found if story and (story.retracted or story.is_live(now))]
    withheld = {id_: story for id_, story in found if story not in shown}
    again = [story.live_at for story in withheld.values() if story and story.live_at > now]
    if shown:
        composition = _composition(delivery, shown, renderer, now)
    else:
        composition = Composition(reason="nothing of it may be shown now, the message stays as it was")
    left = tuple(Carried(id_, WITHHELD) for id_ in withheld)
    reveal_at = min((at for at in (composition.reveal_at, *again) if at), default=None)
    return replace(composition, carried=(*composition.carried, *left), reveal_at=reveal_at)


def _again(story: Story, now: datetime) -> datetime | None:
    """When to look again at a story that may not be posted now; None for one that is withdrawn."""
    if story.retracted:
        return None
    return max(story.live_at, now + _LOOK_AGAIN) if story.status is Status.PUBLISHED else now + _LOOK_AGAIN


def _composition(
    delivery: Delivery, shown: Sequence[Story], renderer: Renderer, now: datetime, *, dropped: tuple[str, ...] = ()
) -> Composition:
    setting = _setting(delivery, shown, now)
    revealed = [delivery.look.revealed_at(story) for story in shown if story.id in setting.hidden]
    card = _card(delivery, shown, renderer, setting)
    return Composition(
        card=replace(card, command=_command(delivery, shown, setting.hidden)),
        event=_common_event(shown),
        carried=tuple(Carried(story.id, story.revision) for story in shown),
        dropped=dropped,
        reveal_at=min((at for at in revealed if at), default=None),
    )


def _card(delivery: Delivery, shown: Sequence[Story], renderer: Renderer, setting: Setting) -> Card:
    template = delivery.look.template
    event = _event(delivery, shown)
    if template and event and not all(story.retracted for story in shown):
        return renderer.event(template, event, shown, setting)
    if template in {None, "event", "winners"}:
        template = "card" if len(shown) == 1 else "digest"
    return renderer.stories(template, shown, setting)


def _setting(delivery: Delivery, shown: Sequence[Story], now: datetime) -> Setting:
    look = delivery.look
    return Setting(
        locale=look.locale,
        zone=look.zone,
        hidden=frozenset(story.id for story in shown if look.hides(story, now)),
        pictures=look.pictures,
        edited_at=delivery.edited_at,
    )


def _event(delivery: Delivery, shown: Sequence[Story]) -> Event | None:
    """The one event that the card is of, where an event's template was asked for."""
    return _common_event(shown) if delivery.look.template in {"event", "winners"} else None


def _common_event(shown: Sequence[Story]) -> Event | None:
    """As the last of the stories knows it; None if one is of another event, or of none."""
    events = {story.event.id if story.event else None: story.event for story in shown}
    return next(reversed(events.values())) if len(events) == 1 else None


def _command(delivery: Delivery, shown: Sequence[Story], hidden: Collection[str]) -> str:
    """What shows the same again, hidden spoilers hidden.

    For one story or event it is their own command, so that equal cards are equal in every channel.
    """
    event = _event(delivery, shown)
    if event is None and len(shown) > 1:
        return f"digest {delivery.id}"
    line = f"{delivery.look.template} {event.id}" if event else f"story {shown[0].id}"
    return f"{line} spoilers:hide" if hidden else line
