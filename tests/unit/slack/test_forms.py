"""Forms and the menu: what stands where, and that Slack takes whatever stands in them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.commands.verbs import BY_NAME, PAGE, VERBS
from digestbot.domain.command import Verb
from digestbot.platforms.slack.entries import entries
from digestbot.platforms.slack.forms import MOST_BLOCKS, asks, behind, form, lacks, menu
from digestbot.platforms.slack.memo import Memo
from tests.servers.slack.views import check
from tests.unit.slack.test_inputs import TEXTS, options

HERE = Memo(channel="C1")
NAMES = st.text("abcdefghij", min_size=1, max_size=9)
SECTION: dict[str, Any] = {"type": "section", "text": {"type": "plain_text", "text": "x"}}


def ids(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


@given(st.data(), st.sampled_from(VERBS), st.booleans(), st.sampled_from(["", "C1", "D1"]), st.integers(0, 120))
def test_slack_takes_every_form_of_ours(
    data: st.DataObject,
    verb: Verb,
    more: bool,  # noqa: FBT001 - given by hypothesis
    channel: str,
    notices: int,
) -> None:
    filled = data.draw(st.dictionaries(st.sampled_from([each.name for each in (*verb.options, PAGE)]), TEXTS))
    fixed = data.draw(st.sampled_from([{}, {"subscription": "abc234"}]))
    memo = Memo(verb=verb.name, channel=channel, fixed=fixed, more=more)
    view = form(verb, filled, memo, [SECTION] * notices)
    check(view, "modal")
    assert len(view["blocks"]) <= MOST_BLOCKS


@given(st.lists(options(NAMES), unique_by=lambda option: option.name, max_size=25), TEXTS, TEXTS.filter(str.strip))
def test_slack_takes_every_form_and_menu_there_could_be(given_options: list[Any], summary: str, name: str) -> None:
    verb = Verb(name=name, summary=summary, options=tuple(given_options))
    check(form(verb, {option.name: summary for option in given_options}, HERE), "modal")
    check(menu([verb, *VERBS], HERE), "modal")
    check(menu([], HERE), "modal")


def test_subscribe_asks_first_for_what_everybody_wants_to_say() -> None:
    view = form(BY_NAME["subscribe"], {}, HERE)
    assert ids(view) == [
        *("what", "when", "when.at", "when.days", "when.text", "channel", "timezone", "spoilers", "mention")
    ]
    assert view["blocks"][-1]["elements"][0]["text"]["text"] == "More options"
    assert [block["block_id"] for block in view["blocks"] if block["type"] == "input" and not block["optional"]] == [
        *("what", "when")
    ]


def test_more_options_are_all_there_are_and_the_first_stay_first() -> None:
    few, all_ = form(BY_NAME["subscribe"], {}, HERE), form(BY_NAME["subscribe"], {}, Memo(channel="C1", more=True))
    assert ids(all_)[: len(ids(few))] == ids(few)
    assert set(ids(all_)) - set(ids(few)) == behind(BY_NAME["subscribe"])
    assert "More options" not in str(all_)


def test_neither_sharing_nor_pages_are_offered() -> None:
    for verb in VERBS:
        assert not {"share", "page"} & set(ids(form(verb, {}, Memo(channel="C1", more=True))))


def test_edit_asks_which_before_it_asks_what() -> None:
    edit = BY_NAME["edit"]
    assert ids(form(edit, {}, HERE)) == ["subscription"]
    known = Memo(channel="C1", fixed={"subscription": "abc234"})
    assert ids(form(edit, {}, known))[:2] == ["what", "when"]
    assert "subscription" not in ids(form(edit, {}, known))


@pytest.mark.parametrize(("channel", "there", "optional"), [("C1", True, True), ("", True, False), ("D1", False, None)])
def test_a_channel_is_asked_for_where_there_is_a_choice(channel: str, there: bool, optional: bool | None) -> None:  # noqa: FBT001 - a row of a table
    view = form(BY_NAME["subscribe"], {}, Memo(channel=channel))
    found = [block for block in view["blocks"] if block.get("block_id") == "channel"]
    assert bool(found) == there
    assert [block["optional"] for block in found] == ([optional] if there else [])


def test_only_a_new_subscription_begins_with_the_present_channel() -> None:
    def current(verb: str, **fixed: str) -> object:
        view = form(BY_NAME[verb], {}, Memo(channel="C1", fixed=fixed))
        (block,) = (block for block in view["blocks"] if block.get("block_id") == "channel")
        return block["element"].get("default_to_current_conversation")

    assert [current("subscribe"), current("why"), current("subscriptions"), current("edit", subscription="x")] == [
        *(True, True, False, False)
    ]


def test_what_stands_in_a_form_is_what_would_be_asked() -> None:
    filled = {"what": "topic:music, -topic:film", "when": "daily 07:30", "timezone": "Europe/Paris", "limit": "7"}
    view = form(BY_NAME["subscribe"], filled, Memo(channel="C1", more=True))
    assert entries(view).now == filled
    assert entries(view).changed == frozenset()


def test_a_line_lacks_what_is_required_and_blank() -> None:
    assert lacks(BY_NAME["subscribe"], {"when": "instant"})
    assert lacks(BY_NAME["follow"], {"event": " "})
    assert not lacks(BY_NAME["subscribe"], {"what": "all"})
    assert not lacks(BY_NAME["edit"], {})


def test_forms_that_ask_for_nothing_are_not_shown() -> None:
    silent = {verb.name for verb in VERBS if not asks(verb)}
    assert silent == {"upcoming", "status", "export", "privacy", "home"}


def test_the_menu_has_no_hidden_verbs() -> None:
    values = [
        option["value"]
        for group in menu(VERBS, HERE)["blocks"][0]["accessory"]["option_groups"]
        for option in group["options"]
    ]
    assert values == [verb.name for verb in (*_of(admin=False), *_of(admin=True))]


def _of(*, admin: bool) -> list[Verb]:
    return [verb for verb in VERBS if not verb.hidden and verb.admin == admin]
