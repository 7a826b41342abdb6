"""Envelopes: Slack's two forms of a body become one object, and nothing else does."""

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.platforms.slack.envelope import FORM, JSON, Unreadable, opened


@pytest.mark.parametrize(
    ("raw", "content_type", "body"),
    [
        (b'{"type": "event_callback", "event_id": "Ev1"}', JSON, {"type": "event_callback", "event_id": "Ev1"}),
        (b"command=%2Fnews&text=&team_id=T1", FORM, {"command": "/news", "text": "", "team_id": "T1"}),
        ("command=%2Fnews&text=caf%C3%A9+é".encode(), FORM, {"command": "/news", "text": "café é"}),
        (b"command=%2Fnews&text=search+payload", FORM, {"command": "/news", "text": "search payload"}),
        (urlencode({"payload": '{"type": "shortcut"}'}).encode(), FORM, {"type": "shortcut"}),
    ],
)
def test_both_forms_become_one_object(raw: bytes, content_type: str, body: dict[str, Any]) -> None:
    assert opened(raw, content_type) == body


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (b"", JSON),
        (b"", FORM),
        (b"{}", JSON),
        (b"\xff\xfe", FORM),
        (b'{"a": "\xff"}', JSON),
        (b"text=%FF", FORM),
        (b'{"type": ', JSON),
        (b"[1, 2]", JSON),
        (b'"text"', JSON),
        (b"[" * 100_000, JSON),
        (b'{"a":' * 100_000, JSON),
        (b"payload=" + b"%5B" * 100_000, FORM),
        (b"payload=%5B1%5D", FORM),
        (b"payload=null", FORM),
        (b"payload=", FORM),
        (b'{"a": ' + b"9" * 5000 + b"}", JSON),
        (b"a&" * 1000, FORM),
    ],
)
def test_nothing_else_is_opened(raw: bytes, content_type: str) -> None:
    with pytest.raises(Unreadable):
        opened(raw, content_type)


@given(st.binary(), st.sampled_from([JSON, FORM]))
def test_any_bytes_are_an_object_or_unreadable(raw: bytes, content_type: str) -> None:
    try:
        body = opened(raw, content_type)
    except Unreadable:
        return
    assert body
