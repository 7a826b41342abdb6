from dataclasses import replace
from datetime import timedelta

from digestbot.domain.delivery import DeliveryState
from digestbot.domain.place import Place
from digestbot.domain.quarantine import Quarantine
from tests.unit.commands.world import ELSEWHERE, INSTANT, MEMBER, MUSIC, NEWS, NOW, SPEECH, World, delivery

ALONE = Quarantine(
    place=MUSIC,
    reason="digestbot misses the permission Send Messages",
    since=NOW - timedelta(hours=2),
    probe_at=NOW + timedelta(hours=3),
    probes=4,
    told=True,
)


async def test_status_says_which_channel_is_left_alone_since_when_why_and_until_when(world: World) -> None:
    await world.quarantines.add(ALONE)
    waits = replace(delivery(INSTANT, "a", SPEECH, state=DeliveryState.WAITING), error="the channel is left alone")
    world.ledger.rows[waits.id] = waits
    told = (await world.told("status")).splitlines()
    assert told[:4] == [
        "Something is broken",
        (
            "#music has been left alone since Jun 1, 2026, 10:00 AM UTC: digestbot misses the permission Send Messages."
            " It is tried again Jun 1, 2026, 3:00 PM UTC; until then its messages wait."
        ),
        "[Try now: retry channel:c2]",
        "Subscriptions",
    ]


async def test_subscriptions_says_it_where_it_concerns_one(world: World) -> None:
    await world.quarantines.add(ALONE)
    told = await world.told("subscriptions")
    assert told.count("Left alone for now: digestbot misses the permission Send Messages.") == 1


async def test_another_tenant_s_is_nobody_s_business(world: World) -> None:
    private = replace(ALONE, place=replace(MUSIC, channel="@u2"))
    for each in (ALONE, private):
        await world.quarantines.add(each)
    assert (await world.told("status", place=ELSEWHERE)).startswith("Nothing is broken")
    assert (await world.ask("retry channel:c2", place=ELSEWHERE)).mistake
    assert (await world.ask("retry channel:@u2", place=NEWS)).mistake
    assert (await world.ask("retry channel:c2", MEMBER)).mistake
    assert "@u2" not in await world.told("status")
    assert list(world.quarantines.rows.values()) == [ALONE, private]


async def test_try_now_brings_the_probe_and_what_waits_forward(world: World) -> None:
    await world.quarantines.add(ALONE)
    waits = replace(delivery(INSTANT, "a", SPEECH, state=DeliveryState.WAITING), due=ALONE.probe_at)
    world.ledger.rows[waits.id] = waits
    for _ in range(2):
        assert (await world.told("retry channel:c2")).splitlines() == [
            "Trying now",
            (
                "The next message for #music is sent at once. If it arrives, the others follow; if not, "
                "/news status says why."
            ),
        ]
        assert world.quarantines.rows[MUSIC] == replace(ALONE, probe_at=NOW)
        assert world.ledger.rows[waits.id].due == NOW


async def test_a_channel_that_works_has_nothing_to_try(world: World) -> None:
    reply = await world.ask("retry channel:c1")
    assert reply.mistake


async def test_who_follows_again_has_their_direct_messages_tried_at_once(world: World) -> None:
    place = Place("sandbox", "here", "@u2")
    closed = replace(ALONE, place=place, reason="this member takes no direct messages from digestbot")
    await world.ask("follow gala-2026", MEMBER)
    await world.quarantines.add(closed)
    told = await world.told("follow gala-2026", MEMBER)
    assert "this member takes no direct messages from digestbot" in told
    assert world.quarantines.rows[place].probe_at == NOW


async def test_an_outage_of_the_platform_is_told(world: World) -> None:
    world.outages["sandbox"] = "Sandbox does not answer (503): tried again at 12:00:05 UTC"
    told = (await world.told("status")).splitlines()
    assert told[:2] == [
        "Something is broken",
        "Sandbox does not answer (503): tried again at 12:00:05 UTC. What was to be posted waits, and is posted once.",
    ]
