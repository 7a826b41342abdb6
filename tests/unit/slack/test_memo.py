"""Memos: what a view remembers, within what Slack keeps."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.platforms.slack.memo import Memo, memo_of

FULL = Memo(
    verb="edit",
    channel="C1",
    home=True,
    more=True,
    fixed={"subscription": "daily2"},
    changed=frozenset({"when", "what"}),
    url="https://hooks.slack.com/x",
)


def back(memo: Memo) -> Memo:
    return memo_of({"private_metadata": memo.written()})


def test_a_memo_comes_back() -> None:
    assert back(FULL) == FULL
    assert back(Memo()) == Memo()


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=9), st.text(max_size=1600), max_size=4),
    st.none() | st.text(max_size=3100),
    st.frozensets(st.text("abc", min_size=1, max_size=30), max_size=120),
)
def test_it_is_never_too_long(fixed: dict[str, str], url: str | None, changed: frozenset[str]) -> None:
    memo = Memo(verb="edit", channel="C1", fixed=fixed, url=url, changed=changed)
    assert len(memo.written()) <= 3000
    assert (back(memo).verb, back(memo).channel) == ("edit", "C1")


@pytest.mark.parametrize(("extra", "kept"), [(0, True), (1, False)])
def test_what_is_too_long_costs_the_url_first(extra: int, kept: bool) -> None:  # noqa: FBT001 - a row of a table
    room = 3000 - len(json.dumps({"v": "edit", "o": {"subscription": "daily2"}, "u": ""}, separators=(",", ":")))
    memo = Memo(verb="edit", fixed={"subscription": "daily2"}, url="u" * (room + extra))
    assert (back(memo).url is not None, back(memo).fixed) == (kept, {"subscription": "daily2"})


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "7", None])
def test_what_is_not_ours_is_no_memo(text: Any) -> None:  # noqa: ANN401 - whatever a view holds
    assert memo_of({"private_metadata": text}) == Memo()
    assert memo_of({}) == Memo()
