import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.commands.line import LONGEST, read_line
from digestbot.commands.verbs import BY_NAME
from digestbot.errors import UserMistake
from tests.fakes import FakeRenderer
from tests.unit.commands.world import MEMBER, World


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("lat", ["latest "]),
        ("/news lat", ["/news latest "]),
        ("/NEWS   LAT", ["/NEWS latest "]),
        ("sub", ["subscribe ", "subscriptions ", "unsubscribe "]),
        ("story trom", ["story gala-speech"]),
        ("story story:trom", ["story story:gala-speech"]),
        ("story spoilers:hide trom", ["story spoilers:hide gala-speech"]),
        ("story gala-speech sp", ["story gala-speech spoilers:"]),
        ("story gala-speech spoilers:h", ["story gala-speech spoilers:hide"]),
        ("quotes bram v", ["quotes Bram Vancejoy"]),
        ("quotes speaker:bram", ['quotes speaker:"Bram Vancejoy"']),
        ('quotes speaker:"bram v', ['quotes speaker:"Bram Vancejoy"']),
        ("winners gala-2026 filter:choir", ['winners gala-2026 filter:"Best Choir"']),
        ("winners filter:choir event:gala-20", ["winners filter:choir event:gala-2026"]),
        ("subscribe topic:mus", ["subscribe topic:music"]),
        ("subscribe topic:film, -mus", ["subscribe topic:film, -topic:music"]),
        (
            "subscribe all when:dai",
            [f'subscribe all when:"{v}"' for v in ("daily 09:00", "daily 18:00", "daily 09:00; daily 18:00")],
        ),
        ("subscribe all timezone:paris", ["subscribe all timezone:Europe/Paris"]),
        ("pause mus", ["pause music3"]),
        ("help subscrib", ["help subscribe", "help unsubscribe"]),
        ("xyzzy ", []),
        ("digest ", []),
        ("search trombone", []),
        ("x" * (LONGEST + 1), []),
    ],
)
async def test_a_line_goes_on_like_this(world: World, line: str, expected: list[str]) -> None:
    found = await world.suggest(line)
    assert found[: len(expected)] == expected if expected else found == []


async def test_half_a_slash_command_is_completed(world: World) -> None:
    assert (await world.suggest("/ne", MEMBER))[0] == "/news latest "
    assert (await world.suggest("/news", MEMBER))[0] == "/news latest "


async def test_options_not_given_yet_are_offered_behind_the_values(world: World) -> None:
    assert await world.suggest("latest ", MEMBER) == [
        "latest gala-2026",
        "latest festival-2099",
        "latest fair-2098",
        *("latest event:", "latest count:", "latest spoilers:", "latest share:", "latest page:"),
    ]
    assert await world.suggest("latest gala-2026 count:3 ", MEMBER) == [
        *("latest gala-2026 count:3 spoilers:", "latest gala-2026 count:3 share:", "latest gala-2026 count:3 page:")
    ]


async def test_a_verb_without_a_main_option_offers_its_options(world: World) -> None:
    assert await world.suggest("upcoming ", MEMBER) == ["upcoming spoilers:", "upcoming share:", "upcoming page:"]


@pytest.mark.parametrize("line", ["latest ", "subscribe ", "edit daily2 ", "quotes ", "winners gala-2026 ", "preview "])
async def test_what_is_suggested_can_be_read(world: World, line: str) -> None:
    for suggestion in await world.suggest(line):
        if not suggestion.endswith(":"):
            verb, _ = read_line(suggestion, BY_NAME)
            assert suggestion.startswith(verb.name)


@given(st.text(max_size=60), st.sampled_from(["", "/news ", "subscribe ", "edit x ", "latest "]))
async def test_any_text_gives_a_list(text: str, start: str) -> None:
    world = World(renderer=FakeRenderer())
    assert len(await world.suggest(start + text)) <= 25


def test_reading_and_suggesting_take_the_same_length() -> None:
    with pytest.raises(UserMistake):
        read_line("x" * (LONGEST + 1), BY_NAME)
