"""Fakes of the ports: in memory, obeying the same words, with everything that happened open to inspection."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from digestbot.domain.card import Card, Heading, Paragraph, Text
from digestbot.domain.command import Choice, Reply, Request, Verb
from digestbot.domain.delivery import OPEN, UNSHOWN, Carried, Delivery, DeliveryState, Reservation
from digestbot.domain.place import Channel, Place
from digestbot.domain.quarantine import Quarantine
from digestbot.domain.schedule import next_slot
from digestbot.domain.slug import slug
from digestbot.domain.story import Event, Status, Story
from digestbot.domain.subscription import Look, State, Subscription, TenantSettings
from digestbot.errors import UserMistake
from digestbot.ports import Due, Forgotten, Installation, Ledger, Move, Setting
from digestbot.ports.installations import LONGEST_STATE


class FakeClock:
    """Stands still until told; `sleep` moves it on at once."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at.astimezone(UTC)

    async def sleep(self, delay: timedelta) -> None:
        self.at += delay
        await asyncio.sleep(0)


class FakeStories:
    """`events` are those of events.yaml; those that stories bring along are known too."""

    def __init__(self, stories: Sequence[Story] = (), events: Sequence[Event] = ()) -> None:
        self._stories = {story.id: story for story in stories}
        self._events = {event.id: event for event in events}
        self._changed: asyncio.Queue[frozenset[str]] = asyncio.Queue()

    def put(self, *stories: Story) -> None:
        """Add or change stories, as a reload would."""
        self._stories.update({story.id: story for story in stories})
        self._changed.put_nowait(frozenset(story.id for story in stories))

    def get(self, story: str) -> Story | None:
        return self._stories.get(story)

    def all(self) -> Collection[Story]:
        return sorted(self._stories.values(), key=lambda story: (story.live_at, story.id), reverse=True)

    def live(self, now: datetime) -> Sequence[Story]:
        return [story for story in self.all() if story.is_live(now)]

    def event(self, event: str) -> Event | None:
        return next((known for known in self.events() if known.id == event), None)

    def events(self) -> Collection[Event]:
        carried = {story.event.id: story.event for story in self._stories.values() if story.event}
        return [*(carried | self._events).values()]

    def public_events(self, now: datetime) -> Collection[Event]:
        carried = {story.event.id: story.event for story in self.live(now) if story.event}
        return [*(carried | self._events).values()]

    def of_event(self, event: str, now: datetime) -> Sequence[Story]:
        return [story for story in reversed(self.live(now)) if story.event and story.event.id == event]

    def by_person(self, name: str, now: datetime) -> Sequence[Story]:
        return [story for story in self.live(now) if slug(name) in map(slug, story.people)]

    def by_topic(self, topic: str, now: datetime) -> Sequence[Story]:
        return [story for story in self.live(now) if slug(topic) in map(slug, story.topics)]

    def topics(self, now: datetime) -> Sequence[str]:
        return [topic for topic, _ in Counter(t for s in self.live(now) for t in s.topics).most_common()]

    def people(self, now: datetime) -> Sequence[str]:
        return [name for name, _ in Counter(n for s in self.live(now) for n in s.people).most_common()]

    def next_live(self, after: datetime) -> datetime | None:
        coming = [s.live_at for s in self.all() if s.status is Status.PUBLISHED and s.live_at > after]
        return min(coming, default=None)

    def went_live(self, after: datetime, until: datetime) -> Sequence[Story]:
        return [story for story in reversed(self.live(until)) if story.live_at > after]

    async def search(self, words: str, now: datetime, limit: int = 50) -> Sequence[Story]:
        wanted = words.casefold().split()
        texts = {story.id: repr(story).casefold() for story in self.live(now)}
        every = [story for story in self.live(now) if all(word in texts[story.id] for word in wanted)]
        some = [story for story in self.live(now) if any(word in texts[story.id] for word in wanted)]
        return list(dict.fromkeys([*every, *some]))[:limit]

    async def changes(self) -> AsyncIterator[frozenset[str]]:
        while True:
            yield await self._changed.get()


