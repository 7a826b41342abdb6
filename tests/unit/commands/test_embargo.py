"""What is not out yet, or not any more, is invisible in chat: to members and admins, in every verb (promise 3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from digestbot.commands.verbs import VERBS
from digestbot.domain.command import Choice
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Member
from tests.unit.commands.world import (
    ADMIN,
    DAILY,
    EMBARGOED,
    MEMBER,
    SECRET_EVENT,
    UNSEEN,
    World,
    at,
    delivery,
    text_of,
)

ASKED = [
    "latest",
    "latest 10",
    "latest gala-2026 count:10",
    "event gala-2026",
    "winners gala-2026",
    "upcoming",
    "search box",
    "search spoilers:hide opens",
    "quotes ottoline",
    "subscribe all latest:yes",
    'subscribe topic:music when:"daily 09:00" latest:yes',
    "subscriptions",
    "edit daily2",
    "edit daily2 when:instant",
    "preview daily2",
    "preview what:all",
    "preview what:event:gala-2026 template:event",
    "backtest days:31",
    "backtest what:all days:31",
    'backtest what:all when:"daily 09:00" days:31 template:event',
    "why gala-winners",
    "status",
    "settings",
    "help",
    "privacy",
]
"""Whatever these answer, it may not hold `hush`."""

NAMED = {
    "latest {event}": "xqvzwk",
    "story {story}": "xqvzwk",
    "event {event}": "xqvzwk",
    "winners {event}": "xqvzwk",
    "winners {event} filter:film": "xqvzwk",
    "winners gala-2026 filter:{category}": "xqvzwk",
    "winners gala-2026 {person}": "xqvzwk",
    "quotes {person}": "xqvzwk",
    "search {word}": "xqvzwk",
    "why {story}": "xqvzwk",
    "preview what:topic:{topic}": "xqvzwk",
    "preview what:event:{event}": "xqvzwk",
    "preview what:person:{person}": "xqvzwk",
    "backtest what:topic:{topic} days:31": "xqvzwk",
    "subscribe topic:{topic} latest:yes": "xqvzwk",
    "subscribe event:{event} latest:yes": "xqvzwk",
    "subscribe person:{person} latest:yes": "xqvzwk",
}
"""Whatever these answer about what is held back, they answer about what never was."""

SECRETS = {
    "event": "hushprize-2027",
    "story": "hush-opened",
    "category": "hushcategory",
    "person": "hushabella-keeper",
    "topic": "hushtopic",
    "word": "hushwords",
}

TYPOS = {
    "event": "hushprize-2072",
    "story": "hush-openet",
    "category": "hushcategori",
    "person": "hushabella-keepr",
    "topic": "hushtopik",
    "word": "hushword",
}

BOTH = pytest.mark.parametrize("member", [MEMBER, ADMIN], ids=["member", "admin"])


@BOTH
@pytest.mark.parametrize("line", ASKED)
async def test_no_answer_tells_of_what_is_held_back(world: World, line: str, member: Member) -> None:
    reply = await world.ask(line, member)
    assert "hush" not in text_of(reply.card).casefold()
    assert "hush" not in repr(reply).casefold()


@BOTH
@pytest.mark.parametrize("line", NAMED)
@pytest.mark.parametrize("names", [SECRETS, TYPOS], ids=["its name", "almost its name"])
async def test_what_is_held_back_is_as_unknown_as_what_never_was(
    world: World, line: str, member: Member, names: dict[str, str]
) -> None:
    typed = line.format(**names)
    never = line.format(**dict.fromkeys(names, NAMED[line]))
    name = next(value for value in names.values() if value in typed)
    held, none = await world.told(typed, member), await world.told(never, member)
    assert held.replace(name, "…").replace("new1", "new2") == none.replace(NAMED[line], "…").replace("new1", "new2")
    assert "Did you mean" not in held


@pytest.mark.parametrize("story", UNSEEN, ids=lambda story: story.id)
@pytest.mark.parametrize("verb", ["story", "why"])
async def test_each_kind_of_held_back_story_is_unknown(world: World, verb: str, story: object) -> None:
    id_ = getattr(story, "id", "")
    assert await world.told(f"{verb} {id_}") == (
        f"There is no story ‘{id_}’. `/news search` finds stories by their words."
    )


async def test_a_message_that_carried_it_does_not_tell_either(world: World) -> None:
    row = delivery(DAILY, "a", EMBARGOED)
    world.ledger.rows[row.id] = row
    for line in (f"digest {row.id}", "status", "why hush-opened"):
        assert "opens its box" not in await world.told(line)


COMPLETED = [(verb.name, option.name) for verb in VERBS for option in verb.options]


def told_by(choices: Sequence[Choice]) -> str:
    return " ".join(f"{choice.label} {choice.value}" for choice in choices).casefold()


@BOTH
@pytest.mark.parametrize(("verb", "option"), COMPLETED)
async def test_no_completion_offers_what_is_held_back(world: World, verb: str, option: str, member: Member) -> None:
    for typed in ("", "hush", "Hush", "-event:hush", "topic:music,topic:hush"):
        for chosen in ({}, {"event": "gala-2026"}, {"event": "hushprize-2027"}):
            choices = await world.complete(verb, option, typed, member, **chosen)
            offered = told_by(choices).replace("topic:music,topic:hush", "").replace(typed.casefold(), "")
            assert "hush" not in offered


@BOTH
async def test_no_suggestion_offers_what_is_held_back(world: World, member: Member) -> None:
    for verb in VERBS:
        for rest in ("", "h", "hus", "hush", "event:", "what:", "story:hu", "filter:h"):
            lines = await world.suggest(f"{verb.name} {rest}", member)
            assert "hush" not in " ".join(lines).removeprefix(f"{verb.name} {rest}").replace("hush ", " ")


async def test_at_its_minute_it_is_there_in_every_verb(world: World) -> None:
    """So that these tests can fail: the same questions find it once it is out."""
    world.subscriptions.rows["daily2"] = replace(DAILY, filter=parse_filter("all"))
    world.clock.at = at("2099-01-01T00:00") - timedelta(seconds=1)
    world.stories = type(world.stories)([EMBARGOED])
    world.desk = replace(world.desk, stories=world.stories)
    world.news = type(world.news)(world.desk)
    before = [await world.told(line) for line in ("latest", "search hushwords", "story hush-opened")]
    assert not [told for told in before if "opens its box" in told]
    world.clock.at += timedelta(seconds=1)
    for line in (
        "latest",
        "story hush-opened",
        "event hushprize-2027",
        "search hushwords",
        "preview daily2",
        "why hush-opened",
        "backtest what:all",
        "latest hushprize-2027",
    ):
        assert "Hushtown opens its box" in await world.told(line), line
    assert "Hushwords were kept" in await world.told("quotes Hushabella")
    assert "Hushcategory" in await world.told("winners hushprize-2027 hushcat")
    assert [c.value for c in await world.complete("story", "story", "hush")] == ["hush-opened"]
    assert [c.value for c in await world.complete("event", "event", "hush")] == ["hushprize-2027"]
    assert [c.value for c in await world.complete("subscribe", "what", "hush")] == [
        *("topic:hushtopic", "event:hushprize-2027", "person:hushabella-keeper")
    ]
    assert SECRET_EVENT in world.stories.public_events(world.clock.now())
