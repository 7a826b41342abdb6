import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from digestbot.commands.news import News
from digestbot.commands.verbs import VERBS
from digestbot.domain.card import Card
from digestbot.domain.command import Request
from digestbot.domain.subscription import TenantSettings
from digestbot.errors import BrokenFiles, Problem
from digestbot.ports import Commands, Setting
from tests.fakes import FakeRenderer, FakeStories, FakeSubscriptions
from tests.unit.commands.world import ADMIN, MEMBER, NEWS, World, text_of


class BrokenStories(FakeStories):
    async def search(self, words: str, now: object, limit: int = 50) -> Any:  # noqa: ANN401 - never returns
        raise RuntimeError(f"the index is gone: {words}, {now}, {limit}")


class BrokenRenderer(FakeRenderer):
    def reply(self, name: str, values: Mapping[str, Any], setting: Setting) -> Card:
        raise BrokenFiles([Problem("templates/replies/x.md.j2", 1, 0, f"broken: {name}, {len(values)}, {setting}")])


class StuckSettings(FakeSubscriptions):
    async def settings(self, platform: str, tenant: str) -> TenantSettings:
        await asyncio.Event().wait()
        return await super().settings(platform, tenant)


class NoStore(FakeSubscriptions):
    async def settings(self, platform: str, tenant: str) -> TenantSettings:
        raise ConnectionError(platform, tenant)


async def test_news_is_the_port(world: World) -> None:
    port: Commands = world.news
    assert port.verbs == VERBS
    assert port.read("latest 3") == ("latest", {"event": "3"})


async def test_a_fault_is_logged_and_answered_with_the_same_number(world: World) -> None:
    news = News(replace(world.desk, stories=BrokenStories()), incident=lambda: "abc123")
    with capture_logs() as logs:
        reply = await news.run(Request(place=NEWS, member=MEMBER, verb="search", options={"words": "my words"}))
    assert (reply.mistake, reply.private) == (True, True)
    assert text_of(reply.card) == ("Something is broken on our side. Tell whoever runs this bot: incident abc123.")
    (line,) = logs
    assert (line["event"], line["incident"], line["verb"]) == ("commands.incident", "abc123", "search")
    assert "my words" not in str({key: value for key, value in line.items() if key != "exc_info"})


async def test_incidents_have_numbers_of_their_own(world: World) -> None:
    news = News(replace(world.desk, stories=BrokenStories()))
    request = Request(place=NEWS, member=MEMBER, verb="search", options={"words": "x"})
    with capture_logs() as logs:
        for _ in range(2):
            await news.run(request)
    first, second = (line["incident"] for line in logs)
    assert first != second
    assert len(first) == 8


async def test_a_broken_template_does_not_keep_the_sentence_from_its_reader(world: World) -> None:
    news = News(replace(world.desk, renderer=BrokenRenderer()), incident=lambda: "abc123")
    with capture_logs():
        mistake = await news.run(Request(place=NEWS, member=MEMBER, verb="story", options={"story": "xyzzy"}))
        fault = await news.run(Request(place=NEWS, member=MEMBER, verb="privacy"))
    assert text_of(mistake.card).startswith("There is no story ‘xyzzy’.")
    assert text_of(fault.card).endswith("incident abc123.")


async def test_cancellation_is_passed_on(world: World) -> None:
    class Cancelled(FakeStories):
        async def search(self, words: str, now: object, limit: int = 50) -> Any:  # noqa: ANN401 - never returns
            raise asyncio.CancelledError(words, now, limit)

    news = News(replace(world.desk, stories=Cancelled()))
    with pytest.raises(asyncio.CancelledError):
        await news.run(Request(place=NEWS, member=MEMBER, verb="search", options={"words": "x"}))


@pytest.mark.parametrize("store", [StuckSettings(), NoStore()], ids=["stuck", "away"])
async def test_reading_answers_though_the_store_does_not(
    world: World, monkeypatch: pytest.MonkeyPatch, store: FakeSubscriptions
) -> None:
    monkeypatch.setattr("digestbot.commands.news.PATIENCE", 0)
    world.news = News(replace(world.desk, subscriptions=store))
    with capture_logs():
        assert (await world.told("latest", MEMBER)).startswith("Votes are found in a hat\n")
        shared = await world.told("latest share:true", MEMBER)
    assert "|Votes are found in a hat" in shared.splitlines(), "who knows what this place hides"


async def test_managing_says_that_the_store_is_away(world: World) -> None:
    world.news = News(replace(world.desk, subscriptions=NoStore()), incident=lambda: "abc123")
    with capture_logs():
        assert (await world.told("subscribe all")).endswith("incident abc123.")


@pytest.mark.parametrize("verb", ["", "no-such", "Latest", "latest "])
async def test_an_unknown_verb_is_a_mistake(world: World, verb: str) -> None:
    reply = await world.news.run(Request(place=NEWS, member=ADMIN, verb=verb))
    assert reply.mistake
    assert text_of(reply.card).startswith("There is no command ‘")


async def test_an_option_that_the_verb_does_not_have_is_a_mistake(world: World) -> None:
    reply = await world.news.run(Request(place=NEWS, member=ADMIN, verb="latest", options={"cuont": "3"}))
    assert text_of(reply.card) == "`latest` has no option ‘cuont’. Did you mean ‘count’?"


@given(
    st.sampled_from([verb.name for verb in VERBS]),
    st.dictionaries(
        st.sampled_from(sorted({option.name for verb in VERBS for option in verb.options} | {"page"})),
        st.one_of(st.text(max_size=40), st.sampled_from(["all", "gala-2026", "daily2", "yes", "hide", "daily 09:00"])),
        max_size=5,
    ),
)
async def test_no_request_is_an_incident(verb: str, options: dict[str, str]) -> None:
    world = World(renderer=FakeRenderer())
    reply = await world.news.run(Request(place=NEWS, member=ADMIN, verb=verb, options=options))
    assert "1nc1dent" not in text_of(reply.card)
