"""A visit: one request with everything that answering it depends on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from digestbot.commands.arguments import Arguments
from digestbot.commands.desk import Desk
from digestbot.commands.line import write_line
from digestbot.commands.looks import parse_spoilers
from digestbot.commands.sight import Sight
from digestbot.domain.card import Card
from digestbot.domain.command import Reply, Request, Verb
from digestbot.domain.place import Place
from digestbot.domain.story import Story
from digestbot.domain.subscription import Look, TenantSettings
from digestbot.ports import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`now` is the same for the whole answer; `settings` are the tenant's."""

    desk: Desk
    request: Request
    verb: Verb
    settings: TenantSettings
    now: datetime

    @property
    def arguments(self) -> Arguments:
        return Arguments(self.verb, self.request.options)

    @property
    def place(self) -> Place:
        return self.request.place

    @property
    def sight(self) -> Sight:
        return Sight(self.desk.stories, self.now)

    @property
    def shared(self) -> bool:
        return self.arguments.flag("share")

    def hidden(self, stories: Iterable[Story]) -> frozenset[str]:
        """Whose spoilers to hide: all if asked to; in a shared answer those that this place hides.

        A place that hides them is not to be overruled by any member who types `share:true spoilers:show`.
        """
        choice = self.arguments.choice("spoilers")
        if choice == "hide":
            return frozenset(story.id for story in stories)
        if not self.shared or (choice == "show" and self.request.member.admin):
            return frozenset()
        spoilers, hours = parse_spoilers(self.settings.spoilers)
        usual = Look(spoilers=spoilers, spoiler_hours=hours)
        return frozenset(story.id for story in stories if usual.hides(story, self.now))

    def command(self, **more: str) -> str:
        """The line that shows the answer again, for its pages and its spoilers; never shared, never a page."""
        kept = {name: text for name, text in self.request.options.items() if name not in {"page", "share"}}
        return write_line(self.verb, {**kept, **more})

    def setting(self, stories: Iterable[Story] = ()) -> Setting:
        """For what reads only: the answer may be paged by asking again."""
        hidden = self.hidden(stories)
        return Setting(
            locale=self.settings.locale if self.shared else self.request.member.locale,
            zone=self.settings.zone,
            hidden=hidden,
            command=self.command(spoilers="hide") if hidden else self.command(),
        )

    def reply(
        self, name: str, values: Mapping[str, Any], stories: Iterable[Story] = (), zone: str | None = None
    ) -> Reply:
        """An answer from `replies/<name>` that asking again repeats; `zone` if another than the place's counts."""
        setting = self.setting(stories)
        return self.show(self.desk.renderer.reply(name, values, replace(setting, zone=zone or setting.zone)))

    def show(self, card: Card) -> Reply:
        return Reply(card=card, private=not self.shared, page=self.arguments.page)

    def done(self, name: str, values: Mapping[str, Any], zone: str | None = None) -> Reply:
        """The answer to a write: no button may ask for it again, since that would write again."""
        setting = replace(self.setting(), command=None, zone=zone or self.settings.zone)
        return Reply(card=self.desk.renderer.reply(name, values, setting))
