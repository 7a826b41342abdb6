"""`home`: at one glance what somebody follows and, for admins, what channels get."""

from dataclasses import replace

import pytest

from digestbot.domain.command import Request
from digestbot.domain.place import Place
from digestbot.domain.subscription import State
from tests.unit.commands.world import ADMIN, DAILY, ELSEWHERE, GALA, MEMBER, World, text_of

NOWHERE = Place("sandbox", "here", "")
_WELCOME = (
    "Short cards about events: the headline, what was said word for word, who won. Type /news anywhere, or begin here."
)


async def test_a_member_sees_what_they_follow_and_nothing_of_the_workspace(world: World) -> None:
    await world.ask(f"follow {GALA.id}", MEMBER)
    told = await world.told("home", MEMBER, NOWHERE)
    assert told.splitlines() == [
        "digestbot",
        _WELCOME,
        "[Latest: latest] [Coming up: upcoming] [Follow an event…: follow] [Help: help]",
        "What you follow",
        "Example Gala 2026",
        "[So far: event gala-2026] [Unfollow: unfollow gala-2026]",
    ]


async def test_an_event_that_is_known_no_more_is_followed_by_its_id(world: World) -> None:
    await world.ask(f"follow {GALA.id}", MEMBER)
    world.stories._stories.clear()
    world.stories._events.clear()
    assert "\ngala-2026\n" in await world.told("home", MEMBER, NOWHERE)


async def test_an_admin_sees_the_workspace_s_subscriptions_too_with_all_that_can_be_done(world: World) -> None:
    world.subscriptions.rows["music3"] = replace(world.subscriptions.rows["music3"], state=State.PAUSED)
    told = (await world.told("home", ADMIN, NOWHERE)).splitlines()
    assert told[3:] == [
        "What you follow",
        "Nothing yet. The stories of an event that you follow come to you by direct message.",
        "What channels get",
        "2 of at most 50 subscriptions.",
        "[Subscribe…: subscribe] [Settings…: settings] [Status: status]",
        "#news gets all stories, every day at 09:00 (Europe/Paris); next at Jun 2, 2026, 7:00 AM UTC.",
        "Id daily2",
        "[Edit…: edit daily2] [Preview: preview daily2] [Pause: pause daily2] [End: unsubscribe daily2]",
        "#music (paused) gets stories about ‘music’, each as soon as it is out.",
        "Id music3",
        "[Edit…: edit music3] [Preview: preview music3] [Resume: resume music3] [End: unsubscribe music3]",
    ]


async def test_where_nothing_is_subscribed_it_says_so(world: World) -> None:
    world.subscriptions.rows.clear()
    assert "Nothing is subscribed here yet." in await world.told("home", ADMIN, NOWHERE)


async def test_its_pages_are_asked_for_by_its_own_line(world: World) -> None:
    reply = await world.ask("home page:2", ADMIN, NOWHERE)
    assert (reply.private, reply.page, reply.card.command, reply.mistake) == (True, 2, "home", False)


async def test_a_platform_without_direct_messages_has_a_home_too(world: World) -> None:
    place = Place("elsewhere", "here", "")
    assert "Nothing yet." in await world.told("home", MEMBER, place)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("subscribe all", "Say which channel: here there is none."),
        ("edit", "Say which subscription, by its id: `/news subscriptions` lists them."),
    ],
)
async def test_where_no_channel_is_it_has_to_be_said(world: World, line: str, sentence: str) -> None:
    assert await world.told(line, ADMIN, NOWHERE) == sentence


FILLED = {
    "what": "all",
    "when": "daily 09:00",
    "timezone": "Europe/Paris",
    "template": "default",
    "layout": "default",
    "spoilers": "show",
    "mention": "none",
    "locale": "en",
    "style": "default",
    "catchup": "6h",
    "quiet": "none",
    "limit": "20",
    "empty": "no",
    "doubt": "hold",
    "pictures": "yes",
    "channel": "c1",
    "subscription": "daily2",
}


async def test_edit_is_filled_with_what_the_subscription_stands_at(world: World) -> None:
    for options in ({"subscription": "DAILY2"}, {}):
        request = Request(place=DAILY.place, member=ADMIN, verb="edit", options=options)
        assert await world.news.filled(request) == {**FILLED, **options}


async def test_what_is_asked_for_counts_more_than_what_is_there(world: World) -> None:
    request = Request(place=DAILY.place, member=ADMIN, verb="edit", options={"when": "instant"})
    assert await world.news.filled(request) == {**FILLED, "when": "instant"}


async def test_settings_are_filled_with_the_tenant_s(world: World) -> None:
    await world.ask("settings timezone:Europe/Paris spoilers:hide")
    request = Request(place=NOWHERE, member=ADMIN, verb="settings")
    assert await world.news.filled(request) == {"timezone": "Europe/Paris", "locale": "en", "spoilers": "hide"}


async def test_other_verbs_are_filled_with_what_was_given(world: World) -> None:
    request = Request(place=NOWHERE, member=MEMBER, verb="latest", options={"count": "3"})
    assert await world.news.filled(request) == {"count": "3"}


@pytest.mark.parametrize("verb", ["edit", "settings", "subscribe", "nothing"])
async def test_nothing_is_filled_for_who_may_not_ask(world: World, verb: str) -> None:
    options = {"subscription": "daily2"}
    assert await world.news.filled(Request(place=DAILY.place, member=MEMBER, verb=verb, options=options)) == {}


async def test_another_tenant_s_subscription_fills_nothing(world: World) -> None:
    for place, id_ in ((DAILY.place, "their4"), (ELSEWHERE, "daily2"), (NOWHERE, "")):
        request = Request(place=place, member=ADMIN, verb="edit", options={"subscription": id_})
        assert await world.news.filled(request) == {}


async def test_a_store_that_fails_fills_nothing(world: World) -> None:
    del world.subscriptions.rows
    request = Request(place=DAILY.place, member=ADMIN, verb="edit", options={"subscription": "daily2"})
    assert await world.news.filled(request) == {}


async def test_a_mistake_on_the_way_home_is_an_answer(world: World) -> None:
    del world.subscriptions.rows
    reply = await world.ask("home", MEMBER, NOWHERE)
    assert reply.mistake
    assert "incident 1nc1dent" in text_of(reply.card)
