"""Every reply template, rendered by the real renderer with values that do their worst."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from digestbot.domain.card import Actions, Card, Link, Spoiler, Time, lines_of
from digestbot.ports import Setting
from digestbot.rendering.renderer import Renderer
from tests.unit.commands.world import NOW, TEMPLATES, text_of

NASTY = "*_`~|[x](http://evil.example) <@1> @everyone # ::: {{ x }} \n- y"
SEEN = " ".join(NASTY.split())
"""What a reader sees of it: the same letters on one line."""

_SUBSCRIPTION = {
    "id": NASTY,
    "channel": NASTY,
    "what": NASTY,
    "when": NASTY,
    "instant": False,
    "timezone": NASTY,
    "next": NOW,
    "paused": False,
    "quiet": NASTY,
    "spoilers": NASTY,
    "mention": NASTY,
}
_PAUSED = {**_SUBSCRIPTION, "paused": True, "next": None, "instant": True, "quiet": None, "mention": None}
_EVENT = {
    "id": "x",
    "name": NASTY,
    "kind": NASTY,
    "at": NOW,
    "day": None,
    "last_day": None,
    "where": NASTY,
    "url": "https://example.org/",
    "categories": [NASTY],
}
_BARE_EVENT = {**_EVENT, "kind": None, "at": None, "where": "", "url": None, "categories": []}
_DAYS = {**_BARE_EVENT, "day": date(2026, 1, 2), "last_day": date(2026, 1, 4)}
_STORY = {
    "text": NASTY,
    "when": NASTY,
    "story": NASTY,
    "headline": NASTY,
    "event": NASTY,
    "at": NOW,
    "hidden": False,
    "number": 1,
}
_HIDDEN = {**_STORY, "hidden": True, "number": 2, "when": None, "event": None}
_STAGES = [{"name": NASTY, "passed": passed, "reason": NASTY} for passed in (True, False)]
_OUTCOME = {"sign": "✓", "words": NASTY, "at": NOW, "due": NOW, "error": NASTY, "doubt": None}
_UNDECIDED = {"sign": "…", "words": NASTY, "at": None, "due": None, "error": NASTY, "doubt": "abc"}
_POST = {"at": NASTY, "night": True, "stories": [NASTY, NASTY], "grown": [NASTY]}
_FAULT = {"subscription": NASTY, "words": NASTY, "error": NASTY, "at": NOW}
_DOUBT = {"delivery": "abc", "channel": NASTY, "titles": [NASTY, NASTY], "error": NASTY, "at": NOW}
_SOUND: dict[str, Any] = {"outage": None, "quarantines": [], "doubts": [], "undecided": 0}
_VERB = {"name": NASTY, "main": NASTY, "summary": NASTY}
_CHANGE = {"name": NASTY, "old": NASTY, "new": NASTY}
_ROWS = [
    {**each, "kind": kind, "changes": NASTY if kind == "changed" else ""}
    for each in (_SUBSCRIPTION, _PAUSED)
    for kind in ("new", "changed", "ended", "kept")
]
_OPTION = {
    "name": NASTY,
    "summary": NASTY,
    "required": True,
    "main": True,
    "choices": [NASTY, NASTY],
    "example": NASTY,
}

SAMPLES: Mapping[str, list[dict[str, Any]]] = {
    "mistake": [{"sentence": NASTY}],
    "nothing": [{"sentence": NASTY}],
    "nothing_new": [{}],
    "event": [_EVENT, _BARE_EVENT, _DAYS],
    "upcoming": [{"events": [_EVENT, _DAYS, _BARE_EVENT] * 3}],
    "quotes": [{"speaker": NASTY, "quotes": [_STORY, _HIDDEN], "rows": [[_STORY] * 5, [_HIDDEN]]}],
    "search": [
        {"words": NASTY, "count": 2, "more": True, "groups": [[_STORY, _HIDDEN]]},
        {"words": NASTY, "count": 1, "more": False, "groups": [[_STORY]]},
    ],
    "subscribed": [
        {**_SUBSCRIPTION, "new": True, "notes": [NASTY, NASTY], "posts": NASTY},
        {**_PAUSED, "new": False, "notes": [], "posts": None},
    ],
    "subscriptions": [
        {"subscriptions": [{**_SUBSCRIPTION, "quarantine": NASTY}, {**_PAUSED, "quarantine": None}], "quota": 50},
        {"subscriptions": [], "quota": 50},
    ],
    "subscription": [{**_SUBSCRIPTION, "line": NASTY}, {**_PAUSED, "line": NASTY}],
    "edited": [
        {**_SUBSCRIPTION, "line": NASTY, "notes": [NASTY], "waiting": 2},
        {**_PAUSED, "line": NASTY, "notes": [], "waiting": 0},
    ],
    "state": [
        {**each, "state": state, "already": already}
        for each in (_SUBSCRIPTION, _PAUSED)
        for state in ("paused", "active", "ended")
        for already in (True, False)
    ],
    "why": [
        {
            "headline": NASTY,
            "story": NASTY,
            "channel": NASTY,
            "subscriptions": [
                {**_SUBSCRIPTION, "stages": _STAGES, "outcome": _OUTCOME, "verdict": None},
                {**_SUBSCRIPTION, "stages": _STAGES, "outcome": _UNDECIDED, "verdict": None},
                {**_PAUSED, "stages": _STAGES, "outcome": None, "verdict": f"{NASTY} next digest."},
            ],
        },
        {"headline": NASTY, "story": NASTY, "channel": NASTY, "subscriptions": []},
    ],
    "backtest": [
        {
            **{key: _SUBSCRIPTION[key] for key in ("what", "when", "instant", "timezone", "quiet")},
            "subscription": NASTY,
            "days": 7,
            "count": 2,
            "capped": True,
            "night": 1,
            "edits": 1,
            "posts": [_POST, {**_POST, "night": False, "stories": [], "grown": []}],
        },
        {
            **{key: _PAUSED[key] for key in ("what", "when", "instant", "timezone", "quiet")},
            "subscription": None,
            "days": 1,
            "count": 0,
            "capped": False,
            "night": 0,
            "edits": 0,
            "posts": [],
        },
    ],
    "status": [
        {
            "broken": True,
            "outage": NASTY,
            "quarantines": [{"channel": NASTY, "id": "C1:17.01", "since": NOW, "reason": NASTY, "next": NOW}],
            "doubts": [_DOUBT, {**_DOUBT, "titles": [], "error": None}],
            "undecided": 1,
            "faults": [_FAULT, {**_FAULT, "error": None}],
            "last_post": NOW,
            "active": 1,
            "subscriptions": [{**_SUBSCRIPTION, "trouble": None}, {**_PAUSED, "trouble": NASTY}],
            "problems": 2,
            "counts": [{"state": NASTY, "count": 2}, {"state": "gone", "count": 1}],
        },
        *(
            {"broken": False, **_SOUND, "faults": [], "last_post": None, "active": active, **rest}
            for active in (0, 1)
            for rest in ({"subscriptions": [], "problems": 0, "counts": []},)
        ),
    ],
    "settled": [
        {"how": how, "done": done, "state": NASTY, "titles": [NASTY]}
        for how, done in (("resend", True), ("leave", True), ("leave", False))
    ],
    "retried": [{"channel": NASTY}],
    "closed": [{"channel": NASTY, "subscriptions": ["abc", "def"], "since": NOW, "reason": NASTY, "next": NOW}],
    "reopened": [{"late": late, "skipped": skipped} for late, skipped in ((0, 0), (1, 1), (2, 3))],
    "followed": [
        {"event": NASTY, "id": "gala", "already": already, "fault": fault}
        for already, fault in ((False, None), (True, None), (True, NASTY))
    ],
    "unfollowed": [{"event": NASTY, "id": "gala", "again": again} for again in (True, False)],
    "forget": [
        {"done": done, "own": own, "subscriptions": 1, "posts": 2, "settings": settings, "nothing": nothing}
        for done, own, settings, nothing in ((0, 0, 1, 0), (1, 0, 0, 0), (0, 1, 0, 0), (1, 1, 0, 1))
    ],
    "home": [
        {
            "follows": [{"id": "gala", "name": NASTY}],
            "admin": True,
            "subscriptions": [_SUBSCRIPTION, _PAUSED],
            "quota": 50,
        },
        {"follows": [], "admin": True, "subscriptions": [], "quota": 50},
        {"follows": [], "admin": False, "subscriptions": [], "quota": 50},
    ],
    "settings": [{"zone_name": NASTY, "language": NASTY, "spoilers": NASTY, "changed": changed} for changed in (1, 0)],
    "export": [{"count": 2, "name": NASTY}],
    "import": [
        {
            "differs": differs,
            "applied": applied,
            "prune": prune,
            "more": 2,
            "shortened": True,
            "unchanged": 1,
            "kept": 1,
            "settled": [_CHANGE],
            "rows": _ROWS,
            "notes": [NASTY],
            "waiting": 2,
        }
        for differs, applied, prune in ((True, False, False), (True, True, True), (False, False, False))
    ],
    "import_faults": [
        {"problems": [{"line": 1, "column": 2, "message": NASTY}], "count": 3, "more": 2, "shortened": False},
        {"problems": [{"line": 0, "column": 0, "message": NASTY}], "count": 1, "more": 0, "shortened": True},
    ],
    "help": [{"everyone": [_VERB, {**_VERB, "main": None}], "admins": [_VERB]}, {"everyone": [_VERB], "admins": []}],
    "verb": [
        {"name": NASTY, "summary": NASTY, "admin": True, "options": [_OPTION], "examples": [NASTY, NASTY]},
        {
            "name": NASTY,
            "summary": NASTY,
            "admin": False,
            "examples": [NASTY],
            "options": [{**_OPTION, "required": False, "main": False, "choices": []}],
        },
    ],
    "privacy": [{"grace": 30, "keep": 400}, {"grace": 1, "keep": 31}],
}

ALL = pytest.mark.parametrize(
    ("name", "values"), [(name, values) for name, every in SAMPLES.items() for values in every]
)


def rendered(renderer: Renderer, name: str, values: Mapping[str, Any], locale: str = "en") -> Card:
    return renderer.reply(name, values, Setting(locale=locale, zone="Europe/Paris", command="help"))


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, str):
        yield value


def test_every_reply_template_has_its_samples() -> None:
    files = {path.name.removesuffix(".md.j2") for path in (TEMPLATES / "replies").glob("*.md.j2")}
    assert files == set(SAMPLES)


def test_every_reply_that_is_asked_for_has_its_template() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((TEMPLATES.parent / "digestbot").rglob("*.py"))
    )
    asked = set(re.findall(r"""(?:\.reply|\.done)\(\s*"(\w+)\"""", code))
    asked |= set(re.findall(r"""renderer\.reply\("(\w+)\"""", code)) | {"nothing_new"}
    assert asked == set(SAMPLES)


