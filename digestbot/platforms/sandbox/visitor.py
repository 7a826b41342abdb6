"""A visitor: the browser that a request came from, told apart by a cookie."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from digestbot.domain.place import Member
from digestbot.platforms.sandbox.channels import direct

_COOKIE: Final = "digestbot_visitor"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_YEAR: Final = 365 * 24 * 60 * 60
_OWN: Final = "@me"


@dataclass(frozen=True, slots=True)
class Visitor:
    """`token` is the browser's secret; the member id that others may see is derived from it."""

    token: str
    locale: str = "en"

    @property
    def id(self) -> str:
        return f"member-{hashlib.blake2b(self.token.encode(), digest_size=6).hexdigest()}"

    @property
    def name(self) -> str:
        return name_of(self.id)

    def member(self, *, admin: bool) -> Member:
        """As the page's switch says: in the sandbox everybody may choose to be an admin."""
        return Member(id=self.id, name=self.name, admin=admin, locale=self.locale)

    def channel(self, shown: str) -> str:
        """A channel's id from what the page calls it: `@me` are the direct messages with this visitor."""
        return direct(self.id) if shown == _OWN else shown

    def shown(self, channel: str) -> str:
        """The other way round."""
        return _OWN if channel == direct(self.id) else channel


def name_of(member: str) -> str:
    return f"Visitor {member.removeprefix('member-')[:4]}"


def visitor(request: web.Request) -> Visitor:
    """Whoever the cookie names, else somebody new."""
    token = request.cookies.get(_COOKIE, "")
    if not _TOKEN.fullmatch(token):
        token = secrets.token_urlsafe(16)
    return Visitor(token, _locale(request.headers.get("Accept-Language", "")))


def remember(request: web.Request, response: web.Response, who: Visitor) -> None:
    if request.cookies.get(_COOKIE) != who.token:
        response.set_cookie(_COOKIE, who.token, max_age=_YEAR, httponly=True, samesite="Lax")


def _locale(accepted: str) -> str:
    first = accepted.partition(",")[0].partition(";")[0].strip()
    return first if _LOCALE.fullmatch(first) else "en"
