"""`winners`: who won at an event, all of them or those that a few letters name."""

from collections.abc import Sequence
from dataclasses import replace

from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.commands.sight import folded
from digestbot.commands.visit import Visit
from digestbot.domain.command import Reply
from digestbot.domain.story import Event, Story, Winner
from digestbot.errors import UserMistake


async def winners(visit: Visit) -> Reply:
    found, wanted = _asked(visit)
    stories = [story for story in visit.desk.stories.of_event(found.id, visit.now) if story.winners]
    if not stories:
        return visit.reply("nothing", {"sentence": f"No winner of {found.name} is known yet."})
    chosen = matching(stories, wanted) if wanted else stories
    if not chosen:
        hint = did_you_mean(wanted, categories_and_names(stories), f"`/news winners {found.id}` lists them all.")
        raise UserMistake(f"No category or winner of {found.name} matches ‘{shortened(wanted)}’.{hint}")
    return visit.show(visit.desk.renderer.event("winners", found, chosen, visit.setting(chosen)))


def _asked(visit: Visit) -> tuple[Event, str]:
    """The event and the filter; `winners bbma-2020 rap` is what people type for both."""
    typed = visit.arguments.required("event")
    wanted = visit.arguments.text("filter") or ""
    first, _, rest = typed.partition(" ")
    try:
        return visit.sight.event(typed), wanted
    except UserMistake:
        if not rest or wanted:
            raise
        return visit.sight.event(first), rest.strip()


def matching(stories: Sequence[Story], wanted: str) -> list[Story]:
    """The stories with those winners only whose name, or those awards only whose category, holds the letters."""
    letters = folded(wanted)
    kept = [replace(story, winners=_kept(story.winners, letters)) for story in stories]
    return [story for story in kept if story.winners]


def _kept(every: Sequence[Winner], letters: str) -> tuple[Winner, ...]:
    kept: list[Winner] = []
    for winner in every:
        if letters in folded(winner.name):
            kept.append(winner)
            continue
        awards = tuple(award for award in winner.awards if letters in folded(award.category))
        if awards:
            kept.append(replace(winner, awards=awards, total=winner.prizes))
    return tuple(kept)


def categories_and_names(stories: Sequence[Story]) -> list[str]:
    """Each once: categories first, then winners."""
    categories = [award.category for story in stories for winner in story.winners for award in winner.awards]
    return list(dict.fromkeys([*categories, *(winner.name for story in stories for winner in story.winners)]))
