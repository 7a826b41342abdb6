"""Nothing of another server or workspace can be seen, changed or told from what does not exist."""

from dataclasses import replace

import pytest

from digestbot.domain.command import Request
from digestbot.domain.subscription import TenantSettings
from tests.fakes import FakeChannels
from tests.unit.commands.world import ADMIN, ELSEWHERE, MEMBER, NEWS, SPEECH, THEIRS, World, delivery, text_of

LINES = [
    *(f"{verb} {{id}}" for verb in ("edit", "pause", "resume", "unsubscribe", "preview", "backtest")),
    "edit {id} limit:3",
    'edit {id} what:all when:"daily 10:00" channel:c2',
    "preview {id} what:all",
    'backtest {id} what:all when:"daily 09:00" days:3',
]


@pytest.mark.parametrize("line", LINES)
async def test_another_tenant_s_subscription_is_as_unknown_as_none_at_all(world: World, line: str) -> None:
    theirs = await world.ask(line.format(id="their4"))
    none = await world.ask(line.format(id="xhezr9"))
    assert (theirs.mistake, none.mistake) == (True, True)
    assert text_of(theirs.card) == text_of(none.card).replace("xhezr9", "their4")
    assert text_of(theirs.card) == ("There is no subscription ‘their4’ here. `/news subscriptions` lists them.")
    assert world.subscriptions.rows["their4"] == THEIRS
    assert world.changes == 0


async def test_another_platform_s_tenant_of_the_same_name_is_another_tenant(world: World) -> None:
    assert "There is no subscription ‘daily2’ here." in await world.told(
        "pause daily2", place=replace(NEWS, platform="slack")
    )


async def test_another_tenant_s_message_is_as_unknown_as_none_at_all(world: World) -> None:
    row = delivery(THEIRS, "a", SPEECH)
    world.ledger.rows[row.id] = row
    unknown = await world.told("digest abc", MEMBER)
    assert await world.told(f"digest {row.id}", MEMBER) == unknown
    assert await world.told(f"digest {row.id}", MEMBER, ELSEWHERE) != unknown


async def test_a_near_miss_of_another_tenant_s_id_is_no_hint(world: World) -> None:
    assert "Did you mean" not in await world.told("pause their5")


@pytest.mark.parametrize("line", ["subscriptions", "status", "why gala-speech", "settings"])
async def test_lists_hold_nothing_of_another_tenant(world: World, line: str) -> None:
    row = delivery(THEIRS, "a", SPEECH)
    world.ledger.rows[row.id] = row
    world.subscriptions.tenants["sandbox", "there"] = TenantSettings(locale="fi", zone="Europe/Helsinki")
    told = await world.told(line)
    assert not [word for word in ("their4", "c9", "posted (", "Helsinki", "fi\n") if word in told]


@pytest.mark.parametrize("verb", ["edit", "pause", "resume", "unsubscribe", "preview", "backtest"])
async def test_completion_offers_the_tenant_s_own_subscriptions_only(world: World, verb: str) -> None:
    for typed in ("", "their", "their4"):
        offered = {choice.value for choice in await world.complete(verb, "subscription", typed)}
        assert offered == ({"daily2", "music3"} if not typed else set())
    assert not [line for line in await world.suggest(f"{verb} thei") if "their4" in line]


async def test_completion_offers_the_tenant_s_own_channels_only(world: World) -> None:
    assert [choice.value for choice in await world.complete("subscribe", "channel")] == ["c1", "c2"]
    request = Request(place=ELSEWHERE, member=ADMIN, verb="subscribe")
    assert await world.news.complete(request, "channel", "") == []


async def test_another_tenant_s_channel_cannot_be_subscribed(world: World) -> None:
    assert (await world.told("subscribe topic:film channel:c9")).startswith("There is no channel ‘c9’ here.")
    assert isinstance(world.desk.channels["sandbox"], FakeChannels)


async def test_a_quota_and_a_double_count_the_tenant_s_own(world: World) -> None:
    world.subscriptions.rows["copy5"] = replace(THEIRS, id="copy5", place=replace(THEIRS.place, channel=NEWS.channel))
    del world.subscriptions.rows["daily2"]
    told = await world.told('subscribe all when:"daily 09:00" timezone:Europe/Paris')
    assert told.startswith("Subscribed\n")
    assert "copy5" not in told
