"""Subscriptions: how long spoilers stay hidden, and what grows into one message."""

from datetime import UTC, datetime, timedelta

import pytest

from digestbot.domain.filter import Filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.story import Story
from digestbot.domain.subscription import Look, Spoilers, Subscription

LIVE = datetime(2026, 11, 22, 20, tzinfo=UTC)
STORY = Story(
    id="final", headline="The final", published=LIVE - timedelta(hours=3), embargo=LIVE, summary="Who won the final."
)


def test_shown_spoilers_are_never_hidden() -> None:
    look = Look(spoilers=Spoilers.SHOW, spoiler_hours=24)
    assert look.revealed_at(STORY) is None
    assert not look.hides(STORY, LIVE)


def test_hidden_ones_stay_hidden_for_good() -> None:
    look = Look(spoilers=Spoilers.HIDE)
    assert look.revealed_at(STORY) is None
    assert look.hides(STORY, LIVE)
    assert look.hides(STORY, LIVE + timedelta(days=3650))


def test_hours_count_from_when_the_story_went_live() -> None:
    look = Look(spoilers=Spoilers.HIDE, spoiler_hours=24)
    assert look.revealed_at(STORY) == datetime(2026, 11, 23, 20, tzinfo=UTC)
    assert look.hides(STORY, datetime(2026, 11, 23, 19, 59, 59, tzinfo=UTC))
    assert not look.hides(STORY, datetime(2026, 11, 23, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    ("look", "text"),
    [
        (Look(), "show"),
        (Look(spoilers=Spoilers.SHOW, spoiler_hours=24), "show"),
        (Look(spoilers=Spoilers.HIDE), "hide"),
        (Look(spoilers=Spoilers.HIDE, spoiler_hours=24), "hide 24h"),
    ],
)
def test_spoilers_are_written_as_they_are_typed(look: Look, text: str) -> None:
    assert look.spoilers_text == text


@pytest.mark.parametrize(
    ("when", "template", "grows"),
    [("instant", "event", True), ("instant", None, False), ("instant", "card", False), ("daily 09:00", "event", False)],
)
def test_only_an_instant_event_card_grows(when: str, template: str | None, *, grows: bool) -> None:
    subscription = Subscription(
        id="abc234",
        place=Place("sandbox", "home", "news"),
        filter=Filter(),
        cadence=parse_cadence(when),
        since=LIVE,
        look=Look(template=template),
    )
    assert subscription.rolls_up is grows
