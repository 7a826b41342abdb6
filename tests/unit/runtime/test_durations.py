"""Durations as people type them."""

from datetime import timedelta

import pytest

from digestbot.errors import UserMistake
from digestbot.runtime.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("30s", timedelta(seconds=30)),
        ("5m", timedelta(minutes=5)),
        ("6h", timedelta(hours=6)),
        ("2d", timedelta(days=2)),
        (" 90 S ", timedelta(seconds=90)),
        ("0s", timedelta(0)),
    ],
)
def test_a_number_and_a_unit(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize("text", ["", "30", "s", "5 minutes", "-5m", "1.5h", "1h30m", "5w", "9999999d"])
def test_anything_else_gets_the_forms_that_are_understood(text: str) -> None:
    with pytest.raises(UserMistake) as caught:
        parse_duration(text)
    assert str(caught.value) == f"“{text}” is no duration: write it as `30s`, `5m`, `6h` or `2d`."