class FakeSubscriptions:
    """`resting` are the tenants whose instant subscriptions nobody finds."""

    def __init__(self, *subscriptions: Subscription) -> None:
        self.rows = {subscription.id: subscription for subscription in subscriptions}
        self.tenants: dict[tuple[str, str], TenantSettings] = {}
        self.resting: set[tuple[str, str]] = set()

    def _there(self) -> Iterator[Subscription]:
        rows = (row for row in self.rows.values() if row.state is not State.ENDED)
        yield from sorted(rows, key=lambda row: (row.since, row.id))

    async def add(self, subscription: Subscription) -> None:
        assert subscription.id not in self.rows, "ids are unique"
        self.rows[subscription.id] = subscription

    async def replace(self, subscription: Subscription) -> None:
        assert subscription.id in self.rows, "only known subscriptions are replaced"
        self.rows[subscription.id] = subscription

    async def get(self, platform: str, tenant: str, subscription: str) -> Subscription | None:
        return next((row for row in await self.of_tenant(platform, tenant) if row.id == subscription), None)

    async def of_tenant(self, platform: str, tenant: str) -> Sequence[Subscription]:
        return [row for row in self._there() if (row.place.platform, row.place.tenant) == (platform, tenant)]

    async def of_channel(self, place: Place) -> Sequence[Subscription]:
        return [row for row in self._there() if row.place == place]

    async def settings(self, platform: str, tenant: str) -> TenantSettings:
        return self.tenants.get((platform, tenant), TenantSettings())

    async def set_settings(self, platform: str, tenant: str, settings: TenantSettings) -> None:
        self.tenants[platform, tenant] = settings

    async def due(self, now: datetime, limit: int) -> Sequence[Subscription]:
        active = [row for row in self._there() if row.state is State.ACTIVE and row.next_due and row.next_due <= now]
        return sorted(active, key=lambda row: (row.next_due, row.id))[:limit]

    async def earliest(self) -> datetime | None:
        return min((row.next_due for row in self._there() if row.next_due), default=None)

    async def instant(self, keys: Collection[str], after: str, limit: int) -> Sequence[Subscription]:
        active = [row for row in self._there() if row.state is State.ACTIVE and row.cadence.instant and row.id > after]
        active = [row for row in active if (row.place.platform, row.place.tenant) not in self.resting]
        return sorted((row for row in active if row.filter.keys & set(keys)), key=lambda row: row.id)[:limit]


_NOT_BEGUN = (DeliveryState.PLANNED, DeliveryState.WAITING)


OF_A_CHANNEL = 8


