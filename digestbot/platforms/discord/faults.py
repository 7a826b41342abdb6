"""Faults: what Discord's answers, and their absence, mean for a delivery."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import aiohttp
import discord

from digestbot.errors import Closed, DeliveryError, Gone, MessageGone, Refused, TryLater, Unknown

UNKNOWN_MESSAGE: Final = 10008
UNKNOWN_CHANNEL: Final = 10003
ALREADY_CROSSPOSTED: Final = 40033
THREAD_ARCHIVED: Final = 50083
UNKNOWN_INTERACTION: Final = 10062
ALREADY_ACKNOWLEDGED: Final = 40060

_NEVER_AGAIN: Final[Mapping[int, str]] = {
    UNKNOWN_CHANNEL: "the channel is no more",
    10004: "the server is no more, or digestbot was removed from it",
    10013: "the member is no more",
    50007: "this member takes no direct messages from digestbot: they have to allow those of a server that both are in,"
    " and then follow again",
}
_LATER: Final[Mapping[int, str]] = {
    20016: "the channel is in slow mode",
    20028: "the channel takes no more messages for now",
    20029: "the server takes no more messages for now",
    30046: "Discord takes few edits of a message that is older than an hour",
    40004: "Discord has switched sending off for now",
    130000: "Discord is overloaded",
}
_CLOSED: Final[Mapping[int, str]] = {
    40067: "this forum asks for a tag, and none of its tags is named like a topic of the story: add such a tag, or let"
    " posts go without",
    50001: "digestbot cannot see the channel: give it the permission View Channel there; in a private thread, mention"
    " digestbot",
    50013: "digestbot misses a permission there: Edit Channel → Permissions shows which",
    THREAD_ARCHIVED: "the thread is archived and locked: unlock it, or give digestbot the permission Manage Threads",
    160005: "the thread is locked: unlock it, or give digestbot the permission Manage Threads",
    160006: "the server has as many active threads as Discord allows: archive some",
}
_POISON: Final[Mapping[int, str]] = {
    20022: "Discord takes no more edits of this published message",
    40058: "a forum takes posts only, not plain messages",
    50005: "the message is not ours to edit",
    50006: "Discord calls the message empty",
    50035: "Discord does not accept the message as it is",
    200000: "the server's AutoMod blocked it: let its rules spare digestbot",
    200001: "the server's AutoMod blocked its title: let its rules spare digestbot",
    240000: "Discord takes one of its links for harmful",
}
_PATIENCE: Final[Mapping[int, timedelta]] = {
    30046: timedelta(minutes=20),
}
_AN_UNUSUAL_WAIT: Final = timedelta(minutes=10)


class ServerFault(Exception):
    """Discord answered a write with 5xx: nobody knows what became of it."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"Discord answered {status}")


class Limited(Exception):
    """Discord answered 429: certainly not done. `code` is Discord's own, where the limit is of one message."""

    def __init__(self, wait: timedelta, code: int = 0) -> None:
        self.wait = wait
        self.code = code
        super().__init__(f"Discord asks to wait for {wait.total_seconds():.1f} s")


@contextmanager
def translated() -> Iterator[None]:
    """Whatever a request of the library raises becomes one of our `DeliveryError`s; ours pass as they are."""
    try:
        yield
    except DeliveryError:
        raise
    except discord.HTTPException as fault:
        raise meaning(fault) from fault
    except Limited as fault:
        raise _by_code(fault.code, str(fault), fault.wait) or TryLater(str(fault), fault.wait) from fault
    except discord.RateLimited as fault:
        raise TryLater.in_seconds("Discord's limit for this channel is reached", fault.retry_after) from fault
    except aiohttp.ClientConnectorError as fault:
        raise TryLater(f"Discord cannot be reached: {fault}") from fault
    except ServerFault as fault:
        raise Unknown(str(fault)) from fault
    except TimeoutError as fault:
        raise Unknown("Discord did not answer in time") from fault
    except (aiohttp.ClientError, OSError) as fault:
        raise Unknown(f"the connection to Discord broke: {str(fault) or type(fault).__name__}") from fault


def code_of(fault: DeliveryError) -> int | None:
    """Discord's own code behind one of our errors, where it gave one."""
    return fault.__cause__.code if isinstance(fault.__cause__, discord.HTTPException) else None


def meaning(fault: discord.HTTPException) -> DeliveryError:
    """By Discord's own code where there is one, else by the status (topics: opcodes and status codes)."""
    words = f"{fault.code}: {fault.text.splitlines()[0] if fault.text else fault.status}"
    return _by_code(fault.code, words) or _by_status(fault, words)


def _by_code(code: int, words: str, wait: timedelta | None = None) -> DeliveryError | None:
    if code == UNKNOWN_MESSAGE:
        return MessageGone("it was posted and then deleted")
    if code in _NEVER_AGAIN:
        return Gone(_NEVER_AGAIN[code])
    if code in _CLOSED:
        return Closed(_CLOSED[code], _AN_UNUSUAL_WAIT)
    if code in _LATER:
        return TryLater(_LATER[code], _PATIENCE.get(code, wait))
    return Refused(f"{_POISON[code]} ({words})") if code in _POISON else None


def _by_status(fault: discord.HTTPException, words: str) -> DeliveryError:
    match fault.status:
        case 401:
            return TryLater("Discord refuses the bot's token", _AN_UNUSUAL_WAIT)
        case 403 | 429:  # for a reason that we do not know, or by the shield in front of Discord
            return TryLater(f"Discord refuses it for now ({words})", _AN_UNUSUAL_WAIT)
        case 400 | 404 | 405 | 413 if not fault.code:  # not by Discord itself, so it decides nothing for good
            return TryLater(f"something before Discord refuses it ({fault.status})", _AN_UNUSUAL_WAIT)
        case 404:
            return Gone(f"Discord does not know the channel ({words})")
        case 400 | 405 | 413:
            return Refused(f"Discord does not accept the message ({words})")
        case _:
            return Unknown(f"Discord answered {fault.status}")
