"""`digest`: a posted message again, for its further pages and behind its spoilers."""

from dataclasses import replace

from digestbot.commands.posting import posted
from digestbot.commands.visit import Visit
from digestbot.domain.command import Reply
from digestbot.domain.delivery import Delivery
from digestbot.domain.story import Story
from digestbot.domain.subscription import Look, Spoilers
from digestbot.errors import UserMistake


async def digest(visit: Visit) -> Reply:
    """Only what was posted in this server or workspace; any other id is as unknown as one that never was."""
    delivery = await visit.desk.ledger.get(visit.arguments.required("delivery"))
    if delivery is None or not _posted_here(delivery, visit):
        raise UserMistake("That message is not known here any more. `/news latest` shows the newest stories.")
    stories = [story for carried in delivery.stories if (story := _shown(visit, carried.story, carried.revision))]
    if not stories:
        return visit.reply("nothing", {"sentence": "Nothing of that message is to be shown any more."})
    look = _look(delivery.look, visit.arguments.choice("spoilers"))
    return visit.show(posted(visit.desk.renderer, look, stories, visit.now, visit.command()))


def _posted_here(delivery: Delivery, visit: Visit) -> bool:
    here = (visit.place.platform, visit.place.tenant)
    return (delivery.place.platform, delivery.place.tenant) == here and delivery.posted_at is not None


def _shown(visit: Visit, story: str, revision: str) -> Story | None:
    """A live one, or one that the message showed before it was withdrawn; not one that is held back again."""
    found = visit.desk.stories.get(story)
    if found is None or not (found.is_live(visit.now) or (found.retracted and revision)):
        return None
    return found


def _look(look: Look, spoilers: str | None) -> Look:
    return look if spoilers is None else replace(look, spoilers=Spoilers(spoilers), spoiler_hours=None)
