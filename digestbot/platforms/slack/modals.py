"""Modals: forms and answers in windows of their own, and the App Home; listeners call this once they acknowledged."""

import asyncio
import secrets
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import structlog

from digestbot.domain.command import Option, Reply, Verb
from digestbot.errors import DeliveryError, UserMistake
from digestbot.platforms.slack.answers import sentence
from digestbot.platforms.slack.api import Api
from digestbot.platforms.slack.asking import Asker, Asking
from digestbot.platforms.slack.buttons import command_of
from digestbot.platforms.slack.dialogue import Dialogue, title_and_answer, title_of
from digestbot.platforms.slack.entries import entries
from digestbot.platforms.slack.forms import CHANGING, MENU, MORE, View, lacks
from digestbot.platforms.slack.inputs import Element, choices
from digestbot.platforms.slack.memo import Memo, memo_of
from digestbot.platforms.slack.replies import answer, home_view, waiting
from digestbot.platforms.slack.screen import Screen, Shown
from digestbot.platforms.slack.uploads import Uploads
from digestbot.ports import Clock

SOON: Final = 1.5
"""Seconds in which an answer is shown at once; after them a view says that it is coming."""

PATIENCE: Final = 2.0
"""Seconds until a list to pick from is given up (Slack waits three)."""

_PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (0.25, 0.5, 1, 2, 4, 8))
"""Between attempts to find a view that Slack has been told to show, and does not show yet."""

_FREE: Final = frozenset({"what", "spoilers", "catchup", "quiet", "filter", "speaker"})
"""Options whose values are more than those that can be listed: what was typed may be picked too."""

_HOME: Final = "home"
_log = structlog.get_logger("slack")
Body = Mapping[str, Any]


