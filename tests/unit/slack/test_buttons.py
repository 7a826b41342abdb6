"""Buttons, and the line that a press brings back."""

import pytest

from digestbot.domain.card import Button, Link, Text
from digestbot.platforms.slack.buttons import ADDRESS, COMMAND, command_of, element, instead, numbered
from tests.unit.cards import FAMILY, URL


def test_a_command_button_carries_its_line() -> None:
    assert element(Button("Event", command=" event x ")) == {
        "type": "button",
        "text": {"type": "plain_text", "text": "Event", "emoji": False},
        "value": "event x",
    }


def test_a_link_button_carries_its_address() -> None:
    assert element(Button("Open", url=URL)) == {
        "type": "button",
        "text": {"type": "plain_text", "text": "Open", "emoji": False},
        "url": URL,
    }


@pytest.mark.parametrize(
    ("button", "label"), [(Button(" \u200b", command="event x"), "/news event x"), (Button("", url=URL), "example.org")]
)
def test_a_button_always_has_a_label(button: Button, label: str) -> None:
    found = element(button)
    assert found
    assert found["text"]["text"] == label


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("a" * 75, "a" * 75),
        ("a" * 76, "a" * 74 + "…"),
        ("歌" * 76, "歌" * 74 + "…"),
        ("👍" * 38, "👍" * 37 + "…"),
        (FAMILY * 7, FAMILY * 6 + "…"),
        ("e\u0301" * 76, "é" * 74 + "…"),
    ],
)
def test_labels_at_the_limit(label: str, shown: str) -> None:
    found = element(Button(label, command="x"))
    assert found
    assert found["text"]["text"] == shown


@pytest.mark.parametrize(("sign", "most"), [("a", 2000), ("歌", 2000), ("👍", 1000)])
def test_commands_at_the_limit(sign: str, most: int) -> None:
    assert [bool(element(Button("x", command=sign * (most + more)))) for more in (-1, 0, 1)] == [True, True, False]


def test_addresses_at_the_limit() -> None:
    address = "https://example.org/" + "é" * 490
    assert [bool(element(Button("x", url=address + "é" * more))) for more in (6, 7)] == [True, False]


@pytest.mark.parametrize("button", [Button("x"), Button("x", command=" "), Button("x", url="javascript:x")])
def test_what_leads_nowhere_is_no_button(button: Button) -> None:
    assert element(button) is None


def test_what_stands_in_place_of_a_button() -> None:
    assert instead(Button("Open", url="https://x.example/")) == (Link("Open", "https://x.example/"),)
    assert instead(Button("Event", command="event x")) == (
        Text("Event", strong=True),
        Text(": "),
        Text("/news event x"),
    )
    assert instead(Button("Event")) == (Text("Event", strong=True), Text(""), Text(""))


def test_listeners_know_our_buttons_by_their_action_id() -> None:
    command, opens = element(Button("x", command="event x")), element(Button("x", url=URL))
    assert command
    assert opens
    assert numbered(command, 7)["action_id"] == "news:7"
    assert numbered(opens, 12)["action_id"] == "open:12"
    assert COMMAND.search("news:7")
    assert ADDRESS.search("open:12")
    for other in ("news:", "news:7\n", "xnews:7", "news:7 ", "open:x", "news:７"):
        assert not COMMAND.search(other)
        assert not ADDRESS.search(other)


def test_a_press_brings_the_line_back() -> None:
    command, opens = element(Button("x", command="event x")), element(Button("x", url=URL))
    assert command
    assert opens
    assert command_of({**numbered(command, 7), "action_ts": "1.2"}) == "event x"
    assert command_of(numbered(opens, 7)) is None
    assert command_of({"action_id": "another", "value": "event x"}) is None
    assert command_of({"value": "event x"}) is None
    assert command_of({"action_id": "news:1", "value": ""}) is None
