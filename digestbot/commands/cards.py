"""`latest` and `story`: one card, or the newest in a digest."""

from digestbot.commands.arguments import Arguments
from digestbot.commands.visit import Visit
from digestbot.domain.command import Reply


async def latest(visit: Visit) -> Reply:
    """`latest 3` is what people type for a count: a bare number is never an event."""
    event = visit.arguments.text("event")
    count = visit.arguments.integer("count", 1)
    if event and event.isdecimal() and visit.arguments.text("count") is None:
        count, event = _number(visit, event), None
    if event:
        found = visit.sight.event(event)
        stories = list(reversed(visit.desk.stories.of_event(found.id, visit.now)))[:count]
        empty = f"There is no story about {found.name} yet."
    else:
        stories = list(visit.desk.stories.live(visit.now)[:count])
        empty = "There is no story yet."
    if not stories:
        return visit.reply("nothing", {"sentence": empty})
    template = "card" if len(stories) == 1 else "digest"
    return visit.show(visit.desk.renderer.stories(template, stories, visit.setting(stories)))


def _number(visit: Visit, text: str) -> int:
    return Arguments(visit.verb, {"count": text}).integer("count", 1)


async def story(visit: Visit) -> Reply:
    found = visit.sight.story(visit.arguments.required("story"))
    return visit.show(visit.desk.renderer.stories("card", [found], visit.setting([found])))
