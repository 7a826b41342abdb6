"""Roll-ups: the winners of several stories as one list, and the story that leads them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from digestbot.domain.slug import slug
from digestbot.domain.story import Award, AwardStatus, Result, Story, Winner

UNSURE: Mapping[Result | None, str] = {Result.PROJECTED: "projected", Result.DISPUTED: "disputed"}
"""What a roll-up says beside an award whose story is not sure of it."""


@dataclass(slots=True)
class _Row:
    """One winner while stories are added: awards by category, each with its story's doubt."""

    name: str
    total: int | None = None
    awards: dict[str, tuple[Award, str | None]] = field(default_factory=dict)


def merged(stories: Iterable[Story]) -> tuple[Winner, ...]:
    """Each winner once, each category of theirs once, the highest total; retracted stories give nothing.

    In order of first appearance, so that a growing list grows at its end. What a later story says of an award holds;
    a projection goes as soon as another story gives that category to someone.
    """
    standing = sorted((story for story in stories if not story.retracted), key=lambda story: (story.live_at, story.id))
    decided = {
        _key(award.category)
        for story in standing
        if story.result is not Result.PROJECTED
        for winner in story.winners
        for award in winner.awards
    }
    rows: dict[str, _Row] = {}
    for story in standing:
        for winner in story.winners:
            _add(rows, winner, story.result, decided)
    return tuple(_winner(row) for row in rows.values())


def leading(stories: Iterable[Story]) -> Story | None:
    """The most important, then newest story, one with a quote before those without; None if all are retracted."""
    standing = [story for story in stories if not story.retracted]
    return max(
        standing,
        key=lambda story: (story.key_quote is not None, story.importance.rank, story.live_at, story.id),
        default=None,
    )


def prizes(awards: Sequence[Award]) -> int:
    """How many of them are held: not declined, vacated or not awarded."""
    return sum(award.status.held for award in awards)


def _add(rows: dict[str, _Row], winner: Winner, result: Result | None, decided: set[str]) -> None:
    kept = [award for award in winner.awards if result is not Result.PROJECTED or _key(award.category) not in decided]
    if winner.awards and not kept:
        return
    row = rows.setdefault(_key(winner.name), _Row(winner.name))
    totals = [total for total in (row.total, winner.total) if total is not None]
    row.total = max(totals, default=None)
    for award in kept:
        before, _ = row.awards.get(_key(award.category), (award, None))
        status = AwardStatus.VACATED if result is Result.VACATED else award.status
        newest = replace(award, work=award.work or before.work, note=award.note or before.note, status=status)
        row.awards[_key(award.category)] = (newest, UNSURE.get(result))


def _winner(row: _Row) -> Winner:
    awards = tuple(
        replace(award, note="; ".join(filter(None, (award.note, doubt)))) if doubt else award
        for award, doubt in row.awards.values()
    )
    return Winner(name=row.name, awards=awards, total=row.total and max(row.total, prizes(awards)))


def _key(text: str) -> str:
    return slug(text) or text.casefold()
