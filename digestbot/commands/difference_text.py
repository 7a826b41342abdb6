"""A difference in words: lines of plain text, for the command line and for what a card has no room for."""

from collections.abc import Iterator, Mapping

from digestbot.commands.difference import Change, Difference, Row


def difference_lines(difference: Difference, names: Mapping[str, str]) -> Iterator[str]:
    """All but what stays as it is, which is counted; `names` are those of channels by id."""
    if difference.settled:
        yield "settings:"
        yield from (f"  {_change(change, names)}" for change in difference.settled)
    for row in difference.of("new", "changed", "ended", "kept"):
        yield _head(row, names)
        if row.kind == "changed":
            yield from (f"  {_change(change, names)}" for change in row.changes)
    yield f"unchanged: {difference.counts['unchanged']}"


def _head(row: Row, names: Mapping[str, str]) -> str:
    channel = row.wanted.place.channel
    said = f"{row.wanted.filter}, {row.wanted.cadence}"
    named = f"{row.kind} {row.wanted.id}".strip()
    where = f"{channel} ({names[channel]})" if names.get(channel, channel) != channel else channel
    ending = ": not in the file" if row.kind == "kept" else ""
    return f"{named} in {where}: {said}{ending}" if row.kind != "changed" else f"{named} in {where}:"


def _change(change: Change, names: Mapping[str, str]) -> str:
    old, new = shown(change, names)
    return f"{change.name}: {old} → {new}"


def shown(change: Change, names: Mapping[str, str]) -> tuple[str, str]:
    """Old and new, channels by their names."""
    if change.name != "channel":
        return change.old, change.new
    return names.get(change.old, change.old), names.get(change.new, change.new)
