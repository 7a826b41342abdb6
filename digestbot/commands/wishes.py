"""Wishes: what an admin typed about a subscription, laid over the one there is."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from digestbot.commands.arguments import Arguments
from digestbot.commands.desk import Desk
from digestbot.commands.looks import parse_named, parse_spoilers, worn
from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.commands.sight import Sight
from digestbot.domain.filter import Filter, parse_filter
from digestbot.domain.place import Place
from digestbot.domain.schedule import Cadence, next_slot, parse_cadence, parse_quiet, parse_zone
from digestbot.domain.slug import slug
from digestbot.domain.subscription import Doubt, Look, Subscription, TenantSettings
from digestbot.errors import UserMistake

_LONGEST_TERM = 100
_MOST_LATE = timedelta(days=30)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_NEXT_TERM = re.compile(r"(?<=[^,+\s-])\s+(?=-?(?:event|topic|person|importance):)", re.IGNORECASE)


def unwished(place: Place, settings: TenantSettings, now: datetime) -> Subscription:
    """What a new subscription is before anything is asked of it: all, at once, with the tenant's defaults."""
    spoilers, hours = parse_spoilers(settings.spoilers)
    look = Look(spoilers=spoilers, spoiler_hours=hours, locale=settings.locale, zone=settings.zone)
    return Subscription(
        id="", place=place, filter=Filter(), cadence=Cadence(), since=now, zone=settings.zone, look=look
    )


def fulfilled(known: Subscription, arguments: Arguments, desk: Desk) -> Subscription:
    """The subscription with every option that was given; its due time is not touched. Raises `UserMistake`."""
    zone = arguments.given("timezone", parse_zone, known.zone)
    look = worn(known.look, arguments, desk.templates)
    look = replace(
        look,
        zone=zone,
        layout=arguments.given("layout", parse_named("layout", desk.layouts), look.layout),
        style=arguments.given("style", parse_named("style", desk.styles), look.style),
    )
    return replace(
        known,
        filter=arguments.given("what", parse_what, known.filter),
        cadence=arguments.given("when", parse_cadence, known.cadence),
        zone=zone,
        quiet=arguments.given("quiet", parse_quiet, known.quiet),
        catch_up=arguments.given("catchup", parse_catch_up, known.catch_up),
        look=look,
        doubt=Doubt(arguments.choice("doubt") or known.doubt),
        limit=arguments.integer("limit", known.limit),
        empty=arguments.flag("empty", default=known.empty),
    )


def parse_what(text: str) -> Filter:
    """A filter; terms side by side are alternatives, as if a comma stood between them. Raises `UserMistake`."""
    wanted = parse_filter(_NEXT_TERM.sub(", ", text))
    for term in (*(term for terms in wanted.any_of for term in terms), *wanted.none_of):
        if len(term.value) > _LONGEST_TERM:
            raise UserMistake(f"‘{shortened(term.value)}’ is too long: a name has at most {_LONGEST_TERM} characters.")
    return wanted


def parse_catch_up(text: str) -> timedelta:
    """`6h`, `2d`, `90m` or `none`, at most thirty days. Raises `UserMistake`."""
    if text.casefold() in {"none", "no", "off", "0"}:
        return timedelta()
    match = re.fullmatch(r"(\d{1,5}) ?([mhd])\w*", text.casefold())
    late = int(match[1]) * _UNITS[match[2]] if match else timedelta()
    if not timedelta() < late <= _MOST_LATE:
        raise UserMistake(f"`catchup` is `6h`, `2d` or `none`, at most thirty days, not ‘{shortened(text)}’.")
    return late


def first_due(subscription: Subscription, now: datetime) -> datetime | None:
    """The next due time; None while instant. Raises `UserMistake` for times that never come."""
    if subscription.cadence.instant:
        return None
    slot = next_slot(subscription.cadence, subscription.zone, now)
    if slot is None:
        raise UserMistake(f"‘{subscription.cadence}’ never comes due in {subscription.zone}: take other times.")
    return slot.at


def strangers(wanted: Filter, sight: Sight) -> list[str]:
    """A sentence for each event, topic or person that no story carries yet: perhaps a typo, perhaps foresight."""
    known = {
        "event": [slug(event.id) for event in sight.events()],
        "topic": [slug(topic) for topic in sight.topics()],
        "person": [slug(name) for name in sight.people()],
    }
    terms = dict.fromkeys((*(term for terms in wanted.any_of for term in terms), *wanted.none_of))
    unknown = [term for term in terms if term.kind in known and term.value not in known[term.kind]]
    return [_stranger(str(term), term.value, known[term.kind]) for term in unknown]


def _stranger(term: str, value: str, known: Collection[str]) -> str:
    hint = did_you_mean(value, known, "It will wait for the first.")
    return f"No story carries ‘{term}’ yet.{hint}"
