"""Channels of a platform that nobody is connected to: known by their ids alone."""

import re
from collections.abc import Sequence

from digestbot.domain.place import Channel, Place
from digestbot.domain.subscription import Look

_ID = re.compile(r"<#([0-9A-Z]{5,20})(?:\|[^>]*)?>|([0-9]{5,20}|[A-Z][0-9A-Z]{5,20}(?::[0-9]{1,12}\.[0-9]{6})?)")
"""As Discord and Slack make them, a thread of Slack's with its message; names are in lower case on both."""


class UnconnectedChannels:
    """`ports.Channels`: any id is taken at its word, since nobody can be asked."""

    async def find(self, tenant: str, text: str) -> Channel | None:
        _ = tenant
        match = _ID.fullmatch(text.strip())
        id_ = (match[1] or match[2]) if match else None
        return Channel(id_, id_) if id_ else None

    async def all(self, tenant: str) -> Sequence[Channel]:
        _ = tenant
        return ()

    async def direct(self, tenant: str, member: str) -> Place:
        raise NotImplementedError(f"nobody is connected to {tenant}, so nobody is {member}")

    async def trouble(self, place: Place, look: Look) -> str | None:
        _ = place, look
        return None
