"""What the loopback Slack takes and refuses of what an element is filled with, and files that people upload."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.servers.slack import inputs
from tests.servers.slack.inputs import Unusable
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.views import check
from tests.unit.servers.slack_stage import Stage, error_of, open_stage

Part = dict[str, Any]


def plain(text: str = "x") -> Part:
    return {"type": "plain_text", "text": text}


def option(value: str = "v", text: str = "x") -> Part:
    return {"text": plain(text), "value": value}


def view(element: Part) -> Part:
    block = {"type": "input", "block_id": "b", "label": plain(), "element": {**element, "action_id": "a"}}
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": [block]}


NUMBER = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "10"}
SELECT = {"type": "static_select", "options": [option()]}


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (NUMBER, {"type": "number_input"}),
        ({**NUMBER, "initial_value": "10"}, {**NUMBER, "initial_value": "11"}),
        ({**NUMBER, "initial_value": "1"}, {**NUMBER, "initial_value": "0"}),
        (NUMBER, {**NUMBER, "min_value": 1}),
        ({"type": "timepicker", "initial_time": "23:59"}, {"type": "timepicker", "initial_time": "24:00"}),
        ({"type": "file_input", "max_files": 1}, {"type": "file_input", "max_files": 0}),
        ({"type": "file_input", "max_files": 10}, {"type": "file_input", "max_files": 11}),
        ({"type": "file_input", "filetypes": ["yaml"]}, {"type": "file_input", "filetypes": [".yaml"]}),
        ({**SELECT, "initial_option": option()}, {**SELECT, "initial_option": option(text="y")}),
        (
            {"type": "external_select", "initial_option": option("v" * 150)},
            {"type": "external_select", "initial_option": option("v" * 151)},
        ),
        (
            {"type": "multi_external_select", "initial_options": [option(text="x" * 75)]},
            {"type": "multi_external_select", "initial_options": [option(text="x" * 76)]},
        ),
        ({"type": "multi_external_select"}, {"type": "multi_external_select", "initial_options": []}),
        (
            {"type": "static_select", "option_groups": [{"label": plain("x" * 75), "options": [option()] * 100}]},
            {"type": "static_select", "option_groups": [{"label": plain("x" * 76), "options": [option()]}]},
        ),
        (
            {"type": "static_select", "option_groups": [{"label": plain(), "options": [option("v" * 150)]}]},
            {"type": "static_select", "option_groups": [{"label": plain(), "options": [option("v" * 151)]}]},
        ),
        (
            {"type": "static_select", "option_groups": [{"label": plain(), "options": [option()]}]},
            {"type": "static_select", "option_groups": [{"label": plain(), "options": [option()] * 101}]},
        ),
        (
            {"type": "conversations_select", "initial_conversation": "C1", "filter": {"include": ["public"]}},
            {"type": "conversations_select", "initial_conversation": "#news"},
        ),
        ({"type": "conversations_select"}, {"type": "conversations_select", "filter": {"include": ["channels"]}}),
        ({"type": "plain_text_input"}, {"type": "plain_text_input", "initial_value": ""}),
    ],
)
def test_what_a_person_could_not_enter_is_no_preset(good: Part, bad: Part) -> None:
    check(view(good), "modal")
    with pytest.raises(Refusal, match="invalid_arguments"):
        check(view(bad), "modal")


@pytest.mark.parametrize(("key", "most"), [("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)])
def test_a_question_before_a_press_has_its_edges(key: str, most: int) -> None:
    def asking(length: int) -> Part:
        confirm = {each: plain() for each in ("title", "text", "confirm", "deny")} | {key: plain("x" * length)}
        button = {"type": "button", "text": plain(), "confirm": confirm}
        return {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}

    check(asking(most), "home")
    for length in (0, most + 1):
        with pytest.raises(Refusal, match="invalid_arguments"):
            check(asking(length), "home")


def test_a_number_out_of_bounds_cannot_be_entered() -> None:
    element = {**NUMBER, "action_id": "a"}
    assert inputs.value_of(element, "10") == {"type": "number_input", "value": "10"}
    for text in ("11", "0", "ten"):
        with pytest.raises(Unusable):
            inputs.value_of(element, text)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as stage:
        yield stage


async def test_an_uploaded_file_is_given_to_the_workspace_s_token_alone(stage: Stage) -> None:
    other = stage.slack.workspace("Other")
    file = stage.slack.attach(stage.team, "s.yaml", b"here")
    assert (await stage.client.files_info(file=file["id"]))["file"] == file
    session = stage.client.session
    assert session
    for token, status in ((stage.team.bot_token, 200), (other.bot_token, 302), ("xoxb-none", 302)):
        headers = {"Authorization": f"Bearer {token}"}
        async with session.get(file["url_private"], headers=headers, allow_redirects=False) as answer:
            assert answer.status == status
    with pytest.raises(SlackApiError) as raised:
        await stage.client.files_info(file=file["id"], token=other.bot_token)
    assert error_of(raised) == "file_not_found"
    stage.team.scopes.discard("files:read")
    with pytest.raises(SlackApiError) as raised:
        await stage.client.files_info(file=file["id"])
    assert error_of(raised) == "missing_scope"