@ALL
@pytest.mark.parametrize("locale", ["en", "fr", "ar", "ja"])
def test_every_reply_is_a_card_in_every_language(
    renderer: Renderer, name: str, values: dict[str, Any], locale: str
) -> None:
    card = rendered(renderer, name, values, locale)
    assert card.blocks
    assert (card.command, card.locale) == ("help", locale)


@ALL
def test_values_are_letters_whatever_they_look_like(renderer: Renderer, name: str, values: dict[str, Any]) -> None:
    """What is typed and what stories hold reaches the card as it is, and makes no link, time or button of its own."""
    card = rendered(renderer, name, values)
    if NASTY in texts_in(values):
        assert SEEN in text_of(card)
    links = [part for block in card.blocks for line in lines_of(block) for part in line if isinstance(part, Link)]
    assert {link.url for link in links} <= {"https://example.org/"}
    times = [part for block in card.blocks for line in lines_of(block) for part in line if isinstance(part, Time)]
    assert {time.at for time in times} <= {NOW}


@ALL
def test_buttons_run_commands_that_can_be_read(renderer: Renderer, name: str, values: dict[str, Any]) -> None:
    inner = [
        each
        for block in rendered(renderer, name, values).blocks
        for each in (block.blocks if isinstance(block, Spoiler) else (block,))
    ]
    buttons = [button for block in inner if isinstance(block, Actions) for button in block.buttons]
    assert all(len(block.buttons) <= 5 for block in inner if isinstance(block, Actions))
    verbs = {"story", "event", "follow", "unfollow", "forget"}
    verbs |= {"preview", "backtest", "subscriptions", "edit", "pause", "resume"}
    verbs |= {"latest", "upcoming", "help", "subscribe", "settings", "status", "unsubscribe", "settle", "retry"}
    assert {str(button.command).split(" ", maxsplit=1)[0] for button in buttons} <= verbs
    assert all(button.label for button in buttons)


def test_hidden_stories_show_nothing_outside_the_spoiler(renderer: Renderer) -> None:
    hidden = {**_HIDDEN, "headline": "SECRET", "text": "SECRET", "when": "SECRET"}
    for name, values in (
        ("quotes", {"speaker": "x", "quotes": [hidden], "rows": [[hidden]]}),
        ("search", {"words": "x", "count": 1, "more": False, "groups": [[hidden]]}),
    ):
        lines = text_of(rendered(renderer, name, values)).splitlines()
        assert [line for line in lines if "SECRET" in line and not line.startswith("|")] == []
        assert [line for line in lines if "SECRET" in line]
