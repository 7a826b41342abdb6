"""Commands, and the channels that they name."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from digestbot.domain.command import Choice, Reply, Request, Verb
from digestbot.domain.place import Channel, Place
from digestbot.domain.subscription import Look


class Commands(Protocol):
    """The `/news` verbs, platform-free: a platform turns what it got into a `Request` and lays out the `Reply`."""

    @property
    def verbs(self) -> Sequence[Verb]:
        """Every verb with its options, in the order of the help."""
        ...

    def read(self, line: str) -> tuple[str, Mapping[str, str]]:
        """Verb and options of a typed line (without `/news`). Raises `UserMistake`, with a “did you mean”."""
        ...

    async def run(self, request: Request) -> Reply:
        """Answer; mistakes and refusals are replies too, so nothing is raised but cancellation."""
        ...

    async def complete(self, request: Request, option: str, typed: str) -> Sequence[Choice]:
        """At most 25 values for an option, from memory; nothing that this member may not know."""
        ...

    async def suggest(self, request: Request, line: str) -> Sequence[Choice]:
        """At most 25 ways to go on with a typed line; each value is the whole new line."""
        ...

    async def filled(self, request: Request) -> Mapping[str, str]:
        """What the verb's options stand at, for a form; what the request names counts more.

        Of `edit` those of the subscription, of `settings` the tenant's, of others nothing but the request's own. Empty
        where there is nothing, or nothing that this member may know.
        """
        ...


class Channels(Protocol):
    """The channels of the tenant from which a command came."""

    async def find(self, tenant: str, text: str) -> Channel | None:
        """By id, name or the platform's mention form."""
        ...

    async def all(self, tenant: str) -> Sequence[Channel]: ...

    async def direct(self, tenant: str, member: str) -> Place:
        """Where a member of that tenant gets direct messages; its channel begins with `@`."""
        ...

    async def trouble(self, place: Place, look: Look) -> str | None:
        """One sentence for an admin: why nothing that looks so can be posted there, and how to put it right."""
        ...
