from dataclasses import replace

import pytest

from digestbot.commands.news import News
from digestbot.domain.command import Request
from digestbot.domain.story import Status
from digestbot.domain.subscription import TenantSettings
from digestbot.ports import Setting
from tests.fakes import FakeRenderer, FakeStories
from tests.unit.commands.world import ADMIN, MEMBER, NEWS, NIGHTLY, NOW, SPEECH, WINNERS, World, text_of


async def test_latest_shows_the_newest_story_as_a_card(world: World) -> None:
    assert (await world.told("latest", MEMBER)).startswith("Votes are found in a hat\n")


@pytest.mark.parametrize("line", ["latest count:2", "latest 2"])
async def test_latest_shows_several_as_a_digest_newest_first(world: World, line: str) -> None:
    lines = (await world.told(line, MEMBER)).splitlines()
    assert lines[0] == "2 stories"
    assert lines.index("Votes are found in a hat") < lines.index("A speech dedicated to a trombone")
    assert "The Umbrella Accountants wins three prizes" not in lines


async def test_latest_of_an_event_shows_that_event_alone(world: World) -> None:
    lines = (await world.told("latest gala-2026", MEMBER)).splitlines()
    assert lines[0] == "A speech dedicated to a trombone"


@pytest.mark.parametrize("typed", ["0", "11", "three", "-1", "1.5", "٣", ""])
async def test_latest_counts_from_one_to_ten(world: World, typed: str) -> None:
    request = Request(place=NEWS, member=MEMBER, verb="latest", options={"count": typed})
    reply = await world.news.run(request)
    if typed:
        assert reply.mistake
        assert text_of(reply.card) == f"`count` is a whole number from 1 to 10, not ‘{typed}’."
    else:
        assert not reply.mistake


async def test_latest_says_so_where_there_is_nothing_yet(world: World) -> None:
    assert await world.told("latest festival-2099") == "There is no story about Example Festival 2099 yet."
    world.desk = replace(world.desk, stories=FakeStories())
    world.news = News(world.desk)
    assert await world.told("latest") == "There is no story yet."


async def test_a_story_is_found_by_its_id_however_it_was_typed(world: World) -> None:
    for typed in ("gala-winners", "Gala Winners", "story:GALA-WINNERS"):
        assert (await world.told(f"story {typed}", MEMBER)).startswith("The Umbrella Accountants wins three prizes\n")


async def test_an_unknown_story_gets_a_hint(world: World) -> None:
    reply = await world.ask("story gala-winers", MEMBER)
    assert (reply.mistake, reply.private) == (True, True)
    assert text_of(reply.card) == "There is no story ‘gala-winers’. Did you mean ‘gala-winners’?"


async def test_a_story_without_an_id_is_a_mistake(world: World) -> None:
    assert await world.told("story") == "`story` needs its `story`: which story, by its id."


async def test_answers_are_private_unless_shared(world: World) -> None:
    assert (await world.ask("story gala-winners", MEMBER)).private
    assert not (await world.ask("story gala-winners share:true", MEMBER)).private
    assert (await world.ask("story gala-winers share:true", MEMBER)).private, "mistakes are nobody else's business"


async def test_the_page_asked_for_is_the_page_shown(world: World) -> None:
    reply = await world.ask("story gala-winners page:3", MEMBER)
    assert reply.page == 3
    assert reply.card.command == "story gala-winners"


async def test_a_page_is_a_whole_number_from_one(world: World) -> None:
    assert await world.told("story gala-winners page:0") == "`page` is a whole number from 1 to 10000, not ‘0’."


async def test_the_card_s_line_shows_the_same_again_but_is_not_shared_again(world: World) -> None:
    reply = await world.ask("latest event:gala-2026 count:2 share:yes page:2 spoilers:hide", MEMBER)
    assert reply.card.command == "latest gala-2026 count:2 spoilers:hide"


async def test_spoilers_are_shown_in_private_answers_and_hidden_on_request(world: World) -> None:
    assert "|" not in await world.told("story gala-winners")
    lines = (await world.told("story gala-winners spoilers:hide")).splitlines()
    assert "|The Umbrella Accountants wins three prizes" in lines
    assert "The Umbrella Accountants wins three prizes" not in lines


@pytest.mark.parametrize(
    ("default", "hidden"), [("show", False), ("hide", True), ("hide 24h", False), ("hide 720h", True)]
)
async def test_a_shared_answer_hides_what_this_place_hides(world: World, default: str, *, hidden: bool) -> None:
    world.subscriptions.tenants["sandbox", "here"] = TenantSettings(spoilers=default)
    reply = await world.ask("story gala-winners share:true", MEMBER)
    assert ("|The Umbrella Accountants wins three prizes" in text_of(reply.card).splitlines()) is hidden
    assert reply.card.command == ("story gala-winners spoilers:hide" if hidden else "story gala-winners")


async def test_only_an_admin_shares_what_this_place_hides(world: World) -> None:
    world.subscriptions.tenants["sandbox", "here"] = TenantSettings(spoilers="hide")
    line = "story gala-winners share:true spoilers:show"
    assert "|The Umbrella Accountants wins three prizes" in await world.told(line, MEMBER)
    assert "|" not in await world.told(line, ADMIN)


async def test_hiding_covers_every_story_of_a_digest(world: World) -> None:
    fake = FakeRenderer()
    news = News(replace(world.desk, renderer=fake))
    options = {"count": "3", "spoilers": "hide"}
    await news.run(Request(place=NEWS, member=MEMBER, verb="latest", options=options))
    assert fake.asked == [
        (
            "digest",
            [NIGHTLY, SPEECH, WINNERS],
            Setting(
                hidden=frozenset({"late-vote", "gala-speech", "gala-winners"}), command="latest count:3 spoilers:hide"
            ),
        )
    ]


async def test_private_answers_speak_the_member_s_language_shared_ones_the_place_s(world: World) -> None:
    world.subscriptions.tenants["sandbox", "here"] = TenantSettings(locale="fr", zone="Europe/Paris")
    german = replace(MEMBER, locale="de")
    assert (await world.ask("story gala-winners", german)).card.locale == "de"
    assert (await world.ask("story gala-winners share:true", german)).card.locale == "fr"


async def test_a_story_that_is_withdrawn_is_not_there_any_more(world: World) -> None:
    world.stories.put(replace(WINNERS, status=Status.RETRACTED))
    assert (await world.told("story gala-winners")).startswith("There is no story ‘gala-winners’.")
    assert WINNERS.is_live(NOW)
