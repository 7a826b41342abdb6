"""Quarantines here: the channels that are left alone, as those who manage the place are told, and `retry`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from digestbot.commands.channels import channel_names
from digestbot.commands.desk import Desk
from digestbot.commands.visit import Visit
from digestbot.commands.wording import called
from digestbot.domain.command import Reply
from digestbot.domain.place import Place
from digestbot.domain.quarantine import Quarantine
from digestbot.errors import UserMistake


async def quarantines_here(desk: Desk, place: Place) -> Mapping[str, Quarantine]:
    """By channel; other people's direct messages are left out, in direct messages everything else is."""
    if place.direct:
        found = await desk.quarantines.get(place)
        return {place.channel: found} if found else {}
    there = await desk.quarantines.of_tenant(place.platform, place.tenant)
    return {each.place.channel: each for each in there if not each.place.direct}


def quarantine_words(quarantine: Quarantine, name: str) -> dict[str, Any]:
    return {
        "channel": called(quarantine.place, name),
        "id": quarantine.place.channel,
        "since": quarantine.since,
        "reason": quarantine.reason,
        "next": quarantine.probe_at,
    }


async def retry(visit: Visit) -> Reply:
    """Pressed again it says the same."""
    channel = visit.arguments.required("channel")
    quarantine = (await quarantines_here(visit.desk, visit.place)).get(channel)
    if quarantine is None:
        raise UserMistake("That channel is not left alone any more: `/news status` says how it is.")
    await try_now(visit, quarantine)
    names = await channel_names(visit)
    return visit.done("retried", {"channel": called(quarantine.place, names.get(channel, channel))})


async def try_now(visit: Visit, quarantine: Quarantine) -> None:
    """What waits there comes at once: one message alone, until that has arrived."""
    if quarantine.probe_at > visit.now:
        await visit.desk.quarantines.change(replace(quarantine, probe_at=visit.now), quarantine.probe_at)
    await visit.desk.ledger.hasten(quarantine.place, visit.now)
