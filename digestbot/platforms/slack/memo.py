"""A memo: what a view remembers of why it was opened; Slack keeps it, so we need no state of our own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

LONGEST: Final = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """`channel` is empty in the App Home, `home` says that the view came from there.

    `fixed` are options that no input of the form shows, `changed` the names of those that were changed in an earlier
    state of it, `more` whether all inputs are shown. `url` answers the typed command.
    """

    verb: str = ""
    channel: str = ""
    home: bool = False
    more: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    url: str | None = None

    def written(self) -> str:
        """ASCII, so that no way of counting gives more; what is too long goes, first the url."""
        text = self._json()
        if len(text) <= LONGEST:
            return text
        if self.url:
            return replace(self, url=None).written()
        longest = max(self.fixed, key=lambda name: len(self.fixed[name]), default=None)
        if longest is None:
            return replace(self, changed=frozenset()).written() if self.changed else ""
        return replace(self, fixed={name: text for name, text in self.fixed.items() if name != longest}).written()

    def _json(self) -> str:
        kept: dict[str, Any] = {
            "v": self.verb,
            "c": self.channel,
            "h": self.home,
            "m": self.more,
            "o": dict(self.fixed),
            "d": sorted(self.changed),
            "u": self.url,
        }
        return json.dumps({key: value for key, value in kept.items() if value}, separators=(",", ":"))


def memo_of(view: Mapping[str, Any]) -> Memo:
    """An empty one where the view is not one of ours."""
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        kept = {}
    kept = kept if isinstance(kept, dict) else {}
    return Memo(
        verb=kept.get("v", ""),
        channel=kept.get("c", ""),
        home=kept.get("h", False),
        more=kept.get("m", False),
        fixed=kept.get("o", {}),
        changed=frozenset(kept.get("d", ())),
        url=kept.get("u"),
    )
