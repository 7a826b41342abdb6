"""`export`: the settings and subscriptions of this server or workspace as a file."""

from dataclasses import replace

from digestbot.commands.channels import channel_names
from digestbot.commands.here import subscriptions_here
from digestbot.commands.sheet import NAME, sheet_of
from digestbot.commands.visit import Visit
from digestbot.domain.command import File, Reply


async def export(visit: Visit) -> Reply:
    there = await subscriptions_here(visit.desk, visit.place)
    text = sheet_of(visit.settings, there, await channel_names(visit))
    reply = visit.done("export", {"count": len(there), "name": NAME})
    return replace(reply, file=File(NAME, text))
