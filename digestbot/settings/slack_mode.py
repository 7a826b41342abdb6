"""Slack's mode: which settings belong together, and what is to be said of those that do not."""

from collections.abc import Collection
from typing import Final

from digestbot.settings.environment import variable

_BOT: Final = "slack.bot_token"
_APP: Final = "slack.app_token"
_SIGNING: Final = "slack.signing_secret"
_ID: Final = "slack.client_id"
_SECRET: Final = "slack.client_secret"  # noqa: S105 - the name of a setting
_KEYS: Final = "slack.encryption_keys"
_OAUTH: Final = {
    _ID: "OAuth needs the app's id and its secret",
    _SECRET: "OAuth needs the app's id and its secret",
    _SIGNING: "it tells Slack's requests from everybody else's",
    _KEYS: "workspaces' tokens are stored encrypted with it; `digestbot doctor --new-key` makes one",
    "web.public_url": "Slack and browsers come to that address",
}
"""Everything that OAuth needs, and why."""


def faults(there: Collection[str]) -> list[tuple[str, str]]:
    """Of the settings that are `there`: a key to blame and a sentence that says what to set, for each that is missing.

    None of them, or a whole set, is no fault. An app-level token means Socket Mode, which passes over a signing
    secret; encryption keys may stay where one workspace's token is used.
    """
    one = [key for key in (_BOT, _APP) if key in there]
    many = [key for key in (_ID, _SECRET, _KEYS) if key in there and not (one and key == _KEYS)]
    if one and many:
        return [(one[0], f"this is for one workspace and {variable(many[0])} for many: take one of the two away")]
    if many:
        return [(many[0], f"set {variable(key)} too: {why}") for key, why in _OAUTH.items() if key not in there]
    return _of_one_workspace(there)


def _of_one_workspace(there: Collection[str]) -> list[tuple[str, str]]:
    if _BOT in there and _APP not in there and _SIGNING not in there:
        return [(_BOT, f"set {variable(_APP)} too for Socket Mode, or {variable(_SIGNING)} for requests over HTTP")]
    if _APP in there and _BOT not in there:
        return [(_APP, f"set {variable(_BOT)} too: Socket Mode needs both tokens")]
    if _SIGNING in there and _BOT not in there:
        return [(_SIGNING, f"set {variable(_BOT)} too for one workspace, or {variable(_ID)} for many by OAuth")]
    return []
