"""Doubts on Slack: the courier, by its own clock, and what became of a message whose answer was lost in any way."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.domain.delivery import DeliveryState
from digestbot.domain.subscription import Doubt
from digestbot.platforms.slack.messenger import SlackMessenger
from tests.contract.slack_harness import Connected, connected
from tests.faults.slack_desk import DESKS, POST, Desk
from tests.servers.slack.faults import Fault, Kind

EDIT = "chat.update"
GRACE = timedelta(seconds=50)

ACCEPTED: Mapping[str, Fault] = {
    "status": Fault(Kind.LOST, POST),
    "fatal error": Fault(Kind.LOST_ERROR, POST, error="fatal_error"),
    "internal error": Fault(Kind.LOST_ERROR, POST, error="internal_error"),
    "page": Fault(Kind.LOST_HTML, POST),
    "page with 200": Fault(Kind.LOST_HTML, POST, status=200),
    "reset": Fault(Kind.LOST_RESET, POST),
    "half an answer": Fault(Kind.LOST_HALF, POST),
    "silence": Fault(Kind.LOST_HANG, POST),
    "late": Fault(Kind.LATE, POST, delay=0.7),
}
"""What was posted all the same; late means after the messenger gave it up."""

NOT_ACCEPTED: Mapping[str, Fault] = {
    "status": Fault(Kind.STATUS, POST),
    "page": Fault(Kind.HTML, POST, status=502),
    "fatal error": Fault(Kind.ERROR, POST, error="fatal_error"),
    "reset": Fault(Kind.RESET, POST),
    "silence": Fault(Kind.HANG, POST),
}


@pytest.fixture
async def there() -> AsyncIterator[Connected]:
    async with connected(datetime.now(UTC)) as ready:
        yield ready


@pytest.fixture(params=DESKS)
def desk(request: pytest.FixtureRequest, there: Connected) -> Desk:
    return DESKS[request.param](there)


@pytest.fixture
def news(there: Connected) -> Desk:
    return DESKS["public channel"](there)


@pytest.mark.parametrize("how", ACCEPTED)
async def test_what_was_posted_and_not_answered_is_found_when_the_grace_is_over(desk: Desk, how: str) -> None:
    """Red without the look back (`worker.py` takes it out), and for “late” without the grace, below."""
    id_ = await desk.reserve()
    await desk.meet(ACCEPTED[how])
    asked_at = desk.there.clock.now()
    row = desk.row(id_)
    assert (row.state, row.due) == (DeliveryState.SENDING, asked_at + GRACE)
    assert desk.sent(id_) == (0 if how == "late" else 1), "and the library sends nothing again by itself"
    await desk.landed(id_)
    await desk.settle()
    row, (message,) = desk.row(id_), desk.standing(id_)
    assert desk.there.clock.now() == asked_at + GRACE
    assert (row.state, row.begun_at, row.error) == (DeliveryState.POSTED, None, None)
    assert row.ref is not None
    assert row.ref.message == message.ts
    assert desk.sent(id_) == 1
    assert len(message.edits) == 1, "what stands there may be an older revision: it is edited, to be sure"


@pytest.mark.parametrize("how", NOT_ACCEPTED)
async def test_what_never_arrived_is_sent_again_when_the_grace_is_over(desk: Desk, how: str) -> None:
    id_ = await desk.reserve()
    await desk.meet(NOT_ACCEPTED[how])
    asked_at = desk.there.clock.now()
    row = desk.row(id_)
    assert (row.state, row.due) == (DeliveryState.SENDING, asked_at + GRACE)
    assert (desk.sent(id_), desk.standing(id_)) == (1, []), "the library sends nothing again by itself"
    await desk.settle()
    row, (message,) = desk.row(id_), desk.standing(id_)
    assert desk.there.clock.now() == asked_at + GRACE
    assert (row.state, row.begun_at, row.error) == (DeliveryState.POSTED, None, None)
    assert row.ref is not None
    assert row.ref.message == message.ts
    assert desk.sent(id_) == 2


async def test_without_the_grace_what_lands_late_is_doubled(news: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard taken out: “not there” was said before it was there."""
    monkeypatch.setattr(SlackMessenger, "grace", timedelta())
    id_ = await news.reserve()
    await news.meet(Fault(Kind.LATE, POST, delay=2.0))
    await news.settle()
    assert news.row(id_).state is DeliveryState.POSTED
    await news.there.server.record.changed(lambda: len(news.standing(id_)) > 1)
    assert news.sent(id_) == 2


async def test_after_a_crash_the_grace_counts_from_the_start(desk: Desk) -> None:
    """What a process before us sent at its last instant may still be on its way."""
    id_ = await desk.reserve()
    clock = desk.there.clock
    await desk.ledger.begin([id_], clock.now(), timedelta(seconds=90))
    clock.at += timedelta(seconds=100)
    desk.courier = replace(desk.courier, started=clock.now())
    await desk.deliver()
    assert (desk.row(id_).state, desk.row(id_).due) == (DeliveryState.SENDING, clock.now() + GRACE)
    await desk.settle()
    assert desk.row(id_).state is DeliveryState.POSTED
    assert (desk.sent(id_), len(desk.standing(id_))) == (1, 1)


