"""`settle`: what is to become of a message of which nobody knows whether it arrived."""

from collections.abc import Sequence
from typing import Any

import structlog

from digestbot.commands.visit import Visit
from digestbot.commands.why import OUTCOMES
from digestbot.domain.command import Reply
from digestbot.domain.delivery import Delivery, DeliveryState
from digestbot.domain.place import Place
from digestbot.errors import UserMistake

_log = structlog.get_logger("commands")


async def settle(visit: Visit) -> Reply:
    """Who comes second is told what was decided; of others' rows nothing is known."""
    id_ = visit.arguments.required("delivery")
    how = visit.arguments.choice("how")
    row = await visit.desk.ledger.get(id_)
    if row is None or how is None or not _is_here(row, visit.place):
        raise UserMistake("That message is not known here. `/news status` lists those that wait for a decision.")
    member = visit.request.member
    if how == "resend":
        done = await visit.desk.ledger.resend(id_, visit.now)
    else:
        done = await visit.desk.ledger.leave(id_, visit.now, f"left as it is by {member.name}: {row.error}")
    if done:
        _log.info("commands.settled", delivery=id_, how=how, by=member.id)
    now = await visit.desk.ledger.get(id_)
    state = OUTCOMES[now.state] if now else ""
    return visit.done("settled", {"how": how, "done": done, "state": state, "titles": titles(visit, row)})


async def doubts_here(visit: Visit) -> list[dict[str, Any]]:
    """The newest messages, fifty at most, of which nobody knows; `delivery` is what `settle` takes."""
    place = visit.place
    rows = await visit.desk.ledger.in_state(place.platform, place.tenant, DeliveryState.UNKNOWN)
    return [
        {
            "delivery": row.id,
            "subscription": row.subscription,
            "channel": row.place.channel,
            "titles": titles(visit, row),
            "error": row.error,
            "at": row.attempted_at or row.due,
        }
        for row in rows
        if _is_here(row, place)
    ]


def titles(visit: Visit, row: Delivery) -> Sequence[str]:
    """Of its stories that may be told of now."""
    found = (visit.desk.stories.get(carried.story) for carried in row.stories)
    return [story.headline for story in found if story and story.is_live(visit.now)]


def _is_here(row: Delivery, place: Place) -> bool:
    """In the own server or workspace, others' direct messages left out; in direct messages only there."""
    if (row.place.platform, row.place.tenant) != (place.platform, place.tenant):
        return False
    return row.place.channel == place.channel if place.direct else not row.place.direct
