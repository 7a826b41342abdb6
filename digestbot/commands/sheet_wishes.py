"""What a sheet wishes: its texts laid over what there is, with every fault of its values at its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from digestbot.commands.arguments import Arguments, check_choice
from digestbot.commands.desk import Desk
from digestbot.commands.difference import Difference, Row, changes
from digestbot.commands.edit import altered
from digestbot.commands.here import subscriptions_of
from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.commands.settings import settled
from digestbot.commands.sheet import words_of, words_of_settings
from digestbot.commands.sheet_reading import OPTIONS, Entry, Sheet
from digestbot.commands.subscribe import alike
from digestbot.commands.verbs import BY_NAME, option_of
from digestbot.commands.wishes import first_due, fulfilled, unwished
from digestbot.domain.place import Place
from digestbot.domain.subscription import State, Subscription, TenantSettings
from digestbot.errors import UserMistake

_STATES = (State.ACTIVE, State.PAUSED)


async def difference_of(
    sheet: Sheet, desk: Desk, platform: str, tenant: str, now: datetime, *, prune: bool
) -> Difference:
    """Raises `BrokenFiles` with every problem of the sheet, `UserMistake` for too many subscriptions."""
    usual = await desk.subscriptions.settings(platform, tenant)
    settings = _settled(sheet, usual)
    there = {each.id: each for each in await subscriptions_of(desk, platform, tenant)}
    most = max(desk.quota, len(there))
    if len(sheet.entries) > most:
        sheet.fault(("subscriptions",), f"There are {len(sheet.entries)} subscriptions here, and {most} is the most.")
        sheet.check()
    wishes = _Wishes(sheet=sheet, desk=desk, platform=platform, tenant=tenant, settings=settings, there=there, now=now)
    rows = await wishes.rows()
    sheet.check()
    named = {row.known.id for row in rows if row.known}
    others = [Row("ended" if prune else "kept", each, each) for each in there.values() if each.id not in named]
    found = Difference(settings, changes(words_of_settings(usual), words_of_settings(settings)), (*rows, *others))
    found.check_quota(desk.quota)
    return found


def _settled(sheet: Sheet, settings: TenantSettings) -> TenantSettings:
    for name, text in sheet.settings.items():
        try:
            settings = settled(settings, Arguments(BY_NAME["settings"], {name: text}))
        except UserMistake as mistake:
            sheet.fault(("settings", name), str(mistake))
    return settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wishes:
    """`there` are the subscriptions by id; `claimed` gathers the ids of those that the sheet speaks of."""

    sheet: Sheet
    desk: Desk
    platform: str
    tenant: str
    settings: TenantSettings
    there: Mapping[str, Subscription]
    now: datetime
    claimed: set[str] = field(default_factory=set)

    async def rows(self) -> list[Row]:
        """In the order of the sheet; those that cannot be read are left out."""
        known = [self._known(entry) for entry in self.sheet.entries]
        rows: list[Row] = []
        for entry, found in zip(self.sheet.entries, known, strict=True):
            wanted = await self._wanted(entry, found)
            if wanted:
                row = self._row(wanted, found)
                self._refuse_double(entry, row, rows)
                rows.append(row)
        return rows

    def _known(self, entry: Entry) -> Subscription | None:
        """Another tenant's id is as unknown as one that never was."""
        found = self.there.get(entry.texts.get("id", "").casefold())
        if found is None:
            return None
        if found.id in self.claimed:
            self.sheet.fault((*entry.steps, "id"), f"“{found.id}” stands here twice: take one of the two out.")
        self.claimed.add(found.id)
        return found

    def _row(self, wanted: Subscription, known: Subscription | None) -> Row:
        known = known or self._twin(wanted)
        if known is None:
            return Row("new", wanted)
        if words_of(known) == words_of(wanted):
            return Row("unchanged", known, known)
        return Row("changed", wanted, known)

    def _twin(self, wanted: Subscription) -> Subscription | None:
        """One that says the same already, so that giving a sheet twice changes nothing the second time."""
        unnamed = (each for each in self.there.values() if each.id not in self.claimed)
        twin = next((each for each in unnamed if alike(each, wanted)), None)
        if twin:
            self.claimed.add(twin.id)
        return twin

    def _refuse_double(self, entry: Entry, row: Row, others: list[Row]) -> None:
        """Not between two that are there already: that is how things are."""
        if any("new" in {row.kind, other.kind} and alike(other.wanted, row.wanted) for other in others):
            self.sheet.fault(entry.steps, "This subscription says the same as one above: take one of the two out.")

    async def _wanted(self, entry: Entry, known: Subscription | None) -> Subscription | None:
        """None if it cannot be told."""
        before = len(self.sheet.problems)
        place = Place(self.platform, self.tenant, await self._channel(entry, known))
        usual = unwished(place, self.settings, self.now)
        wanted = self._stated(entry, self._fulfilled(entry, replace(known or usual, place=place), usual))
        if not entry.whole or len(self.sheet.problems) > before:
            return None
        try:
            first_due(wanted, self.now)
            if known:
                return altered(known, wanted, self.now)
            return replace(wanted, next_due=self._first_due(wanted))
        except UserMistake as mistake:
            self.sheet.fault((*entry.steps, "when"), str(mistake))
            return None

    def _first_due(self, wanted: Subscription) -> datetime | None:
        return first_due(wanted, self.now) if wanted.state is State.ACTIVE else None

    async def _channel(self, entry: Entry, known: Subscription | None) -> str:
        """Its id. One that stays is not looked up: the platform may be unable to say just now."""
        text = entry.texts.get("channel", "")
        channels = self.desk.channels.get(self.platform)
        if not text or (known and known.place.channel == text):
            return text
        found = await channels.find(self.tenant, text) if channels else None
        if found is None:
            names = [channel.name for channel in await channels.all(self.tenant)] if channels else []
            hint = did_you_mean(text, names, "Give the id of one that the bot can see.")
            self.sheet.fault((*entry.steps, "channel"), f"There is no channel ‘{shortened(text)}’ here.{hint}")
            return text
        return found.id

    def _fulfilled(self, entry: Entry, wanted: Subscription, usual: Subscription) -> Subscription:
        """Option by option, so that each fault is told; what is so already is not read again."""
        verb, texts = BY_NAME["edit"], {**words_of(usual), **entry.texts}
        now = words_of(wanted)
        for name in OPTIONS:
            option = option_of(verb, name)
            if name == "channel" or option is None or texts[name] == now[name]:
                continue
            try:
                check_choice(option, texts[name])
                wanted = fulfilled(wanted, Arguments(verb, {name: texts[name]}), self.desk)
            except UserMistake as mistake:
                self.sheet.fault((*entry.steps, name), str(mistake))
        return wanted

    def _stated(self, entry: Entry, wanted: Subscription) -> Subscription:
        text = entry.texts.get("state", State.ACTIVE)
        if text.casefold() in _STATES:
            return replace(wanted, state=State(text.casefold()))
        hint = did_you_mean(text, _STATES, "`prune:yes` ends those that the file does not name.")
        self.sheet.fault((*entry.steps, "state"), f"`state` is active or paused, not ‘{shortened(text)}’.{hint}")
        return wanted
