"""Asking: somebody's words become a request to the commands, and their reply comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from digestbot.domain.command import Choice, Option, Reply, Request, Verb
from digestbot.domain.place import Member, Place
from digestbot.errors import DeliveryError
from digestbot.platforms.slack.groups import Groups
from digestbot.platforms.slack.people import People
from digestbot.platforms.slack.workspaces import PLATFORM, direct
from digestbot.ports import Commands

_CONVERSATION = "D"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks from where; `channel` is empty in the App Home."""

    tenant: str
    user: str
    channel: str = ""

    @property
    def place(self) -> Place:
        """Between two people nothing is posted: there everybody speaks of their own conversation with digestbot."""
        if self.channel.startswith(_CONVERSATION):
            return direct(self.tenant, self.user)
        return Place(PLATFORM, self.tenant, self.channel)


class Asking:
    """Whoever asks, by whatever way: who they are and what they may is looked up here, each time."""

    def __init__(self, commands: Commands, people: People, groups: Groups) -> None:
        self.commands = commands
        self._people = people
        self._groups = groups

    def verb(self, name: str) -> Verb | None:
        return next((verb for verb in self.commands.verbs if verb.name == name), None)

    async def ask(self, asker: Asker, verb: Verb, options: Mapping[str, str]) -> Reply:
        """Raises `UserMistake` where Slack does not say what it must, or knows no such user group."""
        member = await self.member(asker, fresh=verb.admin)
        if member.admin:
            options = await self._groups.resolved(asker.tenant, verb, options)
        return await self.commands.run(Request(place=asker.place, member=member, verb=verb.name, options=options))

    async def complete(
        self, asker: Asker, verb: Verb, options: Mapping[str, str], option: Option, typed: str
    ) -> Sequence[Choice]:
        """The values that this member may pick; none where Slack cannot be asked in time."""
        member = await self.member(asker, fresh=False)
        if option.kind == "role":
            try:
                return await self._groups.offered(asker.tenant, typed) if member.admin else []
            except DeliveryError:
                return []
        request = Request(place=asker.place, member=member, verb=verb.name, options=options)
        return await self.commands.complete(request, option.name, typed)

    async def filled(self, asker: Asker, verb: Verb, options: Mapping[str, str]) -> Mapping[str, str] | None:
        """What the verb's options stand at; None for whoever may not use it. Raises `UserMistake` as `ask` does."""
        member = await self.member(asker, fresh=verb.admin)
        if verb.admin and not member.admin:
            return None
        return await self.commands.filled(Request(place=asker.place, member=member, verb=verb.name, options=options))

    async def member(self, asker: Asker, *, fresh: bool) -> Member:
        """In their conversation with digestbot everybody manages their own place."""
        own = asker.place.direct
        found = await self._people.member(asker.tenant, asker.user, fresh=fresh and not own)
        return replace(found, admin=True) if own else found
