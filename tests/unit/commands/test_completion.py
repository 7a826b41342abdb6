import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from digestbot.commands.news import News
from digestbot.domain.command import Choice
from digestbot.domain.place import Channel
from digestbot.domain.story import Status, Story
from digestbot.domain.subscription import Subscription
from tests.fakes import FakeChannels, FakeStories, FakeSubscriptions
from tests.unit.commands.world import MEMBER, World, at


def values(choices: Sequence[Choice]) -> list[str]:
    return [choice.value for choice in choices]


async def test_stories_are_found_by_headline_and_id_newest_first(world: World) -> None:
    choices = await world.complete("story", "story", "", MEMBER)
    assert values(choices) == ["late-vote", "gala-speech", "gala-winners"]
    assert values(await world.complete("story", "story", "TROMBONE", MEMBER)) == ["gala-speech"]
    assert values(await world.complete("why", "story", "gala")) == ["gala-speech", "gala-winners"]


async def test_events_are_found_by_name_and_id(world: World) -> None:
    assert await world.complete("event", "event", "example g", MEMBER) == [
        Choice("Example Gala 2026 (gala-2026)", "gala-2026")
    ]
    assert values(await world.complete("latest", "event", "2098", MEMBER)) == ["fair-2098"]


async def test_categories_and_winners_are_those_of_the_event_chosen(world: World) -> None:
    assert values(await world.complete("winners", "filter", "best f", MEMBER, event="gala-2026")) == [
        *("Best Film", "Best First Film")
    ]
    assert values(await world.complete("winners", "filter", "choeur", MEMBER, event="gala-2026")) == [
        "Chœur des Exemples"
    ]
    assert await world.complete("winners", "filter", "", MEMBER) == []
    assert await world.complete("winners", "filter", "", MEMBER, event="festival-2099") == []


async def test_speakers_are_those_who_are_quoted(world: World) -> None:
    assert values(await world.complete("quotes", "speaker", "vancejoy", MEMBER)) == [
        *("Ottoline Vancejoy", "Bram Vancejoy")
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("al", "all"),
        ("mus", "topic:music"),
        ("topic:mus", "topic:music"),
        ("-mus", "-topic:music"),
        ("topic:film,mus", "topic:film, topic:music"),
        ("topic:film, -mus", "topic:film, -topic:music"),
        ("topic:film+high", "topic:film+importance:high"),
        ("gala", "event:gala-2026"),
        ("ottoline", "person:ottoline-vancejoy"),
    ],
)
async def test_the_last_term_of_a_filter_is_completed(world: World, typed: str, expected: str) -> None:
    assert expected in values(await world.complete("subscribe", "what", typed))


async def test_all_is_offered_only_where_nothing_else_stands(world: World) -> None:
    assert values(await world.complete("subscribe", "what", ""))[0] == "all"
    assert "topic:film, all" not in values(await world.complete("subscribe", "what", "topic:film, "))


@pytest.mark.parametrize(
    ("option", "typed", "expected"),
    [
        ("when", "daily", ["daily 09:00", "daily 18:00", "daily 09:00; daily 18:00"]),
        ("timezone", "paris", ["Europe/Paris"]),
        ("timezone", "new_york", ["America/New_York"]),
        ("template", "co", ["compact"]),
        ("layout", "", ["default", "embed"]),
        ("style", "", ["default"]),
        ("spoilers", "24", ["hide 24h"]),
        ("catchup", "n", ["none"]),
        ("quiet", "22", ["22:00-07:00"]),
        ("doubt", "", ["hold", "resend"]),
        ("empty", "", ["yes", "no"]),
        ("channel", "mus", ["c2"]),
        ("locale", "pt_BR", ["pt_BR"]),
        ("limit", "", []),
        ("mention", "", []),
        ("no-such-option", "", []),
    ],
)
async def test_each_option_of_subscribe_offers_its_values(
    world: World, option: str, typed: str, expected: list[str]
) -> None:
    assert values(await world.complete("subscribe", option, typed)) == expected


async def test_own_subscriptions_are_offered_this_channel_s_first(world: World) -> None:
    assert await world.complete("pause", "subscription") == [
        Choice("daily2: all, daily 09:00", "daily2"),
        Choice("music3: topic:music, instant", "music3"),
    ]
    assert values(await world.complete("pause", "subscription", "music")) == ["music3"]


async def test_what_begins_with_the_letters_comes_before_what_holds_them(world: World) -> None:
    found = values(await world.complete("subscribe", "timezone", "eu"))
    assert found[0] == "Europe/Amsterdam"


async def test_no_list_is_longer_and_no_text_wider_than_platforms_take(world: World) -> None:
    """Discord takes 25 choices of 100 characters."""
    many = [
        Story(id=f"s{n:03}", headline="x" * 150, published=at("2026-05-01T00:00"), status=Status.PUBLISHED)
        for n in range(60)
    ]
    wide = Story(id="w" * 101, headline="Wide", published=at("2026-05-02T00:00"), status=Status.PUBLISHED)
    world.news = News(replace(world.desk, stories=FakeStories([*many, wide])))
    choices = await world.complete("story", "story")
    assert len(choices) == 25
    assert {len(choice.label) for choice in choices} == {100}
    assert await world.complete("story", "story", "wide") == []
    for verb in world.news.verbs:
        for option in verb.options:
            for choice in await world.complete(verb.name, option.name):
                assert len(choice.label) <= 100
                assert 0 < len(choice.value) <= 100


async def test_an_unknown_verb_completes_nothing(world: World) -> None:
    assert await world.complete("no-such-verb", "story") == []


class Stuck(FakeSubscriptions):
    async def of_tenant(self, platform: str, tenant: str) -> Sequence[Subscription]:
        await asyncio.Event().wait()
        return await super().of_tenant(platform, tenant)


class Broken(FakeChannels):
    async def all(self, tenant: str) -> Sequence[Channel]:
        raise ConnectionError(tenant)


async def test_a_store_that_does_not_answer_gives_an_empty_list(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real patience is half a second."""
    monkeypatch.setattr("digestbot.commands.completion.PATIENCE", 0)
    world.news = News(replace(world.desk, subscriptions=Stuck()))
    assert await world.complete("pause", "subscription") == []
    assert values(await world.complete("story", "story", "trombone")) == ["gala-speech"], "memory answers"


async def test_a_fault_gives_an_empty_list(world: World) -> None:
    world.news = News(replace(world.desk, channels={"sandbox": Broken({})}))
    with capture_logs() as logs:
        assert await world.complete("subscribe", "channel") == []
        assert await world.suggest("subscribe channel:") == []
    assert [line["event"] for line in logs] == ["commands.completion", "commands.suggestion"]
