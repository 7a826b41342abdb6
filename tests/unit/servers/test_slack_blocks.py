"""Each limit of Block Kit at its edge: the last that the loopback Slack takes, and the first that it refuses."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.servers.slack.blocks import check_message, option_faults
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.views import check

Block = dict[str, Any]


def plain(length: int) -> Block:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> Block:
    return {"type": "mrkdwn", "text": "x" * length}


def button(**more: Any) -> Block:  # noqa: ANN401 - any key of a button
    return {"type": "button", "text": plain(1), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def table(rows: int, cells: int = 1, length: int = 1) -> Block:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * length}] * cells for _ in range(rows)]}


def url(length: int) -> str:
    return "https://a.test/".ljust(length, "x")


def option(length: int, value: int = 1) -> Block:
    return {"text": plain(length), "value": "v" * value}


def select(count: int) -> Block:
    return {"type": "static_select", "options": [option(1)] * count}


EDGES: list[tuple[str, int, Callable[[int], Block]]] = [
    ("block_id", 255, lambda n: {"type": "divider", "block_id": "b" * n}),
    ("section text", 3000, lambda n: {"type": "section", "text": mrkdwn(n)}),
    ("section fields", 10, lambda n: {"type": "section", "fields": [plain(1)] * n}),
    ("section field", 2000, lambda n: {"type": "section", "fields": [mrkdwn(n)]}),
    ("header", 150, lambda n: {"type": "header", "text": plain(n)}),
    ("context elements", 10, lambda n: {"type": "context", "elements": [mrkdwn(1)] * n}),
    ("actions elements", 25, lambda n: actions(*[button()] * n)),
    ("image url", 3000, lambda n: {"type": "image", "image_url": url(n), "alt_text": "a"}),
    ("image alt", 2000, lambda n: {"type": "image", "image_url": url(20), "alt_text": "a" * n}),
    ("image title", 2000, lambda n: {"type": "image", "image_url": url(20), "alt_text": "a", "title": plain(n)}),
    ("markdown", 12_000, lambda n: {"type": "markdown", "text": "x" * n}),
    ("button text", 75, lambda n: actions(button(text=plain(n)))),
    ("button value", 2000, lambda n: actions(button(value="v" * n))),
    ("button url", 3000, lambda n: actions(button(url=url(n)))),
    ("button action_id", 255, lambda n: actions(button(action_id="a" * n))),
    ("option text", 75, lambda n: actions({"type": "static_select", "options": [option(n)]})),
    ("option value", 150, lambda n: actions({"type": "static_select", "options": [option(1, n)]})),
    ("select options", 100, lambda n: actions(select(n))),
    ("overflow options", 5, lambda n: actions({"type": "overflow", "options": [option(1)] * n})),
    ("table rows", 100, table),
    ("table cells", 20, lambda n: table(1, n)),
    ("card body", 200, lambda n: {"type": "card", "body": plain(n)}),
    ("carousel cards", 10, lambda n: {"type": "carousel", "elements": [{"type": "card", "body": plain(1)}] * n}),
    ("container blocks", 10, lambda n: {"type": "container", "child_blocks": [{"type": "divider"}] * n}),
]


@pytest.mark.parametrize(("name", "most", "make"), EDGES, ids=[name for name, _, _ in EDGES])
def test_the_last_is_taken_and_the_next_refused(name: str, most: int, make: Callable[[int], Block]) -> None:
    check_message([make(most)])
    with pytest.raises(Refusal) as raised:
        check_message([make(most + 1)])
    assert (name, raised.value.error) == (name, "invalid_blocks")


WRONG: dict[str, Block] = {
    "an unknown block": {"type": "poem"},
    "an unknown key": {"type": "divider", "colour": "red"},
    "an empty section": {"type": "section"},
    "an empty text": {"type": "section", "text": plain(0)},
    "an empty rich text element": rich({"type": "text", "text": ""}),
    "a mrkdwn button": actions(button(text=mrkdwn(1))),
    "a link that runs": rich({"type": "link", "url": "javascript:alert(1)"}),
    "a button that runs": actions(button(url="javascript:alert(1)")),
    "a picture without alt": {"type": "image", "image_url": url(20)},
    "a block within a section": {"type": "section", "text": plain(1), "accessory": {"type": "divider"}},
    "an input among actions": actions({"type": "plain_text_input", "action_id": "a"}),
    "a strange style": actions(button(style="loud")),
    "one action_id twice": actions(button(action_id="a"), button(action_id="a")),
    "a select without options": actions({"type": "static_select"}),
    "a list of texts": {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [{"type": "text", "text": "x"}]}],
    },
    "tables of 10,001 characters": table(11, 1, 910),
}


@pytest.mark.parametrize("block", WRONG.values(), ids=WRONG.keys())
def test_what_is_no_block_of_slacks_is_refused(block: Block) -> None:
    with pytest.raises(Refusal) as raised:
        check_message([block])
    assert raised.value.error == "invalid_blocks"


def test_a_refusal_says_where() -> None:
    with pytest.raises(Refusal) as raised:
        check_message([{"type": "divider"}, {"type": "header", "text": plain(151)}])
    assert raised.value.answer() == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": ["must be less than 151 characters [json-pointer:/blocks/1/text/text]"],
        "response_metadata": {
            "messages": ["[ERROR] must be less than 151 characters [json-pointer:/blocks/1/text/text]"]
        },
    }


def test_a_whole_message_holds_13_200_characters() -> None:
    check_message([{"type": "section", "text": mrkdwn(2640)}] * 5)
    with pytest.raises(Refusal) as raised:
        check_message([{"type": "section", "text": mrkdwn(2641)}] * 5)
    assert raised.value.error == "msg_blocks_too_long"


def test_a_hundred_suggestions_and_no_more() -> None:
    assert option_faults([option(75)] * 100) == []
    assert option_faults([option(75)] * 101) == ["no more than 100 items allowed [json-pointer:/options]"]
    assert option_faults([option(76)]) == ["must be less than 76 characters [json-pointer:/options/0/text/text]"]


@pytest.mark.parametrize(
    ("key", "most", "make"),
    [
        ("title", 24, plain),
        ("submit", 24, plain),
        ("close", 24, plain),
        ("private_metadata", 3000, lambda n: "x" * n),
        ("callback_id", 255, lambda n: "x" * n),
        ("blocks", 100, lambda n: [{"type": "divider"}] * n),
    ],
)
def test_views_have_edges_too(key: str, most: int, make: Callable[[int], Any]) -> None:
    view = {"type": "modal", "title": plain(1), "blocks": []}
    check({**view, key: make(most)}, "modal")
    with pytest.raises(Refusal) as raised:
        check({**view, key: make(most + 1)}, "modal")
    assert raised.value.error == "invalid_arguments"


def test_inputs_need_a_button_to_submit_them() -> None:
    block = {"type": "input", "label": plain(1), "element": {"type": "plain_text_input", "action_id": "a"}}
    view = {"type": "modal", "title": plain(1), "blocks": [block]}
    check({**view, "submit": plain(4)}, "modal")
    with pytest.raises(Refusal):
        check(view, "modal")
