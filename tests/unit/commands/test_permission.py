from dataclasses import replace

import pytest

from digestbot.commands.examples import LINES
from digestbot.commands.verbs import VERBS
from digestbot.domain.command import Request, Verb
from tests.fakes import FakeSubscriptions
from tests.unit.commands.world import ADMIN, MEMBER, NEWS, World, text_of

ADMINS = [verb for verb in VERBS if verb.admin and not verb.hidden]
EVERYBODYS = [verb for verb in VERBS if not verb.admin and not verb.hidden]


class Untouched(FakeSubscriptions):
    """Fails whoever looks."""

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(f"a member reached {name}")


def guarded(world: World) -> World:
    world.desk = replace(world.desk, subscriptions=object.__new__(Untouched))
    world.news = type(world.news)(world.desk)
    return world


@pytest.mark.parametrize("verb", ADMINS, ids=lambda verb: verb.name)
async def test_a_member_is_refused_before_anything_is_looked_at(world: World, verb: Verb) -> None:
    guarded(world)
    for line in LINES[verb.name]:
        reply = await world.ask(line, MEMBER)
        assert (reply.mistake, reply.private) == (True, True)
        assert text_of(reply.card) == (f"Only those who manage this place may use `{verb.name}`: ask one of them.")


@pytest.mark.parametrize("verb", ADMINS, ids=lambda verb: verb.name)
async def test_a_member_s_mistakes_are_not_told_apart_from_what_would_have_worked(world: World, verb: Verb) -> None:
    options = {"page": "x", "no-such": "option"}
    reply = await world.news.run(Request(place=NEWS, member=MEMBER, verb=verb.name, options=options))
    assert text_of(reply.card) == f"Only those who manage this place may use `{verb.name}`: ask one of them."


@pytest.mark.parametrize("verb", ADMINS, ids=lambda verb: verb.name)
async def test_nothing_is_completed_for_a_member_that_an_admin_may_complete(world: World, verb: Verb) -> None:
    guarded(world)
    for option in verb.options:
        assert await world.complete(verb.name, option.name, "", MEMBER) == []


@pytest.mark.parametrize("verb", ADMINS, ids=lambda verb: verb.name)
async def test_nothing_is_suggested_to_a_member_behind_an_admin_s_verb(world: World, verb: Verb) -> None:
    guarded(world)
    assert await world.suggest(verb.name, MEMBER) == []
    assert await world.suggest(f"{verb.name} ", MEMBER) == []
    assert await world.suggest(f"/news {verb.name} what:", MEMBER) == []


async def test_verbs_are_suggested_and_completed_to_those_who_may_use_them(world: World) -> None:
    assert [line.strip() for line in await world.suggest("", MEMBER)] == [verb.name for verb in EVERYBODYS]
    assert [line.strip() for line in await world.suggest("", ADMIN)] == [verb.name for verb in VERBS if not verb.hidden]
    assert {choice.value for choice in await world.complete("help", "verb", "", MEMBER)} == {
        verb.name for verb in EVERYBODYS
    }


@pytest.mark.parametrize("verb", ADMINS, ids=lambda verb: verb.name)
async def test_an_admin_may(world: World, verb: Verb) -> None:
    world.subscriptions.rows["k3v9qd"] = replace(world.subscriptions.rows["daily2"], id="k3v9qd")
    for line in LINES[verb.name]:
        assert "Only those who manage" not in await world.told(line, ADMIN)


@pytest.mark.parametrize("verb", EVERYBODYS, ids=lambda verb: verb.name)
async def test_a_member_may_ask_what_everybody_may(world: World, verb: Verb) -> None:
    for line in LINES[verb.name]:
        assert "Only those who manage" not in await world.told(line, MEMBER)


@pytest.mark.parametrize("verb", ADMINS, ids=lambda verb: verb.name)
async def test_what_an_admin_sees_nobody_else_sees(world: World, verb: Verb) -> None:
    world.subscriptions.rows["k3v9qd"] = replace(world.subscriptions.rows["daily2"], id="k3v9qd")
    for line in LINES[verb.name]:
        assert (await world.ask(line, ADMIN)).private
    request = Request(place=NEWS, member=ADMIN, verb=verb.name, options={"share": "true"})
    reply = await world.news.run(request)
    assert (reply.private, reply.mistake) == (True, True)
