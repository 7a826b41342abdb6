"""Welcome: what a person reads who installs digestbot, when it worked and when it did not."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from digestbot.ports import Installation

NOTHING: Final = "Nothing was installed."


@dataclass(frozen=True, slots=True)
class Page:
    """`done`: there is no reason to start again."""

    status: int
    title: str
    sentences: tuple[str, ...]
    done: bool = False


_UNREACHABLE: Final = Page(
    502, "Slack did not answer", ("Slack could not be asked for the token. Wait a minute, then start again.",)
)
_LATE: Final = Page(
    400, "This took too long", ("The link that you came back with was used before, or is older than ten minutes.",)
)
_FAILURES: Final[Mapping[str, Page]] = MappingProxyType(
    {
        "access_denied": Page(200, NOTHING, ("You did not allow digestbot into the workspace.",)),
        "invalid_browser": Page(
            400,
            "This browser did not begin it",
            ("It began in another browser or tab, or more than ten minutes ago, or this browser keeps no cookies.",),
        ),
        "invalid_state": _LATE,
        "missing_code": Page(400, NOTHING, ("Slack sent no code along.",)),
        "invalid_code": _LATE,
        "unreachable": _UNREACHABLE,
        "states_error": Page(
            503, "digestbot cannot install now", ("Its database did not answer. Wait a minute, then start again.",)
        ),
        "storage_error": Page(
            503,
            "The installation was not saved",
            ("Slack agreed, but digestbot could not save it. Wait a minute, then start again: nothing is lost by it.",),
        ),
    }
)


def failure(reason: str, unknown: int = 400) -> Page:
    """For a reason of Bolt's, of Slack's or of ours; anyone may write one in the address, so none is shown.

    `unknown` is the status for a reason that has no page of its own.
    """
    why = f"{NOTHING} The log of this digestbot says why: ask whoever runs it if it stays so."
    return _FAILURES.get(reason) or Page(unknown, "Slack refused", (why,))


def success(made: Installation) -> Page:
    where = made.name or "your workspace"
    if made.team is None:
        first = "An admin of the organisation now adds it to workspaces, in Slack's settings of the organisation."
        return Page(200, f"digestbot is in {where}", (first, "Then type /news help in any channel there."), done=True)
    sentences = (
        "Go back to Slack and type /news help in any channel.",
        "An admin types /news subscribe what:all in the channel that is to get the news.",
    )
    return Page(200, f"digestbot is in {where}", sentences, done=True)
