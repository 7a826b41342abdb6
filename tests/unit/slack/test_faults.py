"""Faults: each answer of Slack's has one meaning for a delivery."""

from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from slack_sdk.errors import SlackApiError

from digestbot.errors import Busy, Closed, DeliveryError, Gone, MessageGone, Refused, TryLater, Unknown
from digestbot.platforms.slack.faults import DEAD, UNWANTED, Limited, code_of, meaning, translated, wait_of

KEY = ConnectionKey("slack.com", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)


@dataclass
class Answer:
    """As much of a response as the library's exception carries."""

    data: object
    status_code: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Raw:
    """What the library gives of an answer that it could not read."""

    status: int


def answered(error: str, status: int = 200, **more: object) -> SlackApiError:
    return unread(Answer({"ok": False, "error": error, **more}, status))


def unread(response: object) -> SlackApiError:
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]  # the library's


CODES = [
    ("channel_not_found", Gone),
    ("message_not_found", MessageGone),
    ("thread_not_found", MessageGone),
    ("user_not_found", Gone),
    ("is_archived", Closed),
    ("not_in_channel", Closed),
    ("restricted_action_read_only_channel", Closed),
    ("ekm_access_denied", Closed),
    ("messages_tab_disabled", Closed),
    ("missing_scope", TryLater),
    ("account_inactive", TryLater),
    ("token_revoked", TryLater),
    ("invalid_auth", TryLater),
    ("service_unavailable", TryLater),
    ("request_timeout", TryLater),
    ("team_added_to_org", TryLater),
    ("message_limit_exceeded", TryLater),
    ("a_word_of_next_year", TryLater),
    ("invalid_blocks", Refused),
    ("msg_blocks_too_long", Refused),
    ("no_text", Refused),
    ("metadata_too_large", Refused),
    ("edit_window_closed", Refused),
    ("cant_update_message", Refused),
    ("slack_connect_file_link_sharing_blocked", Refused),
    ("ratelimited", Limited),
    ("rate_limited", Limited),
    ("fatal_error", Unknown),
    ("internal_error", Unknown),
    ("duplicate_message_not_found", Unknown),
]


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_each_word_of_slacks_has_one_meaning(code: str, kind: type[DeliveryError]) -> None:
    assert type(meaning(answered(code))) is kind


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (Answer({}, 429), Limited),
        (Answer({}, 500), Unknown),
        (Answer({"ok": False, "error": "invalid_blocks"}, 503), Unknown),
        (Answer({}, 200), Unknown),
        (Raw(200), Unknown),
        (Raw(502), Unknown),
        (Answer({}, 403), TryLater),
        (Answer(b"page", 404), TryLater),
        (Raw(401), TryLater),
    ],
)
def test_what_slack_did_not_say_is_told_by_the_status(response: object, kind: type[DeliveryError]) -> None:
    assert type(meaning(unread(response))) is kind


def test_what_is_dead_is_unwanted_too() -> None:
    assert DEAD < UNWANTED


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("1.5", timedelta(seconds=1.5)),
        ("0", timedelta(0)),
        ("", timedelta(seconds=30)),
        ("soon", timedelta(seconds=30)),
        ("-5", timedelta(seconds=30)),
        ("nan", timedelta(seconds=30)),
        ("inf", timedelta(seconds=30)),
        ("99999999999999999999", timedelta(seconds=30)),
        ("3600", timedelta(hours=1)),
    ],
)
def test_the_wait_that_slack_asks_for_is_read_whatever_stands_there(header: str, wait: timedelta) -> None:
    assert wait_of({"Retry-After": header}) == wait


def test_a_limit_without_a_wait_is_half_a_minute() -> None:
    fault = meaning(unread(Answer({}, 429)))
    assert isinstance(fault, TryLater)
    assert fault.after == timedelta(seconds=30)
    assert not isinstance(fault, Busy)


def test_the_scope_that_is_missing_is_named() -> None:
    fault = meaning(answered("missing_scope", needed="channels:history"))
    assert str(fault) == (
        "digestbot lacks a scope: an admin of the workspace has to install digestbot again: channels:history"
    )


def test_slacks_own_word_can_be_asked_for() -> None:
    with pytest.raises(Gone) as caught, translated():
        raise answered("channel_not_found")
    assert code_of(caught.value) == "channel_not_found"
    assert code_of(Gone("of our own")) is None


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (aiohttp.ClientConnectorError(KEY, OSError()), TryLater),
        (TimeoutError(), Unknown),
        (aiohttp.ServerDisconnectedError(), Unknown),
        (aiohttp.ClientPayloadError("half"), Unknown),
        (ConnectionResetError(), Unknown),
        (Refused("ours"), Refused),
    ],
)
def test_what_happens_to_the_connection_is_a_doubt_only_after_it_stood(
    fault: Exception, kind: type[DeliveryError]
) -> None:
    with pytest.raises(kind), translated():
        raise fault
