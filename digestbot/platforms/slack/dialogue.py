"""The dialogue: what a view of ours shows next, for whoever asks; whatever happens, something."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import structlog

from digestbot.domain.command import Reply, Verb
from digestbot.errors import UserMistake
from digestbot.platforms.slack.answers import sentence
from digestbot.platforms.slack.asking import Asker, Asking
from digestbot.platforms.slack.entries import Entries, entries, file_in
from digestbot.platforms.slack.forms import CHANGING, View, asks, behind, form, menu
from digestbot.platforms.slack.memo import Memo, memo_of
from digestbot.platforms.slack.replies import answer, page_of
from digestbot.platforms.slack.uploads import Uploads

_NOT_CARRIED: Final = frozenset({"share", "page"})
_log = structlog.get_logger("slack")


class Dialogue:
    """Who may do what is asked of the commands at each step; nothing here raises."""

    def __init__(self, asking: Asking, uploads: Uploads) -> None:
        self._asking = asking
        self._uploads = uploads

    async def begun(self, asker: Asker, verb: Verb | None, options: Mapping[str, str], memo: Memo) -> View:
        """The menu, the verb's form, or its answer where there is nothing to fill in."""
        if verb is None:
            return await self.menu(asker, memo)
        if not asks(verb):
            return title_and_answer(verb, await self.reply(asker, verb, options), memo)
        return await self.form(asker, verb, options, memo)

    async def menu(self, asker: Asker, memo: Memo) -> View:
        member = await self._asking.member(asker, fresh=False)
        return menu([verb for verb in self._asking.commands.verbs if member.admin or not verb.admin], memo)

    async def form(self, asker: Asker, verb: Verb, options: Mapping[str, str], memo: Memo) -> View:
        """Filled with what there is and what was given; else what commands say of it. Nothing is changed by it."""
        given = {name: text for name, text in options.items() if name not in _NOT_CARRIED and text.strip()}
        try:
            filled = await self._asking.filled(asker, verb, given)
        except UserMistake as mistake:
            return title_and_answer(verb, sentence(str(mistake)), memo)
        except Exception:  # noqa: BLE001 - whatever it is, the person gets an answer and the log the reason
            return title_and_answer(verb, _incident(verb), memo)
        named = {name: text for name, text in given.items() if name == "subscription"}
        if filled is None or (verb.name == "edit" and named and not filled):
            return title_and_answer(verb, await self.reply(asker, verb, named), memo)
        return form(verb, filled or given, _remembering(verb, given, filled, memo))

    async def widened(self, asker: Asker, verb: Verb, view: Mapping[str, Any]) -> View:
        """The same form with all its inputs, and with what was entered so far."""
        memo, found = memo_of(view), entries(view)
        wide = await self.form(asker, verb, {**memo.fixed, **found.now}, replace(memo, more=True))
        known = replace(memo, more=True, changed=memo.changed | found.changed)
        return {**wide, "private_metadata": known.written()} if wide.get("submit") else wide

    async def submitted(self, asker: Asker, verb: Verb, view: Mapping[str, Any]) -> tuple[View, Reply | None]:
        """The answer; after a mistake the same form with the sentence above it. No reply where more is asked."""
        memo, found = memo_of(view), entries(view)
        if verb.name == "edit" and "subscription" not in memo.fixed:
            return await self.form(asker, verb, {**memo.fixed, **found.now}, replace(memo, fixed={})), None
        try:
            options = {**memo.fixed, **_asked(verb, found, memo), **await self._files(asker, verb, view)}
            reply = await self.reply(asker, verb, options)
        except UserMistake as mistake:
            reply = sentence(str(mistake))
        except Exception:  # noqa: BLE001 - as above
            reply = _incident(verb)
        if reply.mistake and reply.file is None:
            again = replace(memo, changed=memo.changed | found.changed)
            return form(verb, found.now, again, page_of(reply)), reply
        return title_and_answer(verb, reply, memo), reply

    async def reply(self, asker: Asker, verb: Verb, options: Mapping[str, str]) -> Reply:
        try:
            return await self._asking.ask(asker, verb, options)
        except UserMistake as mistake:
            return sentence(str(mistake))
        except Exception:  # noqa: BLE001 - as above
            return _incident(verb)

    async def _files(self, asker: Asker, verb: Verb, view: Mapping[str, Any]) -> dict[str, str]:
        """Only whoever may use the verb has a file fetched."""
        names = [option.name for option in verb.options if option.kind == "file"]
        found = {name: file for name in names if (file := file_in(view, name))}
        if not found or await self._asking.filled(asker, verb, {}) is None:
            return {}
        return {name: await self._uploads.text(asker.tenant, file) for name, file in found.items()}


def title_of(verb: Verb | None) -> str:
    return f"/news {verb.name}" if verb else "/news"


def title_and_answer(verb: Verb, reply: Reply, memo: Memo) -> View:
    return answer(title_of(verb), reply, replace(memo, verb=verb.name))


def _remembering(verb: Verb, given: Mapping[str, str], filled: Mapping[str, str], memo: Memo) -> Memo:
    """What is behind “More options” and was given is shown at once; what was given to be changed counts as changed."""
    more = memo.more or bool(given.keys() & behind(verb))
    if verb.name not in CHANGING:
        return replace(memo, verb=verb.name, more=more)
    changed = memo.changed | (given.keys() - {"subscription"})
    fixed = {"subscription": filled["subscription"]} if "subscription" in filled else dict(given)
    return replace(memo, verb=verb.name, more=more, changed=changed, fixed=fixed if verb.name == "edit" else {})


def _asked(verb: Verb, found: Entries, memo: Memo) -> Mapping[str, str]:
    return found.of(found.changed | memo.changed) if verb.name in CHANGING else found.now


def _incident(verb: Verb) -> Reply:
    incident = secrets.token_hex(4)
    _log.exception("slack.incident", incident=incident, verb=verb.name)
    return sentence(f"Something is broken on our side. Tell whoever runs this bot: incident {incident}.")