async def test_a_doubt_that_meets_a_doubt_stays_one_until_slack_answers(news: Desk) -> None:
    news.there.server.faults.plan(
        ACCEPTED["reset"], Fault(Kind.STATUS, "conversations.history"), Fault(Kind.RESET, "conversations.history")
    )
    news.there.server.faults.plan(Fault(Kind.LOST_RESET, EDIT), Fault(Kind.STATUS, EDIT))
    id_ = await news.reserve()
    await news.settle()
    assert news.row(id_).state is DeliveryState.POSTED
    assert (news.sent(id_), len(news.standing(id_))) == (1, 1)


def out_of_the_channel(desk: Desk) -> None:
    desk.channel.members.discard(desk.there.workspace.bot_user)


def without_scope(desk: Desk) -> None:
    desk.there.workspace.scopes -= {"channels:history", "groups:history", "im:history"}


def restricted(desk: Desk) -> None:
    """As an app sold outside the Marketplace: fifteen messages at a time."""
    desk.there.server.limits.restricted = True
    someone = desk.there.workspace.user("Eve")
    for number in range(16):
        desk.there.server.say(desk.channel, someone, f"chatter {number}")


BLIND: Mapping[str, tuple[Callable[[Desk], None], str, str]] = {
    "not in the channel": (
        out_of_the_channel,
        "public channel",
        "nobody can tell while digestbot is not in the channel: `/invite` it there",
    ),
    "without the scope": (
        without_scope,
        "public channel",
        "nobody can tell without the scope to read the channel's history: install digestbot again",
    ),
    "without the scope, in private": (
        without_scope,
        "private channel",
        "nobody can tell without the scope to read the channel's history: install digestbot again",
    ),
    "without the scope, at Bob's": (
        without_scope,
        "direct message",
        "nobody can tell without the scope to read the channel's history: install digestbot again",
    ),
    "restricted": (
        restricted,
        "public channel",
        "Slack shows digestbot only 15 of the messages that were posted there since",
    ),
    "taken out of a private channel": (
        out_of_the_channel,
        "private channel",
        "nobody can tell: the channel is no more, or it is private and digestbot is not in it: `/invite` it there",
    ),
}


@pytest.mark.parametrize("why", BLIND)
async def test_where_slack_cannot_tell_it_is_held_and_says_why(there: Connected, why: str) -> None:
    blind, where, reason = BLIND[why]
    desk = DESKS[where](there)
    there.server.faults.plan(ACCEPTED["reset"])
    id_ = await desk.reserve(doubt=Doubt.HOLD)
    await desk.deliver()
    blind(desk)
    await desk.settle()
    row = desk.row(id_)
    assert (row.state, row.error) == (DeliveryState.UNKNOWN, reason)
    assert desk.sent(id_) == 1


@pytest.mark.parametrize("why", BLIND)
async def test_where_slack_cannot_tell_a_subscription_may_ask_for_one_more_send(there: Connected, why: str) -> None:
    blind, where, _ = BLIND[why]
    desk = DESKS[where](there)
    there.server.faults.plan(ACCEPTED["reset"])
    id_ = await desk.reserve(doubt=Doubt.RESEND)
    await desk.deliver()
    blind(desk)
    await desk.settle()
    accepted = [call for call in there.server.record.asked(POST) if id_ in str(call.params) and call.answer == "ok"]
    if why == "taken out of a private channel":
        assert (desk.row(id_).state, desk.sent(id_), len(accepted)) == (DeliveryState.GONE, 2, 0)
    else:
        assert (desk.row(id_).state, len(accepted)) == (DeliveryState.POSTED, 1)


async def test_another_apps_copy_of_our_metadata_is_not_our_message(news: Desk) -> None:
    news.there.server.faults.plan(NOT_ACCEPTED["reset"])
    id_ = await news.reserve()
    await news.deliver()
    marker = {"event_type": "digestbot_delivery", "event_payload": {"delivery_id": id_}}
    mimic = news.there.server.say(news.channel, news.there.workspace.user("Mimic"), "Ada wins", metadata=marker)
    await news.settle()
    row = news.row(id_)
    assert row.state is DeliveryState.POSTED
    assert row.ref is not None
    assert row.ref.message != mimic.ts
    assert [message.user for message in news.standing(id_)] == [mimic.user, news.there.workspace.bot_user]


async def test_a_message_that_was_deleted_is_not_posted_again_by_a_correction(news: Desk) -> None:
    id_ = await news.reserve()
    await news.settle()
    (message,) = news.standing(id_)
    message.deleted = True
    await news.ledger.correct([id_], news.there.clock.now())
    await news.settle()
    assert (news.row(id_).state, news.row(id_).error) == (DeliveryState.GONE, "it was posted and then deleted")
    assert news.sent(id_) == 1


async def test_what_was_deleted_while_it_was_in_doubt_is_posted_again(news: Desk) -> None:
    """Slack's history says nothing of deleted messages: the channel ends with one."""
    news.there.server.faults.plan(ACCEPTED["reset"])
    id_ = await news.reserve()
    await news.deliver()
    (message,) = news.standing(id_)
    message.deleted = True
    await news.settle()
    assert news.row(id_).state is DeliveryState.POSTED
    assert len(news.standing(id_)) == 1


async def test_a_root_that_was_deleted_ends_what_was_to_hang_from_it(there: Connected) -> None:
    desk = DESKS["thread"](there)
    there.server.faults.plan(ACCEPTED["reset"])
    id_ = await desk.reserve()
    await desk.deliver()
    for message in there.server.record.messages:
        message.deleted = True
    await desk.settle()
    assert desk.row(id_).state is DeliveryState.UNKNOWN
    assert "the message that the thread hung from was deleted" in (desk.row(id_).error or "")
