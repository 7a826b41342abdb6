"""Filled: what the options of a verb stand at now, for forms that change something."""

from collections.abc import Mapping

from digestbot.commands.desk import Desk
from digestbot.commands.own import own_subscription
from digestbot.commands.visit import Visit
from digestbot.commands.wording import options_of
from digestbot.domain.command import Request, Verb
from digestbot.domain.subscription import TenantSettings


async def filled(desk: Desk, request: Request, verb: Verb) -> Mapping[str, str]:
    """As texts that the verb reads back; what the request names counts more. Raises `UserMistake`."""
    match verb.name:
        case "edit":
            return {**await _subscription(desk, request, verb), **request.options}
        case "settings":
            return {**await _settings(desk, request), **request.options}
        case _:
            return dict(request.options)


async def _subscription(desk: Desk, request: Request, verb: Verb) -> Mapping[str, str]:
    visit = Visit(desk=desk, request=request, verb=verb, settings=TenantSettings(), now=desk.clock.now())
    known = await own_subscription(visit)
    return {**options_of(known), "channel": known.place.channel, "subscription": known.id}


async def _settings(desk: Desk, request: Request) -> Mapping[str, str]:
    known = await desk.subscriptions.settings(request.place.platform, request.place.tenant)
    return {"timezone": known.zone, "locale": known.locale, "spoilers": known.spoilers}
