"""Inputs: each kind of option, what it is filled with, and what comes back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.commands.verbs import BY_NAME, option_of
from digestbot.domain.command import Option
from digestbot.domain.visible import clean, shows
from digestbot.platforms.slack.inputs import choice, choices, input_block, label_of, select, state_of, text_in
from tests.servers.slack.views import check

LENGTHS = (1, 74, 75, 76, 149, 150, 151, 1999, 2000, 2001, 2999, 3000, 3001)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.tuples(st.sampled_from("aé🎬家 \u200b\u0301,"), st.sampled_from(LENGTHS)).map(lambda pair: pair[0] * pair[1]),
)
ORDINARY = st.sampled_from(("what", "words"))
KINDS = st.sampled_from(("text", "integer", "boolean", "channel", "role", "file"))


@st.composite
def options(draw: st.DrawFn, names: st.SearchStrategy[str] = ORDINARY) -> Option:
    low, high = sorted(draw(st.lists(st.integers(-5000, 5000), min_size=2, max_size=2)))
    return Option(
        name=draw(names),
        summary=draw(TEXTS),
        kind=draw(KINDS),  # type: ignore[arg-type]  # one of them
        completes=draw(st.booleans()),
        choices=tuple(draw(st.lists(TEXTS, max_size=3))) if draw(st.booleans()) else (),
        low=draw(st.none() | st.just(low)),
        high=draw(st.none() | st.just(high)),
    )


def element(name: str, text: str | None = None, verb: str = "subscribe") -> dict[str, Any]:
    option = option_of(BY_NAME[verb], name)
    assert option
    found: dict[str, Any] = input_block(option, text, required=False)["element"]
    return found


def modal(*blocks: dict[str, Any]) -> dict[str, Any]:
    words = {"type": "plain_text", "text": "x"}
    return {"type": "modal", "title": words, "submit": words, "blocks": list(blocks)}


@given(options(), st.none() | TEXTS, st.booleans())
def test_slack_takes_every_input_whatever_is_in_it(option: Option, text: str | None, flag: bool) -> None:  # noqa: FBT001 - given by hypothesis
    check(modal(input_block(option, text, required=flag, current=flag)), "modal")


@given(TEXTS)
def test_a_text_that_fits_comes_back_as_it_was(text: str) -> None:
    for name in ("timezone", "words"):
        option = Option(name=name, summary="x", completes=name == "timezone")
        back = text_in(state_of(input_block(option, text, required=False)["element"]))
        assert back in {text.strip(), text, ""}
        if len(text.encode("utf-16-le")) // 2 <= 3000 and text.isprintable() and text.strip():
            assert back.strip() == text.strip()


@given(TEXTS, TEXTS)
def test_a_choice_keeps_its_value_or_is_none(label: str, value: str) -> None:
    made = choice(label, value)
    assert made is None or made["value"] == value
    if 0 < len(value.encode("utf-16-le")) // 2 <= 150 and shows(clean(label)):
        assert made


@pytest.mark.parametrize(("length", "kept"), [(149, True), (150, True), (151, False)])
def test_a_value_has_at_most_150_characters(length: int, kept: bool) -> None:  # noqa: FBT001 - a row of a table
    assert (choice("x", "v" * length) is not None) == kept


@pytest.mark.parametrize(("length", "shown"), [(74, "l" * 74), (75, "l" * 75), (76, "l" * 74 + "…")])
def test_a_label_has_at_most_75_characters(length: int, shown: str) -> None:
    made = choice("l" * length, "v")
    assert made
    assert made["text"]["text"] == shown


def test_there_are_at_most_100_choices_and_none_twice() -> None:
    assert len(choices((str(number), str(number)) for number in range(101))) == 100
    assert [one["value"] for one in choices([("a", "x"), ("b", "x"), ("c", "y")])] == ["x", "y"]


def test_each_kind_of_option_has_its_own_input() -> None:
    kinds = {
        ("subscribe", "what"): "multi_external_select",
        ("subscribe", "timezone"): "external_select",
        ("subscribe", "mention"): "external_select",
        ("subscribe", "channel"): "conversations_select",
        ("subscribe", "limit"): "number_input",
        ("subscribe", "empty"): "static_select",
        ("subscribe", "doubt"): "static_select",
        ("search", "words"): "plain_text_input",
        ("import", "file"): "file_input",
    }
    assert {key: element(key[1], verb=key[0])["type"] for key in kinds} == kinds


def test_a_block_and_its_element_are_called_as_the_option_is() -> None:
    option = option_of(BY_NAME["subscribe"], "catchup")
    assert option
    block = input_block(option, "2d", required=True)
    assert (block["block_id"], block["element"]["action_id"], block["optional"]) == ("catchup", "catchup", False)
    assert (block["label"]["text"], block["hint"]["text"]) == ("Catch up", option.summary)
    assert label_of(Option(name="some_thing", summary="x")) == "Some thing"


def test_lists_can_be_opened_before_anything_is_typed() -> None:
    assert (element("what")["min_query_length"], element("timezone")["min_query_length"]) == (0, 0)


def test_a_filter_is_one_pick_for_each_of_its_parts() -> None:
    what = element("what", "topic:music,  event:bbma-2020 + topic:film, -topic:politics")
    assert [one["value"] for one in what["initial_options"]] == [
        *("topic:music", "event:bbma-2020 + topic:film", "-topic:politics")
    ]
    assert text_in(state_of(what)) == "topic:music, event:bbma-2020 + topic:film, -topic:politics"


@pytest.mark.parametrize(("length", "kind"), [(150, "multi_external_select"), (151, "plain_text_input")])
def test_a_filter_too_long_to_be_picked_stands_in_a_line(length: int, kind: str) -> None:
    text = f"topic:music, {'x' * length}"
    assert element("what", text)["type"] == kind
    assert text_in(state_of(element("what", text))) == text


@pytest.mark.parametrize(("length", "kind"), [(150, "external_select"), (151, "plain_text_input")])
def test_a_text_too_long_to_be_picked_stands_in_a_line(length: int, kind: str) -> None:
    assert element("timezone", "x" * length)["type"] == kind
    assert text_in(state_of(element("timezone", "x" * length))) == "x" * length


def test_numbers_keep_within_their_bounds() -> None:
    bounds = {"min_value": "1", "max_value": "50", "is_decimal_allowed": False}
    assert bounds.items() <= element("limit", "50").items()
    assert [element("limit", text).get("initial_value") for text in ("0", "1", "50", "51", "x", "")] == [
        *(None, "1", "50", None, None, None)
    ]


@pytest.mark.parametrize(("text", "picked"), [("on", "yes"), ("TRUE", "yes"), ("no", "no"), ("maybe", ""), (None, "")])
def test_yes_and_no_are_understood_in_every_way_they_can_be_typed(text: str | None, picked: str) -> None:
    assert text_in(state_of(element("empty", text))) == picked


@pytest.mark.parametrize(
    ("text", "kind", "back"),
    [
        ("C012AB", "conversations_select", "C012AB"),
        ("<#C012AB|news>", "conversations_select", "C012AB"),
        ("<#C012AB>", "conversations_select", "C012AB"),
        ("#news", "plain_text_input", "#news"),
    ],
)
def test_a_channel_is_shown_as_one_where_its_id_is_known(text: str, kind: str, back: str) -> None:
    assert element("channel", text)["type"] == kind
    assert text_in(state_of(element("channel", text))) == back


def test_a_pick_that_is_not_offered_is_not_made() -> None:
    assert "initial_option" not in select([("Yes", "yes")], "perhaps")


def test_files_are_sheets_and_one() -> None:
    assert element("file", verb="import") == {
        "type": "file_input",
        "filetypes": ["yaml", "yml", "txt"],
        "max_files": 1,
        "action_id": "file",
    }
