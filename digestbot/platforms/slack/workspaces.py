"""Workspaces: how Slack's ids of workspaces and people become the tenants and places of the other rooms."""

from collections.abc import Mapping
from typing import Any, Final

from digestbot.domain.place import Place

PLATFORM: Final = "slack"
_DIRECT: Final = "@"
_WITHIN: Final = "/"


def tenant_of(team: str, enterprise: str | None = None) -> str:
    """`T1`; with `enterprise`, where a whole organisation let digestbot in, `E1/T1`: the token is then that of `E1`."""
    return f"{enterprise}{_WITHIN}{team}" if enterprise else team


def tenant_in(payload: Mapping[str, Any]) -> str | None:
    """The tenant from which a command, an interaction or an event comes; None if it names none.

    A person of another workspace, met in a shared channel, does not make it theirs: `team` is where digestbot is.
    """
    team = payload.get("team_id") or (payload.get("team") or {}).get("id")
    organisation = _organisation(payload)
    return tenant_of(str(team), organisation) if team else None


def installer_in(payload: Mapping[str, Any]) -> str | None:
    """Whose installation (`Installation.key`) a payload speaks of: a whole organisation's may name no workspace."""
    return _organisation(payload) or payload.get("team_id") or None


def _organisation(payload: Mapping[str, Any]) -> str | None:
    """The one that let digestbot in as a whole; a command says it in text, an event among its authorizations."""
    said = next(iter(payload.get("authorizations") or []), payload)
    if str(said.get("is_enterprise_install", False)).lower() != "true":
        return None
    return payload.get("enterprise_id") or said.get("enterprise_id") or (payload.get("enterprise") or {}).get("id")


def key_of(tenant: str) -> str:
    """Whose token works there (`Installation.key`): of a member's direct messages that of the member's workspace."""
    return tenant.removeprefix(_DIRECT).split(_WITHIN)[0]


def team_of(tenant: str) -> str:
    """The workspace's own id."""
    parts = tenant.removeprefix(_DIRECT).split(_WITHIN)
    return parts[-2] if tenant.startswith(_DIRECT) else parts[-1]


def direct(tenant: str, member: str) -> Place:
    """A member's direct messages: a place of their own, since a workspace's settings are not theirs to change."""
    name = f"{_DIRECT}{tenant}{_WITHIN}{member}"
    return Place(PLATFORM, name, name)


def member_of(channel: str) -> str | None:
    """Whose direct messages a place's channel stands for."""
    return channel.rpartition(_WITHIN)[2] if channel.startswith(_DIRECT) and _WITHIN in channel else None


def is_of(tenant: str, key: str) -> bool:
    """Whether what is stored for a tenant rests on that installation; direct messages of its members do too."""
    return key_of(tenant) == key
