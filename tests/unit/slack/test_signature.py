"""Signatures: Slack's pass, everyone else's do not, and nothing that a stranger writes raises."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.platforms.slack.signature import fresh, genuine

NOON = datetime(2020, 10, 15, 12, tzinfo=UTC)
"""1602763200 seconds since 1970."""


@pytest.mark.parametrize(
    ("timestamp", "good"),
    [
        ("1602763200", True),
        ("1602762900", True),
        ("1602763500", True),
        ("1602762899", False),
        ("1602763501", False),
        ("0", False),
        ("-1602763200", False),
        (" 1602763200", False),
        ("1602763200.0", False),
        ("1.6e9", False),
        ("１６０２７６３２００", False),
        ("9" * 5000, False),
        ("", False),
        (None, False),
    ],
)
def test_a_time_is_good_for_five_minutes_both_ways(timestamp: str | None, good: bool) -> None:  # noqa: FBT001 - a column
    assert fresh(timestamp, NOON) is good


def test_the_example_of_slack_s_own_page_is_genuine() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    secret, timestamp = "8f742231b10e8888abcd99yyyzzz85a5", "1531420618"
    signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert genuine(secret, body, timestamp, signature)
    assert not genuine("another", body, timestamp, signature)
    assert not genuine(secret, body + b" ", timestamp, signature)
    assert not genuine(secret, body, "1531420619", signature)
    assert not genuine(secret, body, timestamp, signature.upper())


@given(st.binary(), st.text(), st.text())
def test_no_bytes_and_no_text_raise(body: bytes, timestamp: str, signature: str) -> None:
    assert not fresh(timestamp, NOON) or timestamp.isdigit()
    assert not genuine("secret", body, "1602763200", signature)
    assert not genuine("secret", body, "1602763200", "v0=\udcff")
