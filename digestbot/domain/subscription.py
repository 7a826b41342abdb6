"""A subscription: which stories a channel gets, when, and how they look."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from digestbot.domain.filter import Filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import Cadence, QuietHours
from digestbot.domain.story import Story

_ORDINARY_DELAY = timedelta(minutes=5)


class State(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Doubt(StrEnum):
    """What to do when a platform cannot say whether a message was posted."""

    HOLD = "hold"
    RESEND = "resend"


class Spoilers(StrEnum):
    SHOW = "show"
    HIDE = "hide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How cards look in one channel.

    `template` None takes `card` for one story and `digest` for several. `spoiler_hours` ends hiding that long after
    a story went live; None hides for good. `layout` and `style` are read by the platforms that know them.
    """

    template: str | None = None
    layout: str | None = None
    spoilers: Spoilers = Spoilers.SHOW
    spoiler_hours: int | None = None
    locale: str = "en"
    zone: str = "UTC"
    mention: str | None = None
    style: str | None = None
    pictures: bool = True

    def revealed_at(self, story: Story) -> datetime | None:
        """When the story's spoilers need no hiding any more; None if never (or if nothing is hidden)."""
        if self.spoilers is Spoilers.SHOW or self.spoiler_hours is None:
            return None
        return story.live_at + timedelta(hours=self.spoiler_hours)

    def hides(self, story: Story, now: datetime) -> bool:
        revealed = self.revealed_at(story)
        return self.spoilers is Spoilers.HIDE and (revealed is None or now < revealed)

    @property
    def spoilers_text(self) -> str:
        """As admins type it: `show`, `hide`, `hide 24h`."""
        limited = self.spoilers is Spoilers.HIDE and self.spoiler_hours is not None
        return f"{self.spoilers} {self.spoiler_hours}h" if limited else str(self.spoilers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Stories that went live after `since` are its own; `next_due` is None while instant or paused."""

    id: str
    place: Place
    filter: Filter
    cadence: Cadence
    since: datetime
    zone: str = "UTC"
    quiet: QuietHours | None = None
    catch_up: timedelta = timedelta(hours=6)
    look: Look = field(default_factory=Look)
    doubt: Doubt = Doubt.HOLD
    limit: int = 20
    empty: bool = False
    state: State = State.ACTIVE
    next_due: datetime | None = None
    created_by: str | None = None

    @property
    def patience(self) -> timedelta:
        """How late a post may be: `catch_up`, but never so little that an ordinary delay counts as late."""
        return max(self.catch_up, _ORDINARY_DELAY)

    @property
    def rolls_up(self) -> bool:
        """Whether one growing message an event stands for all its stories."""
        return self.cadence.instant and self.look.template == "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantSettings:
    """Defaults of one server or workspace for its new subscriptions."""

    zone: str = "UTC"
    locale: str = "en"
    spoilers: str = "show"
