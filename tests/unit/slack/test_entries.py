"""Entries: what comes back from a form."""

from typing import Any

from digestbot.commands.verbs import BY_NAME
from digestbot.platforms.slack.entries import entries, file_in
from digestbot.platforms.slack.forms import form
from digestbot.platforms.slack.memo import Memo

EDIT = Memo(channel="C1", more=True, fixed={"subscription": "abc234"})
STANDS = {"when": "daily 09:00", "timezone": "UTC", "quiet": "22:00-07:00", "mention": "none", "limit": "20"}


def view(verb: str, filled: dict[str, str], memo: Memo, **state: dict[str, Any]) -> dict[str, Any]:
    values = {name.replace("__", "."): {name.replace("__", "."): value} for name, value in state.items()}
    return {**form(BY_NAME[verb], filled, memo), "state": {"values": values}}


def picked(value: str | None) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"value": value} if value else None}


def test_what_was_changed_is_told_from_what_stands() -> None:
    found = entries(view("edit", STANDS, EDIT, when=picked("instant"), limit={"type": "number_input", "value": "5"}))
    assert found.changed == {"when", "limit"}
    assert found.of(found.changed) == {"when": "instant", "limit": "5"}


def test_a_time_alone_changes_the_whole_of_when() -> None:
    found = entries(view("edit", STANDS, EDIT, when__at={"type": "timepicker", "selected_time": "07:15"}))
    assert found.of(found.changed) == {"when": "daily 07:15"}


def test_an_emptied_input_takes_away_what_can_be_taken_away() -> None:
    found = entries(view("edit", STANDS, EDIT, quiet=picked(None), timezone=picked(None)))
    assert found.changed == {"quiet", "timezone"}
    assert found.of(found.changed) == {"quiet": "none"}


def test_what_is_required_and_empty_is_a_fault() -> None:
    found = entries(view("subscribe", {}, Memo(channel="C1")))
    assert found.faults == {"what": "This is needed."}
    assert entries(view("subscribe", {"what": "all"}, Memo(channel="C1"))).faults == {}


def test_days_come_in_the_words_of_the_commands() -> None:
    days = {"type": "multi_static_select", "selected_options": [{"value": "mon"}, {"value": "thu"}]}
    found = entries(view("subscribe", {"what": "all"}, Memo(channel="C1"), when=picked("weekly"), when__days=days))
    assert found.now["when"] == "weekly mon,thu 09:00"


def test_a_file_counts_as_entered_and_is_no_text() -> None:
    files = {"type": "file_input", "files": [{"id": "F1", "url_private": "https://files.slack.com/x"}]}
    found = view("import", {}, Memo(), file=files)
    assert (entries(found).faults, entries(found).now) == ({}, {})
    assert file_in(found, "file") == {"id": "F1", "url_private": "https://files.slack.com/x"}
    assert file_in(view("import", {}, Memo(), file={**files, "files": ["F1"]}), "file") == {"id": "F1"}
    assert file_in(view("import", {}, Memo()), "file") is None
    assert entries(view("import", {}, Memo())).faults == {"file": "This is needed."}


def test_a_view_without_inputs_holds_nothing() -> None:
    assert entries({}).now == {}
