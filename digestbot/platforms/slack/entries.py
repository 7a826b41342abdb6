"""Entries: what somebody has filled into a form, as the options that commands read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from digestbot.platforms.slack.inputs import state_of, text_in
from digestbot.platforms.slack.timing import DAYS, HOW, PARTS, composed, timing_faults

View = Mapping[str, Any]

_TAKEN_AWAY: Final[Mapping[str, str]] = {
    "layout": "default",
    "mention": "none",
    "quiet": "none",
    "style": "default",
    "template": "default",
}
"""What an emptied input asks for; of other options the present value cannot be taken away."""


@dataclass(frozen=True, slots=True)
class Entries:
    """By option, blank ones left out: `now`, and `before` anybody touched it. `faults` by block."""

    now: Mapping[str, str]
    before: Mapping[str, str]
    faults: Mapping[str, str]

    @property
    def changed(self) -> frozenset[str]:
        names = {*self.now, *self.before}
        return frozenset(name for name in names if self.now.get(name) != self.before.get(name))

    def of(self, names: frozenset[str]) -> dict[str, str]:
        """Those options alone; an emptied one asks to take away what there is."""
        found = {name: self.now.get(name) or _TAKEN_AWAY.get(name, "") for name in names}
        return {name: text for name, text in found.items() if text}


def entries(view: View) -> Entries:
    """Slack says of every input what it holds; of one that it leaves out, what it was filled with counts."""
    values = (view.get("state") or {}).get("values") or {}
    now, before, faults = {}, {}, {}
    for block in _inputs(view):
        name, first = block["block_id"], state_of(block["element"])
        state = (values.get(name) or {}).get(name) or first
        between = "," if name == DAYS else ", "
        now[name], before[name] = text_in(state, between), text_in(first, between)
        if not block.get("optional") and not now[name] and not state.get("files"):
            faults[name] = "This is needed."
    if HOW in now:
        faults |= timing_faults(now, before)
    return Entries(_options(now), _options(before), faults)


def file_in(view: View, option: str) -> Mapping[str, Any] | None:
    """What Slack tells of the file that was uploaded there."""
    state = (view.get("state") or {}).get("values", {}).get(option, {}).get(option) or {}
    first = next(iter(state.get("files") or []), None)
    return {"id": first} if isinstance(first, str) else first


def _inputs(view: View) -> Iterator[Mapping[str, Any]]:
    yield from (block for block in view.get("blocks", ()) if block.get("type") == "input")


def _options(texts: Mapping[str, str]) -> dict[str, str]:
    plain = {name: text for name, text in texts.items() if name not in PARTS and text}
    when = composed(texts)
    return {**plain, **({"when": when} if when else {})}
