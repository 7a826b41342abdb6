"""`import`: a sheet compared with what there is, and followed if asked to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from digestbot.commands.channels import channel_names
from digestbot.commands.difference import Difference, Row, follow
from digestbot.commands.difference_text import difference_lines, shown
from digestbot.commands.sheet_reading import read_sheet
from digestbot.commands.sheet_wishes import difference_of
from digestbot.commands.visit import Visit
from digestbot.commands.wishes import strangers
from digestbot.commands.wording import in_words, what_in_words
from digestbot.domain.command import File, Reply
from digestbot.errors import BrokenFiles, Problem

_MOST_ROWS = 8
_MOST_PROBLEMS = 8
_MOST_NOTES = 3
_LONGEST = 200
"""Characters of a text in the card, which must fit one page of any platform."""


async def import_(visit: Visit) -> Reply:
    """Its card has no pages: asking again would need the whole file. What has no room comes as a file."""
    text = visit.arguments.required("file")
    apply, prune = visit.arguments.flag("apply"), visit.arguments.flag("prune")
    try:
        sheet = read_sheet(text)
        async with visit.desk.writing:
            place = visit.place
            found = await difference_of(sheet, visit.desk, place.platform, place.tenant, visit.now, prune=prune)
            waiting = await _follow(visit, found) if apply else 0
    except BrokenFiles as broken:
        return _faults(visit, broken.problems)
    names = await channel_names(visit)
    values = {**_values(visit, found, names), "applied": apply, "prune": prune, "waiting": waiting}
    reply = visit.done("import", values)
    if not values["more"] and not values["shortened"]:
        return reply
    return replace(reply, file=File("difference.txt", "\n".join([*difference_lines(found, names), ""])))


async def _follow(visit: Visit, difference: Difference) -> int:
    place = visit.place
    return await follow(
        visit.desk, place.platform, place.tenant, difference, now=visit.now, created_by=visit.request.member.id
    )


def _values(visit: Visit, found: Difference, names: Mapping[str, str]) -> dict[str, Any]:
    rows = found.of("new", "changed", "ended", "kept")
    filters = [row.wanted.filter for row in found.of("new", "changed") if _filter_changed(row)]
    notes = dict.fromkeys(note for each in filters for note in strangers(each, visit.sight))
    return {
        "differs": found.any,
        "settled": [{"name": each.name, "old": each.old, "new": each.new} for each in found.settled],
        "rows": [_row(row, names) for row in rows[:_MOST_ROWS]],
        "more": max(0, len(rows) - _MOST_ROWS),
        "shortened": any(len(text) > _LONGEST for row in rows[:_MOST_ROWS] for text in _texts(row, names)),
        "unchanged": found.counts["unchanged"],
        "kept": found.counts["kept"],
        "notes": list(notes)[:_MOST_NOTES],
    }


def _filter_changed(row: Row) -> bool:
    return row.known is None or row.known.filter != row.wanted.filter


def _row(row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    what, changes = _texts(row, names)
    channel = row.wanted.place.channel
    words = in_words(row.wanted, names.get(channel, channel))
    return {**words, "kind": row.kind, "what": _clipped(what), "changes": _clipped(changes)}


def _texts(row: Row, names: Mapping[str, str]) -> tuple[str, str]:
    """What it posts, and what changes."""
    changes = ((change.name, *shown(change, names)) for change in row.changes)
    return what_in_words(row.wanted.filter), "; ".join(f"{name} {old} → {new}" for name, old, new in changes)


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _faults(visit: Visit, problems: Sequence[Problem]) -> Reply:
    """All of them: in the card while there is room, and in a file if there is not."""
    told = [{"line": each.line, "column": each.column, "message": _clipped(each.message)} for each in problems]
    more = max(0, len(told) - _MOST_PROBLEMS)
    shortened = any(len(each.message) > _LONGEST for each in problems)
    values = {"problems": told[:_MOST_PROBLEMS], "count": len(told), "more": more, "shortened": shortened}
    reply = visit.done("import_faults", values)
    file = None if not more and not shortened else File("problems.txt", "".join(f"{each}\n" for each in problems))
    return replace(reply, mistake=True, file=file)
