"""Abuse on Slack: hostile words, a poison card, storms of 429 and an outage, through the whole bot."""

import json
import random
import unicodedata
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digestbot.delivery.retries import Retries
from digestbot.domain.delivery import Delivery, DeliveryState
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import parse_cadence
from digestbot.domain.subscription import Subscription
from digestbot.platforms.slack import budget
from tests.contract.slack_harness import connected
from tests.faults.slack_desk import DESKS, POST, Desk
from tests.scenarios.slack_stage import Stage, stage
from tests.servers.slack.faults import Fault, Kind
from tests.servers.slack.record import Message
from tests.unit.slack.texts import HOSTILE

SECOND = timedelta(seconds=1)


# --- hostile words


def hostile_story(text: str, *more: str) -> dict[str, str]:
    """One that says it wherever a story says something."""
    said = json.dumps(text)
    return {
        "headline": json.dumps(f"{text} {' '.join(more)}".strip()),
        "event": f"{{id: gala, name: {said}, venue: {said}, city: {said}}}",
        "topics": "[music]",
        "source": f"{{name: {said}, url: https://example.org/}}",
        "quotes": f"[{{text: {said}, speaker: {said}, when: {said}, key: true}}]",
        "winners": f"[{{name: {said}, awards: [{{category: {said}, work: {said}, note: {said}}}]}}]",
        "performers": f"[{said}]",
        "image": f"{{url: https://example.org/a.png, alt: {said}}}",
    }


def one_line(text: str) -> str:
    return " ".join(text.split())


def visible(text: str) -> str:
    """Without signs that only turn the direction of what stands around them, which no story keeps."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def assert_harmless(messages: Sequence[Message]) -> None:
    """Nobody is called, nothing is a link that the story's own source is not, nothing unfolds."""
    for message in messages:
        assert message.pings == ()
        assert message.unfurls == ()
        assert {link.url for link in message.links} <= {"https://example.org/"}


async def test_hostile_words_call_nobody_and_lead_nowhere_when_posted_and_when_corrected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red with `link_names` in place of `parse` in the bodies.

    Limits are off: `test_a_fan_out_keeps_slacks_limits` has them.
    """
    monkeypatch.setattr(budget, "A_POST", timedelta())
    monkeypatch.setattr(budget, "EDITS_A_MINUTE", 100_000)
    texts = [one_line(text) for text in HOSTILE]
    async with stage(tmp_path) as there:
        there.slack.limits.enforced = False
        there.team.usergroup("fans")
        for name in ("ada", "everyone", "here"):
            there.team.user(name)
        card, compact, event = (there.team.channel(name) for name in ("card", "compact", "event"))
        for channel in (card, compact, event):
            await there.ask(f"subscribe all template:{channel.name}", admin=True, here=channel)
        for number, text in enumerate(texts):
            there.write(f"s{number}", **hostile_story(text))
        posted = [*await there.messages(len(texts), card), *await there.messages(len(texts), compact)]
        posted += await there.messages(1, event)
        assert_harmless(posted)
        read = visible("\n".join(message.reads for message in posted))
        assert [text for text in texts if visible(text) not in read] == []
        for number, text in enumerate(texts):
            there.write(f"s{number}", **hostile_story(texts[number - 1], text), corrections=corrected(text))
        await there.until(lambda: all(message.edits for message in posted))
        await there.until(lambda: all("Corrected" in message.reads for message in posted[: len(texts)]))
        assert_harmless(posted)
        for text in texts:
            answer = await there.asked(f"search {text}")
            assert (answer.pings, answer.unfurls) == ((), ())


def corrected(text: str) -> str:
    return f"[{{at: {datetime.now(UTC).isoformat()}, note: {json.dumps(text)}}}]"


# --- poison


async def test_a_card_that_slack_never_takes_is_refused_with_words_while_others_pass(tmp_path: Path) -> None:
    """Seen red with `invalid_blocks` taken for a passing trouble: the row waited."""
    async with stage(tmp_path) as there:
        there.slack.faults.stand(Fault(Kind.ERROR, POST, body="Headline of bad", error="invalid_blocks"))
        await there.ask("subscribe all", admin=True)
        for id_ in ("before", "bad", "after"):
            there.write(id_)
        await there.messages(2)
        await there.until(lambda: len(there.slack.record.asked(POST)) >= 3)
        rows = await settled_rows(there, "bad")
        assert [(row.state, row.error) for row in rows] == [
            (DeliveryState.REFUSED, "Slack does not accept the message as it is (invalid_blocks)")
        ]
        assert sorted(await there.states()) == ["posted", "refused"]
        assert "Slack does not accept the message as it is" in await there.ask("why bad", admin=True)


async def settled_rows(there: Stage, story: str) -> Sequence[Delivery]:
    while True:
        rows = await there.bot.ledger.of_story(story, "slack", there.team.id)
        if rows and rows[0].state is not DeliveryState.SENDING:
            return rows


# --- limits


@pytest.fixture
async def news() -> AsyncIterator[Desk]:
    async with connected(datetime.now(UTC)) as ready:
        yield DESKS["public channel"](ready)


WAITS = {
    "1": SECOND,
    "1.5": timedelta(seconds=1.5),
    "0": timedelta(seconds=30),
    "-5": timedelta(seconds=30),
    "soon": timedelta(seconds=30),
    "99999999999": timedelta(seconds=30),
    "7200": timedelta(hours=2),
    None: timedelta(seconds=30),
}


@pytest.mark.parametrize("header", WAITS)
async def test_whatever_a_429_asks_for_nobody_sleeps_and_the_order_is_kept(news: Desk, header: str | None) -> None:
    """Five 429s in a row for whoever comes: red while each was a failure, with a wait of its own beside the others'.

    The clock moves when somebody sleeps by it, and a worker that slept by another would not be back within seconds.
    """
    clock, server = news.there.clock, news.there.server
    server.faults.plan(*[Fault(Kind.LIMIT, POST, retry_after=header)] * 5)
    ids = []
    for _ in range(4):
        ids.append(await news.reserve())
        clock.at += timedelta(milliseconds=1)
    start = clock.now()
    await news.deliver()
    assert clock.now() == start
    assert news.row(ids[0]).due >= start + WAITS[header]
    assert {row.state for row in news.ledger.rows.values()} == {DeliveryState.WAITING}
    await news.settle()
    assert {row.state for row in news.ledger.rows.values()} == {DeliveryState.POSTED}
    assert [row.failures for row in news.ledger.rows.values()] == [0] * 4
    said = server.record.visible(news.channel.id)
    assert [message.metadata["event_payload"]["delivery_id"] for message in said if message.metadata] == ids
    assert clock.now() >= start + 5 * WAITS[header]


async def test_a_page_with_429_is_a_wait_too(news: Desk) -> None:
    """As a shield in front of Slack answers, without any words of Slack's."""
    news.there.server.faults.plan(Fault(Kind.HTML, POST, status=429))
    id_ = await news.reserve()
    start = news.there.clock.now()
    await news.deliver()
    assert (news.row(id_).state, news.row(id_).due) == (DeliveryState.WAITING, start + timedelta(seconds=30))
    await news.settle()
    assert (news.row(id_).state, news.sent(id_), len(news.standing(id_))) == (DeliveryState.POSTED, 2, 1)


