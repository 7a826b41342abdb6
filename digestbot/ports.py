"""The ports: what each room asks of the others, as protocols that `bootstrap` fills with concrete classes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from digestbot.domain.card import Card
from digestbot.domain.command import Choice, Reply, Request, Verb
from digestbot.domain.delivery import Delivery, DeliveryState, Reservation
from digestbot.domain.place import Channel, MessageRef, Place
from digestbot.domain.story import Event, Story
from digestbot.domain.subscription import Look, Subscription, TenantSettings


class Clock(Protocol):
    """Time as an argument."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...

    async def sleep(self, delay: timedelta) -> None: ...


# --- stories -----------------------------------------------------------------------------------------------------


class Stories(Protocol):
    """The library: every story that is in service, whatever its status; callers ask `is_live` before showing one.

    All answers come from memory. Ids are looked up exactly; topics and people by `domain.filter.slug`.
    """

    def get(self, story: str) -> Story | None: ...

    def all(self) -> Collection[Story]:
        """Every story, newest `live_at` first."""
        ...

    def live(self, now: datetime) -> Sequence[Story]:
        """The live ones, newest first."""
        ...

    def event(self, event: str) -> Event | None:
        """An event known from events.yaml or from any story."""
        ...

    def events(self) -> Collection[Event]: ...

    def public_events(self, now: datetime) -> Collection[Event]:
        """Those of events.yaml and of live stories: all that chat may know of (promise 3)."""
        ...

    def of_event(self, event: str, now: datetime) -> Sequence[Story]:
        """Live stories of an event, oldest first."""
        ...

    def by_person(self, name: str, now: datetime) -> Sequence[Story]: ...

    def by_topic(self, topic: str, now: datetime) -> Sequence[Story]: ...

    def topics(self, now: datetime) -> Sequence[str]:
        """Topics of live stories, most used first."""
        ...

    def people(self, now: datetime) -> Sequence[str]:
        """People of live stories, most named first."""
        ...

    def next_live(self, after: datetime) -> datetime | None:
        """The earliest `live_at` of a published story later than `after`: an embargo or a future publication."""
        ...

    def went_live(self, after: datetime, until: datetime) -> Sequence[Story]:
        """Published stories with `after` < `live_at` <= `until`, oldest first."""
        ...

    async def search(self, words: str, now: datetime, limit: int = 50) -> Sequence[Story]:
        """Live stories that hold all the words, then those that hold any, best first; off the event loop."""
        ...

    def changes(self) -> AsyncIterator[frozenset[str]]:
        """Ids of stories added or changed (in content or status) at each reload; never ends by itself."""
        ...


# --- rendering ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a rendering depends on beside its stories; hashable, part of the cache's key.

    `hidden` holds the ids of stories whose spoilers are to be hidden. `edited_at` makes the card say that it was
    changed since it was posted. `command` is the `/news` line that shows the card again.
    """

    locale: str = "en"
    zone: str = "UTC"
    hidden: frozenset[str] = frozenset()
    pictures: bool = True
    edited_at: datetime | None = None
    command: str | None = None


class Renderer(Protocol):
    """Templates to cards. Raises `BrokenFiles` for a template that cannot be used."""

    def stories(self, template: str, stories: Sequence[Story], setting: Setting) -> Card:
        """`card`, `compact`, `digest` or a user's template over one or more stories, retracted ones included."""
        ...

    def event(self, template: str, event: Event, stories: Sequence[Story], setting: Setting) -> Card:
        """`event` (the roll-up) or `winners` over the stories of one event."""
        ...

    def reply(self, name: str, values: Mapping[str, Any], setting: Setting) -> Card:
        """`replies/<name>` over plain values: strings, numbers, booleans, datetimes, lists and dicts of them."""
        ...


# --- subscriptions and the ledger ---------------------------------------------------------------------------------


class Subscriptions(Protocol):
    """Who gets what; every query names its tenant or its channel (F4.5)."""

    async def add(self, subscription: Subscription) -> None: ...

    async def replace(self, subscription: Subscription) -> None:
        """Write every field of a known subscription that has not ended.

        If it is not active any more, what it has queued and nobody began becomes skipped in the same transaction.
        """
        ...

    async def get(self, platform: str, tenant: str, subscription: str) -> Subscription | None:
        """None too if it belongs to another tenant or has ended."""
        ...

    async def of_tenant(self, platform: str, tenant: str) -> Sequence[Subscription]:
        """Those not ended, oldest first."""
        ...

    async def of_channel(self, place: Place) -> Sequence[Subscription]: ...

    async def settings(self, platform: str, tenant: str) -> TenantSettings: ...

    async def set_settings(self, platform: str, tenant: str, settings: TenantSettings) -> None: ...

    async def due(self, now: datetime, limit: int) -> Sequence[Subscription]:
        """Active ones with `next_due` <= now, earliest first: O(due)."""
        ...

    async def earliest(self) -> datetime | None:
        """The earliest `next_due` of all."""
        ...

    async def instant(self, keys: Collection[str], after: str, limit: int) -> Sequence[Subscription]:
        """Active instant ones that one of the story keys may concern, by id, ids > `after`: O(concerned)."""
        ...


@dataclass(frozen=True, slots=True)
class Move:
    """A subscription's due time goes from `old` to `new`; nothing happens if another planner moved it before."""

    subscription: str
    old: datetime | None
    new: datetime | None


