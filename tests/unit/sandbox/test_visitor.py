"""A visitor: who a browser is, and what it reads."""

import pytest
from aiohttp.test_utils import make_mocked_request

from digestbot.platforms.sandbox.visitor import Visitor, visitor

TOKEN = "abcdefghijklmnopqrstuv"


def with_headers(**headers: str) -> Visitor:
    return visitor(make_mocked_request("GET", "/", headers={name.replace("_", "-"): headers[name] for name in headers}))


def test_a_browser_is_the_same_member_each_time_and_another_is_not() -> None:
    first, second = Visitor(TOKEN), with_headers(Cookie=f"digestbot_visitor={TOKEN}")
    assert first.id == second.id
    assert with_headers().id != with_headers().id


def test_a_members_id_does_not_give_the_cookie_away() -> None:
    member = Visitor(TOKEN).member(admin=False)
    assert member.id.startswith("member-")
    assert TOKEN not in member.id
    assert member.name == f"Visitor {member.id[7:11]}"


@pytest.mark.parametrize("token", ["", "short", "x" * 5000, "../../etc/passwd------", '"quoted-----------------"'])
def test_a_forged_cookie_makes_somebody_new(token: str) -> None:
    assert with_headers(Cookie=f"digestbot_visitor={token}").token != token


@pytest.mark.parametrize(
    ("header", "locale"),
    [("de-CH,de;q=0.9,en;q=0.8", "de-CH"), ("fr;q=0.9", "fr"), ("", "en"), ("*", "en"), ("<script>", "en")],
)
def test_the_browsers_first_language_is_the_members(header: str, locale: str) -> None:
    assert with_headers(Accept_Language=header).locale == locale


def test_own_direct_messages_go_by_a_name_that_is_the_same_for_all() -> None:
    own = Visitor(TOKEN)
    assert own.channel("@me") == f"@{own.id}"
    assert own.shown(f"@{own.id}") == "@me"
    assert (own.channel("news"), own.shown("news")) == ("news", "news")