class Modals:
    """`soon` is for tests. Whatever a view carries is only a wish: the commands decide, each time."""

    def __init__(self, asking: Asking, api: Api, uploads: Uploads, clock: Clock, *, soon: float = SOON) -> None:
        self._asking = asking
        self._api = api
        self._dialogue = Dialogue(asking, uploads)
        self._clock = clock
        self._soon = soon
        self._running: set[asyncio.Task[None]] = set()

    async def open(
        self, asker: Asker, trigger_id: str, verb: str | None, options: Mapping[str, str], url: str | None = None
    ) -> bool:
        """The menu without a verb, else its form; first of all a view that waits, while the trigger lives.

        False if Slack opens nothing any more: then nothing was asked, and the person waits for an answer.
        """
        known = self._asking.verb(verb) if verb else None
        memo = Memo(verb=known.name if known else "", channel=asker.channel, url=url)
        screen = await Screen.opened(self._api, asker.tenant, trigger_id, waiting(title_of(known), memo))
        if screen is None:
            return False
        await screen.show(await self._dialogue.begun(asker, known, options, memo))
        return True

    async def chosen(self, asker: Asker, body: Body) -> None:
        """block_actions within a view of ours; whatever else is pressed there is none of our business."""
        view: Body = body.get("view") or {}
        action: dict[str, Any] = next(iter(body.get("actions") or []), {})
        memo = memo_of(view)
        asker = replace(asker, channel=memo.channel)
        line = command_of(action) if view else None
        if line is not None:
            await self._pressed(asker, body, line)
        elif action.get("action_id") == MENU:
            verb = self._asking.verb((action.get("selected_option") or {}).get("value", ""))
            await self._shown(asker, view, verb, self._dialogue.begun(asker, verb, {}, memo))
        elif action.get("action_id") == MORE and (verb := self._asking.verb(memo.verb)):
            await self._shown(asker, view, verb, self._dialogue.widened(asker, verb, view))

    async def submitted(self, asker: Asker, body: Body) -> dict[str, Any] | None:
        """What the acknowledgement must carry, in time; a slow answer is shown once Slack shows that it is coming."""
        view = body["view"]
        memo = memo_of(view)
        asker = replace(asker, channel=memo.channel)
        verb = self._asking.verb(memo.verb)
        if verb is None:
            return None
        if faults := entries(view).faults:
            return {"response_action": "errors", "errors": dict(faults)}
        work = asyncio.ensure_future(self._done(asker, verb, view, memo))
        done, _ = await asyncio.wait({work}, timeout=self._soon)
        if done:
            return {"response_action": "update", "view": work.result()}
        name = secrets.token_hex(16)
        self._spawn(self._later(asker.tenant, name, work))
        return {"response_action": "update", "view": waiting(title_of(verb), memo, name)}

    async def options(self, asker: Asker, body: Body) -> list[Element]:
        """What can be picked, for a block_suggestion; nothing where it cannot be said in time, or to this person."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._offered(asker, body)
        except TimeoutError:
            return []
        except Exception:  # noqa: BLE001 - a list of suggestions is never worth a fault
            _log.exception("slack.options", action=body.get("action_id"))
            return []

    async def home(self, asker: Asker, hash_: str | None = None, options: Mapping[str, str] | None = None) -> None:
        """Publish it. With the `hash_` of the view that Slack told of, a newer one stays."""
        verb = self._asking.verb(_HOME)
        if verb is None:
            return
        reply = await self._dialogue.reply(replace(asker, channel=""), verb, options or {})
        try:
            view = home_view(reply)
            await self._api.call(asker.tenant, "views.publish", user_id=asker.user, view=view, hash=hash_)
        except DeliveryError as fault:
            _log.info("slack.unpublished", tenant=asker.tenant, reason=str(fault))

    async def drain(self, patience: float) -> None:
        """Wait so many seconds for what is in hand."""
        if self._running:
            await asyncio.wait(self._running, timeout=patience)

    async def _pressed(self, asker: Asker, body: Body, line: str) -> None:
        """A `/news` line, run as whoever presses it: in the modal, or from the Home in a new one."""
        view = body["view"]
        at_home, memo = view.get("type") == _HOME, memo_of(view)
        memo = Memo(channel=memo.channel, home=at_home or memo.home, url=memo.url)
        try:
            name, options = self._asking.commands.read(line)
        except UserMistake as mistake:
            await self._shown(asker, view, None, _ready(answer(title_of(None), sentence(str(mistake)), memo)), body)
            return
        verb = next(verb for verb in self._asking.commands.verbs if verb.name == name)
        if at_home and name == _HOME:
            await self.home(asker, view.get("hash"), options)
        else:
            coming = self._led_to(asker, verb, options, replace(memo, verb=name))
            await self._shown(asker, view, verb, coming, body)

    async def _led_to(self, asker: Asker, verb: Verb, options: Mapping[str, str], memo: Memo) -> View:
        """The form where the line lacks something, or is one of the Home's that change something; else the answer."""
        if lacks(verb, options) or (memo.home and verb.name in CHANGING):
            return await self._dialogue.form(asker, verb, options, memo)
        reply = await self._dialogue.reply(asker, verb, options)
        self._republish(asker, memo, reply)
        return title_and_answer(verb, reply, memo)

    async def _shown(
        self, asker: Asker, view: Body, verb: Verb | None, coming: Coroutine[Any, Any, View], body: Body | None = None
    ) -> None:
        """In the modal itself; over the Home in a new one, opened before anything is asked."""
        memo = memo_of(view)
        wait = waiting(title_of(verb), replace(memo, fixed={}))
        if view.get("type") == _HOME:
            screen = await Screen.opened(self._api, asker.tenant, str((body or {}).get("trigger_id")), wait)
            if screen is None:
                coming.close()
                return
            await screen.show(await coming)
            return
        screen = Screen(self._api, asker.tenant, view["id"], hash_=view.get("hash"))
        work = asyncio.ensure_future(coming)
        done, _ = await asyncio.wait({work}, timeout=self._soon)
        if not done:
            await screen.show(wait)
        await screen.show(await work)

    async def _done(self, asker: Asker, verb: Verb, view: Body, memo: Memo) -> View:
        shown, reply = await self._dialogue.submitted(asker, verb, view)
        if reply:
            self._republish(asker, memo, reply)
        return shown

    async def _later(self, tenant: str, name: str, work: "asyncio.Future[View]") -> None:
        """Slack knows the waiting view only once it took our acknowledgement: before that there is nothing to change.

        Changing it by its id could come first, and the acknowledgement would then cover the answer for good.
        """
        view, screen = await work, Screen(self._api, tenant, external_id=name)
        for pause in _PAUSES:
            if await screen.show(view) is not Shown.MISSING:
                return
            await self._clock.sleep(pause)
        await screen.show(view)

    def _republish(self, asker: Asker, memo: Memo, reply: Reply) -> None:
        """Only the answer to a write cannot be asked for again (`Visit.done`): then the Home may have changed."""
        if memo.home and not reply.mistake and reply.card.command is None:
            self._spawn(self.home(asker))

    async def _offered(self, asker: Asker, body: Body) -> list[Element]:
        view = body.get("view") or {}
        memo = memo_of(view)
        asker = replace(asker, channel=memo.channel)
        verb = self._asking.verb(memo.verb)
        option = _option(verb, str(body.get("action_id"))) if verb else None
        if verb is None or option is None:
            return []
        member = await self._asking.member(asker, fresh=False)
        if verb.admin and not member.admin:
            return []
        typed = str(body.get("value") or "")
        entered = {**memo.fixed, **entries(view).now}
        found = await self._asking.complete(asker, verb, entered, option, typed)
        pairs = [(each.label, each.value) for each in found]
        return choices([*pairs, *_as_typed(option, typed.strip())])

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)


def _option(verb: Verb, name: str) -> Option | None:
    return next((option for option in verb.options if option.name == name), None)


def _as_typed(option: Option, typed: str) -> Sequence[tuple[str, str]]:
    return [(f"“{typed}”", typed)] if typed and option.name in _FREE else []


async def _ready(view: View) -> View:
    return view
