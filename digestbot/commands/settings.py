"""`settings`: what new subscriptions of this server or workspace start with."""

from dataclasses import replace

from digestbot.commands.arguments import Arguments
from digestbot.commands.looks import parse_locale, parse_spoilers
from digestbot.commands.visit import Visit
from digestbot.domain.command import Reply
from digestbot.domain.schedule import parse_zone
from digestbot.domain.subscription import Look, TenantSettings


async def settings(visit: Visit) -> Reply:
    """Subscriptions that are there keep what they have."""
    place, subscriptions = visit.place, visit.desk.subscriptions
    known = await subscriptions.settings(place.platform, place.tenant)
    wanted = settled(known, visit.arguments)
    if wanted != known:
        await subscriptions.set_settings(place.platform, place.tenant, wanted)
        visit.desk.changed()
    return visit.done("settings", {**_plain(wanted), "changed": wanted != known})


def settled(known: TenantSettings, arguments: Arguments) -> TenantSettings:
    """The settings with every option that was given. Raises `UserMistake`."""
    return replace(
        known,
        zone=arguments.given("timezone", parse_zone, known.zone),
        locale=arguments.given("locale", parse_locale, known.locale),
        spoilers=arguments.given("spoilers", _spoilers, known.spoilers),
    )


def _spoilers(text: str) -> str:
    spoilers, hours = parse_spoilers(text)
    return Look(spoilers=spoilers, spoiler_hours=hours).spoilers_text


def _plain(wanted: TenantSettings) -> dict[str, str]:
    """`zone` and `locale` are the template's own: those that it writes in."""
    return {"zone_name": wanted.zone, "language": wanted.locale, "spoilers": wanted.spoilers}
