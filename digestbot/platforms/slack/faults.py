"""Faults: what Slack's answers, and their absence, mean for a delivery."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from digestbot.errors import Closed, DeliveryError, Gone, MessageGone, Refused, TryLater, Unknown

NOT_IN_CHANNEL: Final = "not_in_channel"
NO_SUCH_CHANNEL: Final = "channel_not_found"
MISSING_SCOPE: Final = "missing_scope"

DEAD: Final = frozenset({"account_inactive", "token_revoked"})
"""The app was removed from the workspace, or its token taken back."""

UNWANTED: Final = DEAD | {
    "app_access_restricted",
    "enterprise_is_restricted",
    "invalid_auth",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "token_expired",
    "two_factor_setup_required",
}
"""Nothing that is asked with this token is answered."""

_RENEW: Final = "an admin of the workspace has to install digestbot again"
_NEVER_AGAIN: Final[Mapping[str, str]] = {
    NO_SUCH_CHANNEL: "the channel is no more, or it is private and digestbot is not in it: `/invite` it there",
    "user_not_found": "the member is no more",
    "user_disabled": "the member's account is switched off",
    "user_not_visible": "digestbot cannot write to this member",
    "cannot_dm_bot": "this member is an app",
}
_MESSAGE_GONE: Final[Mapping[str, str]] = {
    "message_not_found": "it was posted and then deleted",
    "thread_not_found": "the message that the thread hung from was deleted",
}
_CLOSED: Final[Mapping[str, str]] = {
    NOT_IN_CHANNEL: "digestbot is not in the channel: `/invite` it there",
    "is_archived": "the channel is archived",
    "restricted_action": "the workspace does not let digestbot post there: its admin decides who may",
    "restricted_action_read_only_channel": "the channel is read-only: let digestbot post in its settings",
    "restricted_action_thread_only_channel": "only threads may be written to there",
    "restricted_action_non_threadable_channel": "the channel takes no threads: `/news edit style:default`",
    "restricted_action_thread_locked": "the thread is locked",
    "ekm_access_denied": "the workspace's admin has suspended posting there",
    "messages_tab_disabled": "the app takes no direct messages: App Home → Messages Tab switches them on",
}
_LATER: Final[Mapping[str, str]] = {
    MISSING_SCOPE: f"digestbot lacks a scope: {_RENEW}",
    "not_allowed_token_type": f"digestbot has the wrong kind of token: {_RENEW}",
    "no_permission": f"digestbot lacks a permission: {_RENEW}",
    "message_limit_exceeded": "the workspace has sent as many messages as its plan allows",
    "service_unavailable": "Slack is not available",
    "team_added_to_org": "the workspace is being moved into an organisation",
    "request_timeout": "the message did not reach Slack whole",
}
_POISON: Final[Mapping[str, str]] = {
    "cant_update_message": "the message is not ours to edit",
    "edit_window_closed": "the workspace does not let messages of this age be edited",
    "invalid_arguments": "Slack does not accept the message as it is",
    "invalid_blocks": "Slack does not accept the message as it is",
    "invalid_blocks_format": "Slack does not accept the message as it is",
    "invalid_metadata_format": "Slack does not accept the message's metadata",
    "invalid_metadata_schema": "Slack does not accept the message's metadata",
    "markdown_text_conflict": "Slack does not accept the message as it is",
    "metadata_must_be_sent_from_app": "Slack does not accept the message's metadata",
    "metadata_too_large": "Slack does not accept the message's metadata",
    "msg_blocks_too_long": "the message is too long for Slack",
    "msg_too_long": "the message is too long for Slack",
    "no_text": "Slack calls the message empty",
    "slack_connect_blocked_file_type": "a shared channel does not take it",
    "slack_connect_file_link_sharing_blocked": "a shared channel does not take it",
    "too_many_attachments": "Slack does not accept the message as it is",
}
_HALF_DONE: Final = ("fatal_error", "internal_error", "duplicate_")
"""“Some aspect of the operation succeeded” (chat.postMessage): nobody knows which."""

_LIMITED: Final = frozenset({"ratelimited", "rate_limited"})
_AN_UNUSUAL_WAIT: Final = timedelta(minutes=10)
SOON: Final = timedelta(seconds=30)
_LONGEST_WAIT: Final = timedelta(days=1)
_TOO_MANY: Final = 429
_OK: Final = 200
_SERVER_ERROR: Final = 500


class Limited(TryLater):
    """Slack answered 429: certainly not done, and not to be asked again before `after`."""


@contextmanager
def translated() -> Iterator[None]:
    """Whatever a call of the library raises becomes one of our `DeliveryError`s; ours pass as they are."""
    try:
        yield
    except DeliveryError:
        raise
    except SlackApiError as fault:
        raise meaning(fault) from fault
    except aiohttp.ClientConnectorError as fault:
        raise TryLater(f"Slack cannot be reached: {fault}") from fault
    except TimeoutError as fault:
        raise Unknown("Slack did not answer in time") from fault
    except (aiohttp.ClientError, OSError) as fault:
        raise Unknown(f"the connection to Slack broke: {str(fault) or type(fault).__name__}") from fault


def code_of(fault: DeliveryError) -> str | None:
    """Slack's own word behind one of our errors, where it gave one."""
    return _code(fault.__cause__) if isinstance(fault.__cause__, SlackApiError) else None