class FakeLedger:
    """`subscriptions`, if given, is where due times move."""

    def __init__(self, *deliveries: Delivery, subscriptions: FakeSubscriptions | None = None) -> None:
        self.rows = {delivery.id: delivery for delivery in deliveries}
        self.planned: set[str] = set()
        self._subscriptions = subscriptions

    async def reserve(
        self, reservations: Sequence[Reservation], moves: Sequence[Move] = (), planned: Collection[str] = ()
    ) -> Sequence[str]:
        lost = {move.subscription for move in moves if not self._moved(move)}
        there = self._subscriptions.rows.values() if self._subscriptions else ()
        lost |= {row.id for row in there if row.state is not State.ACTIVE}
        self.planned.update(planned)
        new = [each for each in reservations if each.id not in self.rows and each.subscription not in lost]
        for each in reservations:
            if each.grows and each.id in self.rows and each.subscription not in lost:
                self._grow(each)
        self.rows.update({each.id: delivery_of(each) for each in new})
        return [each.id for each in new]

    def _moved(self, move: Move) -> bool:
        row = self._subscriptions.rows.get(move.subscription) if self._subscriptions else None
        if self._subscriptions is None or row is None or row.next_due != move.old or row.state is not State.ACTIVE:
            return False
        self._subscriptions.rows[row.id] = replace(row, next_due=move.new)
        return True

    def _grow(self, more: Reservation) -> None:
        row = self.rows[more.id]
        known = {carried.story for carried in row.stories}
        new = tuple(Carried(story, UNSHOWN) for story in more.stories if story not in known)
        row = replace(row, stories=(*row.stories, *new))
        never_posted = row.state in {DeliveryState.SKIPPED, DeliveryState.REFUSED} and row.ref is None
        if row.state is DeliveryState.POSTED and any(each.revision == UNSHOWN for each in row.stories):
            at = more.planned_at or more.due
            row = replace(row, state=DeliveryState.CORRECTING, due=at, edited_at=at, failures=0)
        elif more.reason is None and never_posted and (row.begun_at is None or row.state is DeliveryState.SKIPPED):
            row = replace(row, state=DeliveryState.PLANNED, due=more.due, expected=more.due, failures=0, error=None)
            row = replace(row, urgent=more.urgent, begun_at=None)
        elif (
            more.reason is None and row.begun_at is None and row.state in {DeliveryState.PLANNED, DeliveryState.WAITING}
        ):
            row = replace(row, due=min(row.due, more.due), urgent=row.urgent or more.urgent)
        self.rows[more.id] = row

    async def unplanned(self, stories: Collection[str]) -> Sequence[str]:
        return [story for story in stories if story not in self.planned]

    async def told(self, subscription: str) -> frozenset[str]:
        return (await self.told_each([subscription])).get(subscription, frozenset())

    async def told_each(self, subscriptions: Collection[str]) -> Mapping[str, frozenset[str]]:
        told: dict[str, frozenset[str]] = {}
        for row in self.rows.values():
            counts = row.state is not DeliveryState.SKIPPED or row.begun_at is not None
            if row.subscription in subscriptions and counts and row.stories:
                stories = frozenset(carried.story for carried in row.stories)
                told[row.subscription] = told.get(row.subscription, frozenset()) | stories
        return told

    async def due(self, now: datetime, limit: int) -> Sequence[Due]:
        rows = [row for row in self.rows.values() if row.state in OPEN]
        lanes: Counter[Place] = Counter()
        turns: Counter[tuple[str, str]] = Counter()
        hindered: set[Place] = set()
        in_lane = []
        for row in sorted(rows, key=lambda row: (not row.urgent, row.expected or row.due, row.id)):
            corrects = row.state is DeliveryState.CORRECTING
            if row.due > now:
                hindered |= {row.place} if row.failures and not corrects else set()
            elif corrects or row.place not in hindered:
                lanes[row.place] += 1
                in_lane.append((not row.urgent, lanes[row.place], row.expected or row.due, row.id, row.place))
        found = []
        for later, lane, due, id_, place in sorted(in_lane):
            if lane <= OF_A_CHANNEL:
                turns[place.platform, place.tenant] += 1
                found.append((later, turns[place.platform, place.tenant], due, id_, place))
        fair = [each for each in sorted(found) if each[1] <= max(1, limit // 4)]
        return [Due(id_, place) for *_, id_, place in fair[:limit]]

    async def earliest(self, after: datetime | None = None) -> datetime | None:
        dues = (row.due for row in self.rows.values() if row.state in OPEN)
        return min((due for due in dues if after is None or due > after), default=None)

    async def begin(self, ids: Sequence[str], now: datetime, lease: timedelta) -> Sequence[Delivery]:
        taken: list[Delivery] = []
        for row in [self.rows[id_] for id_ in ids if self.rows[id_].state in OPEN and self.rows[id_].due <= now]:
            before = replace(row, attempt=row.attempt + 1, due=now + lease, attempted_at=now)
            correcting = row.state is DeliveryState.CORRECTING
            state = row.state if correcting else DeliveryState.SENDING
            begun_at = row.begun_at if correcting else row.begun_at or now
            self.rows[row.id] = replace(before, state=state, begun_at=begun_at)
            taken.append(before)
        return taken

    async def finish(self, delivery: Delivery) -> bool:
        there = self.rows.get(delivery.id)
        if there is None or there.attempt != delivery.attempt:
            return False
        shown = {carried.story: carried for carried in delivery.stories}
        kept = [shown.get(each.story, each) for each in there.stories if each.story not in delivery.dropped]
        grown = any(each.revision == UNSHOWN and each.story not in shown for each in kept)
        after = replace(delivery, stories=tuple(kept), dropped=())
        if grown and delivery.state is DeliveryState.POSTED:
            after = replace(after, state=DeliveryState.CORRECTING, edited_at=delivery.due)
        elif grown and delivery.state is DeliveryState.SKIPPED:
            after = replace(after, state=DeliveryState.PLANNED, expected=delivery.due, error=None)
        self.rows[delivery.id] = after
        return True

    async def reclaim(self, now: datetime) -> int:
        leased = (DeliveryState.SENDING, DeliveryState.CORRECTING)
        held = [row for row in self.rows.values() if row.state in leased and row.due > now]
        self.rows.update({row.id: replace(row, due=now) for row in held})
        return len(held)

    async def get(self, delivery: str) -> Delivery | None:
        return self.rows.get(delivery)

    async def stale(self, revisions: Mapping[str, str]) -> Sequence[str]:
        return [
            row.id
            for row in self.rows.values()
            if row.state is DeliveryState.POSTED
            and any(revisions.get(carried.story, carried.revision) != carried.revision for carried in row.stories)
        ]

    async def revealing(self, now: datetime, limit: int) -> Sequence[str]:
        posted = [row for row in self.rows.values() if row.state is DeliveryState.POSTED]
        return [row.id for row in posted if row.reveal_at and row.reveal_at <= now][:limit]

    async def correct(self, ids: Sequence[str], now: datetime, *, edited: bool = True) -> int:
        posted = [self.rows[id_] for id_ in ids if self.rows[id_].state is DeliveryState.POSTED]
        changed = {
            row.id: replace(
                row, state=DeliveryState.CORRECTING, due=now, failures=0, edited_at=now if edited else row.edited_at
            )
            for row in posted
        }
        self.rows.update(changed)
        return len(changed)

    async def of_subscription(self, subscription: str, limit: int = 50) -> Sequence[Delivery]:
        rows = [row for row in self.rows.values() if row.subscription == subscription]
        return sorted(rows, key=lambda row: (row.due, row.id), reverse=True)[:limit]

    async def of_story(self, story: str, platform: str, tenant: str) -> Sequence[Delivery]:
        rows = [row for row in self.rows.values() if (row.place.platform, row.place.tenant) == (platform, tenant)]
        return [row for row in rows if any(carried.story == story for carried in row.stories)]

    async def thread(self, place: Place, stories: Collection[str]) -> str | None:
        standing = (DeliveryState.POSTED, DeliveryState.CORRECTING)
        rows = [row for row in self.rows.values() if row.place == place and row.state in standing]
        rows = [row for row in rows if row.ref and row.ref.channel != place.channel]
        found = [row for row in rows if any(carried.story in stories for carried in row.stories)]
        found.sort(key=lambda row: row.posted_at or row.due)
        return found[-1].ref.channel if found and found[-1].ref else None

    async def in_state(self, platform: str, tenant: str, state: DeliveryState, limit: int = 50) -> Sequence[Delivery]:
        rows = [row for row in self.rows.values() if (row.place.platform, row.place.tenant) == (platform, tenant)]
        rows = [row for row in rows if row.state is state]
        return sorted(rows, key=lambda row: (-row.due.timestamp(), row.id))[:limit]

    async def of_place(self, place: Place, since: datetime, limit: int = 1000) -> Sequence[Delivery]:
        rows = [row for row in self.rows.values() if row.place == place and row.due >= since]
        return sorted(rows, key=lambda row: (-row.due.timestamp(), row.id))[:limit]

    async def resend(self, delivery: str, now: datetime) -> bool:
        return self._settle(
            delivery, state=DeliveryState.PLANNED, due=now, expected=now, begun_at=None, failures=0, error=None
        )

    async def leave(self, delivery: str, now: datetime, reason: str) -> bool:
        return self._settle(delivery, state=DeliveryState.SKIPPED, due=now, error=reason)

    def _settle(self, delivery: str, **values: Any) -> bool:  # noqa: ANN401 - a row's
        row = self.rows.get(delivery)
        if row is None or row.state is not DeliveryState.UNKNOWN:
            return False
        self.rows[delivery] = replace(row, attempt=row.attempt + 1, **values)
        return True

    async def hasten(self, place: Place, now: datetime) -> int:
        rows = [row for row in self.rows.values() if row.place == place and row.state is DeliveryState.WAITING]
        late = [row for row in rows if row.due > now]
        self.rows.update({row.id: replace(row, due=now) for row in late})
        return len(late)

    async def counts(self, platform: str, tenant: str) -> Mapping[DeliveryState, int]:
        rows = [row for row in self.rows.values() if (row.place.platform, row.place.tenant) == (platform, tenant)]
        return Counter(row.state for row in rows)


def delivery_of(reservation: Reservation) -> Delivery:
    """The row as it is first written."""
    return Delivery(
        id=reservation.id,
        subscription=reservation.subscription,
        place=reservation.place,
        occasion=reservation.occasion,
        state=DeliveryState.SKIPPED if reservation.reason else DeliveryState.PLANNED,
        due=reservation.due,
        expected=reservation.due,
        patience=reservation.patience,
        look=reservation.look,
        doubt=reservation.doubt,
        stories=tuple(Carried(story, UNSHOWN) for story in reservation.stories),
        urgent=reservation.urgent,
        error=reservation.reason,
    )


class FakeChannels:
    def __init__(self, tenants: Mapping[str, Sequence[Channel]]) -> None:
        self._tenants = tenants
        self.troubles: dict[str, str] = {}

    async def find(self, tenant: str, text: str) -> Channel | None:
        wanted = text.removeprefix("#")
        return next((each for each in await self.all(tenant) if wanted in {each.id, each.name}), None)

    async def all(self, tenant: str) -> Sequence[Channel]:
        return self._tenants.get(tenant, ())

    async def direct(self, tenant: str, member: str) -> Place:
        return Place("sandbox", tenant, f"@{member}")

    async def trouble(self, place: Place, look: Look) -> str | None:
        _ = look
        return self.troubles.get(place.channel)


class FakeTenants:
    """Over the fake subscriptions and ledger; `departures` are who left, and when."""

    def __init__(self, subscriptions: FakeSubscriptions, ledger: FakeLedger) -> None:
        self.departures: dict[tuple[str, str], datetime] = {}
        self._subscriptions = subscriptions
        self._ledger = ledger

    async def all(self, platform: str) -> Collection[str]:
        places = [row.place for row in self._subscriptions.rows.values()]
        known = [(place.platform, place.tenant) for place in places] + list(self._subscriptions.tenants)
        return frozenset(tenant for where, tenant in known if where == platform)

    async def left(self, platform: str, tenant: str, at: datetime) -> None:
        self.departures.setdefault((platform, tenant), at)
        self._subscriptions.resting.add((platform, tenant))
        for row in self._subscriptions_of(platform, tenant):
            self._subscriptions.rows[row.id] = replace(row, next_due=None)
        for delivery in self._deliveries_of(platform, tenant):
            if delivery.state in _NOT_BEGUN and delivery.begun_at is None:
                skipped = replace(delivery, state=DeliveryState.SKIPPED, error="digestbot was removed from this place")
                self._ledger.rows[delivery.id] = skipped

    async def returned(self, platform: str, tenant: str, at: datetime) -> bool:
        if self.departures.pop((platform, tenant), None) is None:
            return False
        self._subscriptions.resting.discard((platform, tenant))
        for row in self._subscriptions_of(platform, tenant):
            if row.state is State.ACTIVE:
                slot = None if row.cadence.instant else next_slot(row.cadence, row.zone, at)
                resumed = replace(row, since=max(row.since, at), next_due=slot.at if slot else None)
                self._subscriptions.rows[row.id] = resumed
        return True

    async def departed(self, platform: str) -> Collection[str]:
        return {tenant for known, tenant in self.departures if known == platform}

    async def counted(self, platform: str, tenant: str, channel: str | None = None) -> Forgotten:
        there = self._subscriptions_of(platform, tenant, channel)
        return Forgotten(
            subscriptions=sum(row.state is not State.ENDED for row in there),
            deliveries=len(self._deliveries_of(platform, tenant, channel)),
            settings=int(channel is None and (platform, tenant) in self._subscriptions.tenants),
        )

    async def forget(self, platform: str, tenant: str, channel: str | None = None) -> Forgotten:
        counts = await self.counted(platform, tenant, channel)
        for delivery in self._deliveries_of(platform, tenant, channel):
            del self._ledger.rows[delivery.id]
        for row in self._subscriptions_of(platform, tenant, channel):
            del self._subscriptions.rows[row.id]
        if channel is None:
            self._subscriptions.tenants.pop((platform, tenant), None)
            self._subscriptions.resting.discard((platform, tenant))
            self.departures.pop((platform, tenant), None)
        return counts

    async def purge(self, before: datetime) -> Mapping[tuple[str, str], Forgotten]:
        gone = [whose for whose, at in self.departures.items() if at < before]
        return {whose: await self.forget(*whose) for whose in gone}

    def _subscriptions_of(self, platform: str, tenant: str, channel: str | None = None) -> list[Subscription]:
        return [row for row in self._subscriptions.rows.values() if _is_of(row.place, platform, tenant, channel)]

    def _deliveries_of(self, platform: str, tenant: str, channel: str | None = None) -> list[Delivery]:
        return [row for row in self._ledger.rows.values() if _is_of(row.place, platform, tenant, channel)]


def _is_of(place: Place, platform: str, tenant: str, channel: str | None) -> bool:
    return (place.platform, place.tenant, channel or place.channel) == (platform, tenant, place.channel)


class NoCommands:
    """Nobody asks anything."""

    verbs: Sequence[Verb] = ()

    def read(self, line: str) -> tuple[str, Mapping[str, str]]:
        raise UserMistake(line)

    async def run(self, request: Request) -> Reply:
        raise NotImplementedError(request)

    async def complete(self, request: Request, option: str, typed: str) -> Sequence[Choice]:
        raise NotImplementedError(request, option, typed)

    async def suggest(self, request: Request, line: str) -> Sequence[Choice]:
        raise NotImplementedError(request, line)

    async def filled(self, request: Request) -> Mapping[str, str]:
        raise NotImplementedError(request)


class FakeNotebook:
    def __init__(self) -> None:
        self.notes: dict[str, str] = {}

    async def read(self, name: str) -> str | None:
        return self.notes.get(name)

    async def write(self, name: str, text: str) -> None:
        self.notes[name] = text


class FakeQuarantines:
    def __init__(self, *quarantines: Quarantine) -> None:
        self.rows = {each.place: each for each in quarantines}

    async def get(self, place: Place) -> Quarantine | None:
        return self.rows.get(place)

    async def of_tenant(self, platform: str, tenant: str) -> Sequence[Quarantine]:
        here = [row for row in self.rows.values() if (row.place.platform, row.place.tenant) == (platform, tenant)]
        return sorted(here, key=lambda row: (row.since, row.place.channel))

    async def places(self) -> Collection[Place]:
        return frozenset(self.rows)

    async def add(self, quarantine: Quarantine) -> bool:
        return self.rows.setdefault(quarantine.place, quarantine) is quarantine

    async def change(self, quarantine: Quarantine, seen: datetime) -> bool:
        there = self.rows.get(quarantine.place)
        if there is None or there.probe_at != seen:
            return False
        self.rows[quarantine.place] = quarantine
        return True

    async def release(self, place: Place) -> bool:
        return self.rows.pop(place, None) is not None


class FakeInstallations:
    def __init__(self, *installations: Installation) -> None:
        self.rows = {each.key: each for each in installations}

    async def save(self, installation: Installation) -> None:
        self.rows[installation.key] = installation

    async def all(self) -> Sequence[Installation]:
        return sorted(self.rows.values(), key=lambda row: (row.installed_at, row.key))

    async def find(self, key: str) -> Installation | None:
        return self.rows.get(key)

    async def remove(self, key: str, before: datetime) -> bool:
        there = self.rows.get(key)
        if there is None or there.installed_at >= before:
            return False
        del self.rows[key]
        return True


class FakeOAuthStates:
    """`issued` has until when each is good."""

    def __init__(self) -> None:
        self.issued: dict[str, datetime] = {}

    async def issue(self, state: str, until: datetime) -> None:
        kept = {known: end for known, end in self.issued.items() if end > until - LONGEST_STATE}
        self.issued = {state: until} | kept

    async def consume(self, state: str, now: datetime) -> bool:
        until = self.issued.get(state)
        if until is None or until <= now:
            return False
        del self.issued[state]
        return True


class FakeRenderer:
    """Cards that hold every value they were made from as text; `asked` lists (template, values, setting)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any, Setting]] = []

    def stories(self, template: str, stories: Sequence[Story], setting: Setting) -> Card:
        return self._card(template, list(stories), setting)

    def event(self, template: str, event: Event, stories: Sequence[Story], setting: Setting) -> Card:
        return self._card(template, [event, *stories], setting)

    def reply(self, name: str, values: Mapping[str, Any], setting: Setting) -> Card:
        return self._card(f"replies/{name}", dict(values), setting)

    def _card(self, template: str, values: object, setting: Setting) -> Card:
        self.asked.append((template, values, setting))
        blocks = (Heading((Text(template),)), Paragraph((Text(repr(values)),)))
        return Card(blocks=blocks, command=setting.command, locale=setting.locale)


async def due_ids(ledger: Ledger, now: datetime) -> list[str]:
    """Ids of what is next, of few rows."""
    return [due.id for due in await ledger.due(now, 100)]
