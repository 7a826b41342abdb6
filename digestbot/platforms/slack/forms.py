"""Forms: a verb's options to fill in, and the menu of verbs, as Slack's modals."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from digestbot.domain.command import Option, Verb
from digestbot.domain.length import fitted
from digestbot.platforms.slack.inputs import Block, choices, input_block, plain
from digestbot.platforms.slack.memo import Memo
from digestbot.platforms.slack.timing import timing_blocks

View = dict[str, Any]

CALLBACK: Final = "news"
"""Of every view of ours: for a listener."""

MENU: Final = "verb"
"""The action id of the menu's choice."""

MORE: Final = "more"
"""That of the button which shows all inputs."""

LONGEST_TITLE: Final = 24
MOST_BLOCKS: Final = 100

CHANGING: Final = frozenset({"edit", "settings"})
"""Verbs whose form shows what there is: only what was changed in it is asked for."""

_NOT_OFFERED: Final = frozenset({"share", "page"})
_LONG: Final = frozenset({"subscribe", "edit"})
_EVERYDAY: Final = ("what", "when", "channel", "timezone", "spoilers", "mention")
_UNASKED: Final = frozenset({"spoilers"})
_SUBMITS: Final[Mapping[str, str]] = {
    "edit": "Save",
    "settings": "Save",
    "unsubscribe": "End",
    **{name: name.capitalize() for name in ("subscribe", "follow", "unfollow", "pause", "resume", "import", "forget")},
}
_CONVERSATION: Final = "D"


def lacks(verb: Verb, options: Mapping[str, str]) -> bool:
    """Whether the verb needs what is not given."""
    return any(option.required and not options.get(option.name, "").strip() for option in verb.options)


def asks(verb: Verb) -> bool:
    """Whether its form is worth a look: spoilers alone are not."""
    return any(option.name not in _NOT_OFFERED | _UNASKED for option in verb.options)


def behind(verb: Verb) -> frozenset[str]:
    """Names of the options that “More options” shows."""
    shown = {option.name for option in _first(verb)}
    return frozenset(option.name for option in _offered(verb) if option.name not in shown)


def menu(verbs: Iterable[Verb], memo: Memo) -> View:
    """The verbs to choose from, those for everybody first."""
    known = [verb for verb in verbs if not verb.hidden]
    groups = (
        ("Anyone", [verb for verb in known if not verb.admin]),
        ("Those who manage this workspace", [verb for verb in known if verb.admin]),
    )
    offered = [
        {"label": plain(label, 75), "options": choices((f"{verb.name}: {verb.summary}", verb.name) for verb in group)}
        for label, group in groups
        if group
    ]
    select = {"type": "static_select", "action_id": MENU, "placeholder": plain("Choose", 150), "option_groups": offered}
    question = plain("What do you want to do?", 3000)
    blocks = [{"type": "section", "block_id": MENU, "text": question, **({"accessory": select} if offered else {})}]
    return modal("/news", blocks, memo, close="Close")


def form(verb: Verb, filled: Mapping[str, str], memo: Memo, notice: Sequence[Block] = ()) -> View:
    """What is required and the main option first, then the everyday ones; the others where `memo.more` says so.

    `filled` are the texts that stand in it. `notice` stands above, as far as there is room. What an earlier state of
    the form holds stays, since the blocks keep their ids.
    """
    whole = memo.more or not behind(verb)
    options = _offered(verb) if whole else _first(verb)
    inputs = [block for option in _shown(verb, options, memo) for block in _inputs(verb, option, filled, memo)]
    further = [] if whole or _chooses(verb, memo) else [_more()]
    own = [{"type": "section", "text": plain(_about(verb, memo), 3000)}, *inputs, *further]
    above = list(notice)[: MOST_BLOCKS - len(own)]
    submit = "Next" if _chooses(verb, memo) else _SUBMITS.get(verb.name, "Show")
    return modal(f"/news {verb.name}", [*above, *own], memo, close="Cancel", submit=submit)


def modal(title: str, blocks: Sequence[Block], memo: Memo, *, close: str, submit: str | None = None) -> View:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(title, LONGEST_TITLE),
        "close": plain(close, LONGEST_TITLE),
        **({"submit": plain(fitted(submit, LONGEST_TITLE), LONGEST_TITLE)} if submit else {}),
        "private_metadata": memo.written(),
        "blocks": list(blocks),
    }


def _offered(verb: Verb) -> list[Option]:
    return [option for option in verb.options if option.name not in _NOT_OFFERED]


def _first(verb: Verb) -> list[Option]:
    offered = _offered(verb)
    if verb.name not in _LONG:
        return offered
    return [option for option in offered if option.required or option.main or option.name in _EVERYDAY]


def _shown(verb: Verb, options: Sequence[Option], memo: Memo) -> list[Option]:
    """In the order of the form; without those that are fixed, and without channels where there is but this one."""
    if _chooses(verb, memo):
        return [option for option in options if option.main]
    own = memo.channel.startswith(_CONVERSATION)
    known = [option for option in options if option.name not in memo.fixed and not (own and option.kind == "channel")]
    return sorted(known, key=lambda option: _place(verb, option))


def _place(verb: Verb, option: Option) -> tuple[int, int]:
    """The sort is stable: others stay as the verb has them."""
    if option.required or option.main:
        return (0, 0)
    if verb.name in _LONG and option.name in _EVERYDAY:
        return (1, _EVERYDAY.index(option.name))
    return (2, 0)


def _chooses(verb: Verb, memo: Memo) -> bool:
    """Whether it has to be said first what is to be changed."""
    return verb.name == "edit" and "subscription" not in memo.fixed


def _inputs(verb: Verb, option: Option, filled: Mapping[str, str], memo: Memo) -> list[Block]:
    text = filled.get(option.name)
    if option.name == "when":
        return timing_blocks(option, text, keeps=verb.name != "subscribe")
    beside = option.kind == "channel" and not option.main
    nowhere = beside and not memo.channel and not text
    required = option.required or nowhere or _chooses(verb, memo)
    return [input_block(option, text, required=required, current=beside and bool(memo.channel) and verb.name != "edit")]


def _more() -> Block:
    button = {"type": "button", "action_id": MORE, "text": plain("More options", 75)}
    return {"type": "actions", "block_id": MORE, "elements": [button]}


def _about(verb: Verb, memo: Memo) -> str:
    if verb.name == "edit":
        known = memo.fixed.get("subscription")
        return f"Subscription {known}" if known else "Which subscription is to be changed?"
    return verb.summary