async def test_a_fan_out_keeps_slacks_limits(tmp_path: Path) -> None:
    """Sixty channels of one workspace and ten more messages for one of them: Slack never says 429.

    Seen red with `A_POST` at zero: the one channel met its limit.
    """
    async with stage(tmp_path) as there:
        channels = [there.team.channel(f"c{number}") for number in range(60)]
        now = datetime.now(UTC)
        for channel in channels:
            await there.bot.subscriptions.add(instant(there, channel.id, now, "topic:all"))
        await there.bot.subscriptions.add(instant(there, channels[0].id, now, "topic:one"))
        there.write("big", topics="[all]")
        for number in range(10):
            there.write(f"small-{number}", topics="[one]")
        await there.until(lambda: len(there.slack.record.messages) >= 70)
        assert [len(there.posted(channel)) for channel in channels] == [11] + [1] * 59
        assert [call for call in there.slack.record.calls if call.answer == "429"] == []


def instant(there: Stage, channel: str, now: datetime, stories: str) -> Subscription:
    return Subscription(
        id=f"{channel}-{stories}",
        place=Place("slack", there.team.id, channel),
        filter=parse_filter(stories),
        cadence=parse_cadence("instant"),
        since=now,
    )


async def test_after_an_outage_everything_is_there_once(news: Desk) -> None:
    """Ten minutes of 503, whatever is asked: each message is tried no more often than a doubt may be settled."""
    server, clock = news.there.server, news.there.clock
    dice = random.Random(7)  # noqa: S311 - the same each time
    news.courier = replace(news.courier, retries=Retries(jitter=dice.random))
    channels = [news.channel, *(news.there.workspace.channel(f"c{number}") for number in range(4))]
    places = [Place("slack", news.there.workspace.id, channel.id) for channel in channels]
    server.faults.stand(Fault(Kind.STATUS))
    ids = [await news.reserve(place=place) for place in places for _ in range(3)]
    end = clock.now() + timedelta(minutes=10)
    await news.deliver()
    while (earliest := await news.ledger.earliest(clock.now())) and earliest < end:
        clock.at = earliest
        await news.deliver()
    assert {row.state for row in news.ledger.rows.values()} == {DeliveryState.SENDING}
    assert server.record.messages == []
    assert max(len([call for call in server.record.calls if id_ in str(call.params)]) for id_ in ids) == 1
    server.faults.clear()
    await news.settle()
    assert {row.state for row in news.ledger.rows.values()} == {DeliveryState.POSTED}
    said = [message.metadata["event_payload"]["delivery_id"] for message in server.record.messages if message.metadata]
    assert sorted(said) == sorted(ids)
