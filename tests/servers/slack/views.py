"""Modals and App Homes: what an app has opened for people, and whether Slack would take it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.servers.slack import reading
from tests.servers.slack.blocks import VIEW_BLOCKS, faults_of, walk
from tests.servers.slack.naming import named
from tests.servers.slack.refusal import Refusal

STACK = 3
KEYS = {
    "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close",
    "notify_on_close", "external_id", "submit_disabled",
}  # fmt: skip
UNSAID = {
    "private_metadata": "", "callback_id": "", "external_id": "", "close": None, "submit": None,
    "clear_on_close": False, "notify_on_close": False, "title": {"type": "plain_text", "text": ""},
}  # fmt: skip
MOST = {"private_metadata": 3000, "callback_id": 255, "external_id": 255}


@dataclass(slots=True)
class View:
    """`sent` is the newest version as the app sent it, `versions` all of them; `open` falls when it is closed."""

    id: str
    team: str
    user: str
    bot_id: str
    app_id: str
    sent: dict[str, Any]
    hash: str
    root: str
    previous: str | None = None
    versions: list[dict[str, Any]] = field(default_factory=list)
    open: bool = True
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = self.shown()["blocks"]
        return blocks

    @property
    def title(self) -> str:
        return str(self.sent.get("title", {}).get("text", ""))

    @property
    def reads(self) -> str:
        return reading.reads("", self.blocks)

    def shown(self, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """As interactions carry it; `values` is the state of the inputs."""
        return {
            **UNSAID,
            **self.sent,
            "id": self.id,
            "team_id": self.team,
            "app_id": self.app_id,
            "app_installed_team_id": self.team,
            "bot_id": self.bot_id,
            "hash": self.hash,
            "root_view_id": self.root,
            "previous_view_id": self.previous,
            "blocks": named(self.sent["blocks"], self.id),
            "state": {"values": dict(values or {})},
        }


class Views:
    """Kept by id; a home is kept by workspace and person too."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._numbers = count(1)
        self.known: dict[str, View] = {}
        self.homes: dict[tuple[str, str], View] = {}

    def open(self, team: str, user: str, bot_id: str, sent: object, previous: View | None = None) -> View:
        checked = check(sent, "modal")
        if previous and self._depth(previous) >= STACK:
            raise Refusal("push_limit_reached")
        return self._add(team, user, bot_id, checked, previous)

    def publish(self, team: str, user: str, bot_id: str, sent: object, hash_: str | None) -> View:
        """Slack: views.publish. One home a person; `hash_` guards against races."""
        checked = check(sent, "home")
        home = self.homes.get((team, user))
        if home is None:
            self.homes[team, user] = home = self._add(team, user, bot_id, checked, None)
            return home
        return self.change(home, checked, hash_)

    def update(self, team: str, view_id: str | None, external_id: str | None, sent: object, hash_: str | None) -> View:
        for view in self.known.values():
            if view.team == team and view.open and self._meant(view, view_id, external_id):
                return self.change(view, check(sent, view.sent["type"]), hash_)
        raise Refusal("not_found")

    def change(self, view: View, checked: dict[str, Any], hash_: str | None = None) -> View:
        if hash_ is not None and hash_ != view.hash:
            raise Refusal("hash_conflict")
        view.sent, view.hash, view.errors = checked, self._hash(), {}
        view.versions.append(checked)
        return view

    def close(self, view: View, *, stack: bool) -> None:
        """The view alone, or every view on top of each other that it belongs to."""
        for other in self.known.values():
            if other is view or (stack and other.root == view.root):
                other.open = False

    def _add(self, team: str, user: str, bot_id: str, checked: dict[str, Any], previous: View | None) -> View:
        view_id = f"V{next(self._numbers):010d}"
        root, before = (previous.root, previous.id) if previous else (view_id, None)
        view = View(view_id, team, user, bot_id, self._app_id, checked, self._hash(), root, before, [checked])
        self.known[view_id] = view
        return view

    def _hash(self) -> str:
        return f"1700000000.h{next(self._numbers)}"

    def _depth(self, view: View) -> int:
        return sum(other.root == view.root and other.open for other in self.known.values())

    @staticmethod
    def _meant(view: View, view_id: str | None, external_id: str | None) -> bool:
        return view.id == view_id or (external_id is not None and view.sent.get("external_id") == external_id)


def check(sent: object, kind: str) -> dict[str, Any]:
    """Slack: views.open. `invalid_arguments` with every place."""
    if not isinstance(sent, dict):
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] view must be an object"]})
    faults = _faults(sent, kind)
    if faults:
        raise Refusal("invalid_arguments", response_metadata={"messages": [f"[ERROR] {fault}" for fault in faults]})
    return sent


def _faults(sent: dict[str, Any], kind: str) -> list[str]:
    blocks = sent.get("blocks")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return ["missing required field: blocks [json-pointer:/view]"]
    faults = [f"invalid additional property: {key} [json-pointer:/view]" for key in sent.keys() - KEYS]
    if sent.get("type") != kind:
        faults.append(f"must be {kind} [json-pointer:/view/type]")
    if kind == "modal" and not sent.get("title"):
        faults.append("missing required field: title [json-pointer:/view]")
    lengths = {f"{key}/text": (len((sent.get(key) or {}).get("text", "")), 24) for key in ("title", "submit", "close")}
    lengths |= {key: (len(sent.get(key) or ""), most) for key, most in MOST.items()}
    for key, (length, most) in lengths.items():
        if length > most:
            faults.append(f"must be less than {most + 1} characters [json-pointer:/view/{key}]")
    if kind == "modal" and not sent.get("submit") and any(node.get("type") == "input" for node in walk(blocks)):
        faults.append("missing required field: submit [json-pointer:/view]")
    return [*faults, *faults_of(blocks, VIEW_BLOCKS, "/view/blocks")]
