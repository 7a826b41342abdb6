"""Faults: each answer of Discord's has one meaning for a delivery."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import aiohttp
import discord
import pytest
from aiohttp.client_reqrep import ConnectionKey

from digestbot.errors import Closed, DeliveryError, Gone, MessageGone, Refused, TryLater, Unknown
from digestbot.platforms.discord.faults import Limited, ServerFault, code_of, meaning, translated


@dataclass
class Answer:
    """As much of a response as the library's exceptions read."""

    status: int
    reason: str = ""


def answered(status: int, code: int = 0, text: str = "words") -> discord.HTTPException:
    response = cast(aiohttp.ClientResponse, Answer(status))
    return discord.HTTPException(response, {"code": code, "message": text})


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, 10003, Gone),
        (404, 10004, Gone),
        (404, 10008, MessageGone),
        (403, 50007, Gone),
        (404, 0, TryLater),
        (404, 99999, Gone),
        (403, 50013, Closed),
        (403, 50001, Closed),
        (403, 30046, TryLater),
        (400, 40067, Closed),
        (403, 160005, Closed),
        (403, 160006, Closed),
        (400, 20016, TryLater),
        (403, 20028, TryLater),
        (403, 40004, TryLater),
        (503, 130000, TryLater),
        (401, 0, TryLater),
        (403, 0, TryLater),
        (429, 0, TryLater),
        (400, 50035, Refused),
        (400, 50006, Refused),
        (400, 40058, Refused),
        (400, 20022, Refused),
        (400, 200000, Refused),
        (400, 200001, Refused),
        (400, 240000, Refused),
        (400, 0, TryLater),
        (413, 0, TryLater),
        (400, 99999, Refused),
        (500, 0, Unknown),
        (503, 0, Unknown),
        (418, 0, Unknown),
    ],
)
def test_every_code_has_its_meaning(status: int, code: int, kind: type[DeliveryError]) -> None:
    assert type(meaning(answered(status, code))) is kind


def test_what_an_admin_has_to_put_right_is_not_asked_again_at_once() -> None:
    error = meaning(answered(403, 50013))
    assert isinstance(error, TryLater)
    assert error.after == timedelta(minutes=10)


def _connector_error() -> aiohttp.ClientConnectorError:
    key = ConnectionKey("host", 1, is_ssl=False, ssl=False, proxy=None, proxy_auth=None, proxy_headers_hash=None)
    return aiohttp.ClientConnectorError(key, OSError(111, "refused"))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (_connector_error(), TryLater),
        (Limited(timedelta(seconds=3)), TryLater),
        (discord.RateLimited(40.0), TryLater),
        (ServerFault(502), Unknown),
        (aiohttp.ServerDisconnectedError(), Unknown),
        (aiohttp.ClientOSError(104, "reset"), Unknown),
        (aiohttp.ClientPayloadError("half"), Unknown),
        (ConnectionResetError(104, "reset"), Unknown),
        (TimeoutError(), Unknown),
        (TryLater("ours"), TryLater),
        (answered(404, 10003), Gone),
    ],
    ids=repr,
)
def test_only_what_certainly_did_not_arrive_is_worth_another_try(fault: Exception, kind: type[DeliveryError]) -> None:
    with pytest.raises(kind), translated():
        raise fault


def test_the_wait_that_was_asked_for_is_kept() -> None:
    with pytest.raises(TryLater) as caught, translated():
        raise discord.RateLimited(3600.5)
    assert caught.value.after == timedelta(seconds=3600.5)


def test_discords_own_code_stays_at_hand() -> None:
    with pytest.raises(Refused) as caught, translated():
        raise answered(400, 40033)
    assert code_of(caught.value) == 40033
    assert code_of(TryLater("ours")) is None


def test_a_limit_of_one_message_has_a_meaning_of_its_own() -> None:
    """Few edits of an old message: Discord says so with 429 and a wait after which it would say so again."""
    with pytest.raises(TryLater, match="older than an hour") as caught, translated():
        raise Limited(timedelta(seconds=1), 30046)
    assert caught.value.after == timedelta(minutes=20)
