"""Buttons: their commands come back as they went, and what Discord cannot hold is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.domain.card import Button
from digestbot.platforms.discord.buttons import PATTERN, command_of, component, custom_id
from tests.unit.cards import FAMILY, URL
from tests.unit.discord.texts import TEXTS


@given(st.one_of(TEXTS, st.text(st.sampled_from("ab 歌👍"), max_size=100)))
def test_a_command_comes_back_as_it_went(command: str) -> None:
    name = custom_id(command)
    if name is not None:
        assert PATTERN.fullmatch(name)
        assert command_of(name) == command.strip()


@pytest.mark.parametrize(
    ("command", "fits"), [("a" * 94, True), ("a" * 95, True), ("a" * 96, False), ("👍" * 48, False)]
)
def test_a_command_of_more_than_a_hundred_characters_has_no_custom_id(command: str, *, fits: bool) -> None:
    assert (custom_id(command) is not None) == fits


@pytest.mark.parametrize("name", ["", "news:", "news: x", "other:story x", "xnews:story x"])
def test_other_custom_ids_are_not_ours(name: str) -> None:
    assert command_of(name) is None


@pytest.mark.parametrize("button", [Button("a"), Button("a", command=" "), Button("a", url="ftp://x.example/")])
def test_a_button_that_does_nothing_is_none(button: Button) -> None:
    assert component(button) is None


def test_a_label_is_never_missing() -> None:
    assert component(Button(" ", url=URL)) == {"type": 2, "style": 5, "label": "example.org", "url": URL}
    assert component(Button("", command="story x")) == {
        "type": 2,
        "style": 2,
        "label": "/news story x",
        "custom_id": "news:story x",
    }


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("a" * 80, "a" * 80),
        ("a" * 81, "a" * 79 + "…"),
        (FAMILY * 8, FAMILY * 7 + "…"),
        ("\u202ea\u202c", "a"),
    ],
)
def test_a_label_is_cut_between_graphemes(label: str, shown: str) -> None:
    assert (component(Button(label, command="x")) or {})["label"] == shown
