"""The desk: everything that handlers work with, put there by `bootstrap`."""

import asyncio
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from digestbot.errors import Problem
from digestbot.ports import Channels, Clock, Ledger, Quarantines, Renderer, Stories, Subscriptions, Tenants

_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"
_ID_LENGTH = 6


def new_id() -> str:
    """Six characters that nobody mistakes for one another when reading or typing them."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))


def _nobody() -> None:
    """Nobody waits for changes."""


def _no_problems() -> Collection[Problem]:
    return ()


def _no_outage(_platform: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`templates` are the names that a subscription may ask for (without `.md.j2`), `layouts` and `styles` likewise.

    `changed` is called after each write, so that the planner wakes; `problems` gives the faults of files that are not
    in service, `outage` why a platform answers nobody; `quota` bounds the subscriptions of one server or workspace
    (fairness); `grace_days` after a removal its data is deleted, what is over after `keep_days`.
    """

    stories: Stories
    subscriptions: Subscriptions
    ledger: Ledger
    renderer: Renderer
    clock: Clock
    channels: Mapping[str, Channels]
    tenants: Tenants
    quarantines: Quarantines
    templates: Collection[str]
    layouts: Collection[str] = ("embed",)
    styles: Collection[str] = ()
    new_id: Callable[[], str] = new_id
    changed: Callable[[], None] = _nobody
    problems: Callable[[], Collection[Problem]] = _no_problems
    outage: Callable[[str], str | None] = _no_outage
    quota: int = 50
    grace_days: int = 30
    keep_days: int = 400
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held from looking for a twin to writing: a double click subscribes once."""
