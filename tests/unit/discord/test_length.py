"""Lengths: counted in UTF-16 units, cut between graphemes."""

import pytest

from digestbot.platforms.discord.length import fitted, units
from tests.unit.cards import FAMILY


@pytest.mark.parametrize(("text", "count"), [("", 0), ("abc", 3), ("歌", 1), ("👍", 2), (FAMILY, 11), ("e\u0301", 2)])
def test_units(text: str, count: int) -> None:
    assert units(text) == count


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("a bcd", 3, "a…"),
        (FAMILY * 2, 21, FAMILY + "…"),
        (FAMILY, 10, "…"),
        ("e\u0301e\u0301", 3, "e\u0301…"),
    ],
)
def test_a_text_is_made_to_fit(text: str, limit: int, shown: str) -> None:
    assert fitted(text, limit) == shown
