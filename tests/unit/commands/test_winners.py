import pytest

from digestbot.commands.winners import matching
from digestbot.domain.story import Award, Winner
from tests.unit.commands.world import MEMBER, WINNERS, World


async def test_winners_lists_all_of_an_event(world: World) -> None:
    lines = (await world.told("winners gala-2026", MEMBER)).splitlines()
    assert lines[0] == "Example Gala 2026: winners"
    assert lines[2:5] == [
        "The Umbrella Accountants (3 prizes): Best Film, Best Ensemble and 1 more",
        "Chœur des Exemples: Best Choir",
        "Ludo Tindersnap: Best First Film for Forty Spoons",
    ]


@pytest.mark.parametrize("line", ["winners gala-2026 filter:film", "winners gala-2026 FILM", "winners GALA-2026 Film"])
async def test_a_category_is_found_by_a_part_of_its_name(world: World, line: str) -> None:
    lines = (await world.told(line)).splitlines()
    assert lines[2:4] == [
        "The Umbrella Accountants (3 prizes): Best Film and 2 more",
        "Ludo Tindersnap: Best First Film for Forty Spoons",
    ]


@pytest.mark.parametrize("typed", ["choeur", "Chœur", "CHŒUR des", "exemples"])
async def test_a_name_is_found_whatever_its_accents(world: World, typed: str) -> None:
    lines = (await world.told(f'winners gala-2026 filter:"{typed}"')).splitlines()
    assert lines[2:-2] == ["Chœur des Exemples: Best Choir"]


async def test_a_filter_that_nothing_matches_gets_a_hint(world: World) -> None:
    assert await world.told("winners gala-2026 Best Chior") == (
        "No category or winner of Example Gala 2026 matches ‘Best Chior’. Did you mean ‘Best Choir’?"
    )
    assert await world.told("winners gala-2026 xyzzy") == (
        "No category or winner of Example Gala 2026 matches ‘xyzzy’. `/news winners gala-2026` lists them all."
    )


async def test_an_event_without_winners_says_so(world: World) -> None:
    assert await world.told("winners festival-2099") == "No winner of Example Festival 2099 is known yet."


async def test_an_unknown_event_is_a_mistake_with_or_without_a_filter(world: World) -> None:
    hint = "Did you mean ‘gala-2026’?"
    assert await world.told("winners gala-2062") == f"There is no event ‘gala-2062’. {hint}"
    assert await world.told("winners gala-2062 filter:film") == f"There is no event ‘gala-2062’. {hint}"
    assert await world.told("winners gala-2062 film") == f"There is no event ‘gala-2062’. {hint}"


def test_a_winner_found_by_name_keeps_every_prize_one_found_by_category_only_those() -> None:
    by_name, by_category = matching([WINNERS], "umbrella"), matching([WINNERS], "ensemble")
    assert by_name[0].winners == (WINNERS.winners[0],)
    assert by_category[0].winners == (
        Winner(name="The Umbrella Accountants", awards=(Award(category="Best Ensemble"),), total=3),
    )
    assert by_category[0].revision != WINNERS.revision, "a part is cached apart from the whole"
