"""Accents: a topic has its colour, always the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.platforms.discord.accents import NEUTRAL, accent


@pytest.mark.parametrize(
    ("topic", "colour"),
    [
        (None, NEUTRAL),
        (" ", NEUTRAL),
        ("music", 0x8E4EC6),
        ("Music", 0x8E4EC6),
        ("Open Source", 0x3E8E4B),
        ("knitting", 0xB24C83),
        ("編み物", 0x8B56B0),
    ],
)
def test_colours_are_the_same_everywhere(topic: str | None, colour: int) -> None:
    assert accent(topic) == colour


@given(st.text())
def test_every_topic_has_a_colour_that_discord_takes(topic: str) -> None:
    assert 0 < accent(topic) <= 0xFFFFFF