def wait_of(headers: Mapping[str, str]) -> timedelta:
    """`Retry-After`, whatever somebody on the way made of it: half a minute if it is no number, at most a day."""
    try:
        seconds = float(headers.get("Retry-After", ""))
    except ValueError:
        return SOON
    return min(timedelta(seconds=seconds), _LONGEST_WAIT) if 0 <= seconds < _LONGEST_WAIT.total_seconds() else SOON


def meaning(fault: SlackApiError) -> DeliveryError:
    """By Slack's own word where there is one (`ok: false` comes with HTTP 200), else by the status."""
    status, code = _status(fault), _code(fault)
    if status == _TOO_MANY or code in _LIMITED:
        wait = wait_of(getattr(fault.response, "headers", {}))
        return Limited(f"Slack asks to wait for {wait.total_seconds():.0f} s", wait)
    if status >= _SERVER_ERROR or (status == _OK and code is None) or (code or "").startswith(_HALF_DONE):
        return Unknown(f"Slack answered {code or status}")
    if code is None:
        return TryLater(f"something before Slack refuses it ({status})", _AN_UNUSUAL_WAIT)
    return _by_code(code, _needed(fault))


def _by_code(code: str, needed: str) -> DeliveryError:
    if code in _NEVER_AGAIN:
        return Gone(_NEVER_AGAIN[code])
    if code in _MESSAGE_GONE:
        return MessageGone(_MESSAGE_GONE[code])
    if code in _CLOSED:
        return Closed(_CLOSED[code], _AN_UNUSUAL_WAIT)
    if code in _POISON:
        return Refused(f"{_POISON[code]} ({code}{needed})")
    if code in UNWANTED:
        return TryLater(f"Slack refuses digestbot's token ({code}): {_RENEW}", _AN_UNUSUAL_WAIT)
    known = _LATER.get(code)
    return TryLater(f"{known}{needed}" if known else f"Slack refuses it for now ({code})", _AN_UNUSUAL_WAIT)


def _code(fault: BaseException | None) -> str | None:
    """Slack's answers are objects; what answers in its place (a page, a proxy) may be anything."""
    data: Any = getattr(getattr(fault, "response", None), "data", None)
    error = data.get("error") if isinstance(data, dict) else None
    return str(error) if error else None


def _status(fault: SlackApiError) -> int:
    """The library gives its own response, or the one of aiohttp where the body could not be read."""
    response: Any = fault.response
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or _OK)


def _needed(fault: SlackApiError) -> str:
    """Which scope, or what about the arguments, where Slack says so."""
    data: Any = getattr(fault.response, "data", None)
    if not isinstance(data, dict):
        return ""
    told = data.get("needed") or "; ".join(map(str, (data.get("response_metadata") or {}).get("messages", [])[:3]))
    return f": {told}" if told else ""