class Ledger(Protocol):
    """What was promised and what became of it: the only truth about deliveries."""

    async def reserve(
        self, reservations: Sequence[Reservation], moves: Sequence[Move] = (), planned: Collection[str] = ()
    ) -> Sequence[str]:
        """Write reservations, move due times, mark stories as planned for instants; one transaction.

        A reservation whose subscription's move lost is dropped. Returns the ids of the new deliveries.
        """
        ...

    async def unplanned(self, stories: Collection[str]) -> Sequence[str]:
        """Those whose instant fan-out is not finished, in the order given."""
        ...

    async def told(self, subscription: str) -> frozenset[str]:
        """Ids of stories given to a subscription in deliveries not skipped."""
        ...

    async def told_each(self, subscriptions: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The same for many at once; one without any is missing."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids with work to do, urgent first, then by due time; leases that ran out are among them."""
        ...

    async def earliest(self) -> datetime | None: ...

    async def begin(self, ids: Sequence[str], now: datetime, lease: timedelta) -> Sequence[Delivery]:
        """Take rows: durable before it returns. `planned` and `waiting` become `sending`, attempts rise by one.

        A row comes back only to one caller until its lease ends. The returned rows show `state` and `begun_at` as
        they were *before* (so a set `begun_at` means: in doubt) with the new attempt number and lease.
        """
        ...

    async def finish(self, delivery: Delivery) -> bool:
        """Write the row's new state, due, begun_at, posted_at, edited_at, ref, error and stories.

        Fenced by (id, attempt): False, and nothing written, if somebody else took the row meanwhile. Many
        finishes share a transaction. Of the stories only the revisions are written, and `dropped` ones removed;
        a row that grew meanwhile becomes `correcting` instead of `posted`.
        """
        ...

    async def reclaim(self, now: datetime, grace: timedelta) -> int:
        """Let go of all leases: for the only process on this database, at its start. Returns how many.

        A row attempted less than `grace` ago waits for the rest of it: its message may still land.
        """
        ...

    async def get(self, delivery: str) -> Delivery | None: ...

    async def stale(self, revisions: Mapping[str, str]) -> Sequence[str]:
        """Ids of posted deliveries that carry one of the stories in another revision."""
        ...

    async def revealing(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of posted deliveries whose hidden spoilers are due to be shown."""
        ...

    async def correct(self, ids: Sequence[str], now: datetime, *, edited: bool = True) -> int:
        """Turn posted rows into `correcting`, due now; if `edited` the card will say so. Returns how many."""
        ...

    async def of_subscription(self, subscription: str, limit: int = 50) -> Sequence[Delivery]:
        """Newest first."""
        ...

    async def of_story(self, story: str, platform: str, tenant: str) -> Sequence[Delivery]: ...

    async def counts(self, platform: str, tenant: str) -> Mapping[DeliveryState, int]: ...


Publish = Callable[[Any, Sequence[str], datetime], Awaitable[None]]
"""(the transaction's connection, delivery ids, when they are due): `Dispatcher.publish`."""


class Dispatcher(Protocol):
    """Brings due deliveries to a handler; embedded it polls the ledger, grown it is a queue of ids (DESIGN §5)."""

    async def publish(self, connection: Any, ids: Sequence[str], due: datetime) -> None:  # noqa: ANN401 - each store has its own
        """Called inside the transaction that wrote the rows; `connection` is that transaction's."""
        ...

    async def run(self, handler: Callable[[Sequence[str]], Awaitable[None]]) -> None:
        """Hand over batches of ids until cancelled or closed."""
        ...

    async def close(self) -> None:
        """Take no more; wait for what is in hand."""
        ...


# --- platforms ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to create or edit; `delivery` is its idempotency key on every attempt.

    `first_attempt` is when the earliest attempt of unknown outcome began (now, on a first attempt).
    """

    delivery: str
    place: Place
    card: Card
    look: Look
    first_attempt: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """The message is there."""

    ref: MessageRef


@dataclass(frozen=True, slots=True)
class Absent:
    """Certainly not posted, and no attempt can still land."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """It was posted, and somebody deleted it."""


@dataclass(frozen=True, slots=True)
class Unknowable:
    """The platform cannot tell; the reason is for the admin."""

    reason: str


Sighting = Found | Absent | Deleted | Unknowable


class Messenger(Protocol):
    """One platform's way to post, correct and look back. Methods raise the `DeliveryError`s and nothing else.

    `idempotent_for`: how long after the first attempt `send` with the same delivery is itself safe (Discord's nonce
    window; zero where there is none). `grace`: how long after an attempt of unknown outcome it may still land.
    """

    platform: str
    idempotent_for: timedelta
    grace: timedelta

    async def send(self, outgoing: Outgoing) -> MessageRef:
        """Create the message: first page, never a ping but the look's own mention."""
        ...

    async def edit(self, ref: MessageRef, outgoing: Outgoing) -> MessageRef:
        """Replace what the message shows; idempotent; never pings."""
        ...

    async def find(self, outgoing: Outgoing) -> Sighting:
        """Look for the message of this delivery among what the platform holds."""
        ...


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


class Channels(Protocol):
    """The channels of the tenant from which a command came."""

    async def find(self, tenant: str, text: str) -> Channel | None:
        """By id, name or the platform's mention form."""
        ...

    async def all(self, tenant: str) -> Sequence[Channel]: ...
