"""Lengths as chat clients count them."""

import pytest

from digestbot.domain.length import fitted, units

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(("text", "count"), [("", 0), ("abc", 3), ("é", 1), ("歌", 1), ("👍", 2), (FAMILY, 11)])
def test_units_are_those_of_utf_16(text: str, count: int) -> None:
    assert units(text) == count


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("ab cd", 4, "ab…"),
        ("👍👍", 4, "👍👍"),
        ("👍👍", 3, "👍…"),
        (FAMILY + "a", 11, "…"),
        ("e\u0301e\u0301", 3, "e\u0301…"),
    ],
)
def test_a_text_that_is_too_long_ends_between_graphemes(text: str, limit: int, shown: str) -> None:
    assert fitted(text, limit) == shown
