"""The `/news` command: finds the verb, checks who asks, answers, and never raises."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from digestbot.commands.arguments import Arguments
from digestbot.commands.backtest import backtest
from digestbot.commands.cards import latest, story
from digestbot.commands.completion import Asked, completed
from digestbot.commands.desk import Desk
from digestbot.commands.digest import digest
from digestbot.commands.edit import edit
from digestbot.commands.events import event, upcoming
from digestbot.commands.export import export
from digestbot.commands.filled import filled
from digestbot.commands.follow import follow, unfollow
from digestbot.commands.forget import forget
from digestbot.commands.help import help_, privacy
from digestbot.commands.home import home
from digestbot.commands.import_ import import_
from digestbot.commands.line import read_line
from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.commands.preview import preview
from digestbot.commands.quarantines import retry
from digestbot.commands.quotes import quotes, search
from digestbot.commands.settings import settings
from digestbot.commands.settle import settle
from digestbot.commands.states import pause, resume, unsubscribe
from digestbot.commands.status import status
from digestbot.commands.subscribe import subscribe
from digestbot.commands.subscriptions import subscriptions
from digestbot.commands.suggestion import suggested
from digestbot.commands.verbs import BY_NAME, VERBS, option_of
from digestbot.commands.visit import Visit
from digestbot.commands.why import why
from digestbot.commands.winners import winners
from digestbot.domain.card import Card, Notice, Text
from digestbot.domain.command import Choice, Reply, Request, Verb
from digestbot.domain.place import Member
from digestbot.domain.subscription import TenantSettings
from digestbot.errors import NotAllowed, UserMistake
from digestbot.ports import Setting

Handler = Callable[[Visit], Awaitable[Reply]]

HANDLERS: Mapping[str, Handler] = {
    "latest": latest,
    "story": story,
    "event": event,
    "winners": winners,
    "quotes": quotes,
    "search": search,
    "upcoming": upcoming,
    "subscribe": subscribe,
    "subscriptions": subscriptions,
    "edit": edit,
    "pause": pause,
    "resume": resume,
    "unsubscribe": unsubscribe,
    "preview": preview,
    "backtest": backtest,
    "why": why,
    "status": status,
    "settings": settings,
    "export": export,
    "import": import_,
    "follow": follow,
    "unfollow": unfollow,
    "forget": forget,
    "help": help_,
    "privacy": privacy,
    "digest": digest,
    "settle": settle,
    "retry": retry,
    "home": home,
}

PATIENCE = 1.0
"""Seconds that reading waits for the tenant's settings: stories come from memory, whatever the store does."""

_UNSETTLED = TenantSettings(spoilers="hide")
_log = structlog.get_logger("commands")


def incident_id() -> str:
    return secrets.token_hex(4)


def permitted(name: str, member: Member) -> Verb:
    """The verb, if this member may use it now. Raises `UserMistake`, `NotAllowed`."""
    verb = BY_NAME.get(name)
    if verb is None:
        hint = did_you_mean(name, [each.name for each in VERBS if not each.hidden])
        raise UserMistake(f"There is no command ‘{shortened(name)}’.{hint}")
    if verb.admin and not member.admin:
        raise NotAllowed(f"Only those who manage this place may use `{verb.name}`: ask one of them.")
    return verb


class News:
    """`ports.Commands`."""

    def __init__(self, desk: Desk, incident: Callable[[], str] = incident_id) -> None:
        self._desk = desk
        self._incident = incident

    @property
    def verbs(self) -> Sequence[Verb]:
        return VERBS

    def read(self, line: str) -> tuple[str, Mapping[str, str]]:
        verb, options = read_line(line, BY_NAME)
        return verb.name, options

    async def run(self, request: Request) -> Reply:
        try:
            return await self._answer(request)
        except UserMistake as mistake:
            return self._mistake(request, str(mistake))
        except Exception:  # noqa: BLE001 - whatever it is, the person gets an answer and the log the reason
            incident = self._incident()
            where = {"platform": request.place.platform, "tenant": request.place.tenant}
            _log.exception("commands.incident", incident=incident, verb=request.verb, **where)
            return self._mistake(
                request, f"Something is broken on our side. Tell whoever runs this bot: incident {incident}."
            )

    async def complete(self, request: Request, option: str, typed: str) -> Sequence[Choice]:
        try:
            verb = permitted(request.verb, request.member)
            known = option_of(verb, option)
            return await completed(Asked(self._desk, request, typed), known) if known else []
        except UserMistake:
            return []
        except Exception:  # noqa: BLE001 - a list of suggestions is never worth a fault
            _log.exception("commands.completion", verb=request.verb, option=option)
            return []

    async def suggest(self, request: Request, line: str) -> Sequence[Choice]:
        try:
            return await suggested(self._desk, request, line)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("commands.suggestion")
            return []

    async def filled(self, request: Request) -> Mapping[str, str]:
        try:
            verb = permitted(request.verb, request.member)
            return await filled(self._desk, request, verb)
        except UserMistake:
            return {}
        except Exception:  # noqa: BLE001 - a form that begins empty is better than none
            _log.exception("commands.filled", verb=request.verb)
            return {}

    async def _answer(self, request: Request) -> Reply:
        verb = permitted(request.verb, request.member)
        arguments = Arguments(verb, request.options)
        arguments.check()
        _ = arguments.page
        visit = Visit(
            desk=self._desk,
            request=request,
            verb=verb,
            settings=await self._settings(request, verb),
            now=self._desk.clock.now(),
        )
        return await HANDLERS[verb.name](visit)

    async def _settings(self, request: Request, verb: Verb) -> TenantSettings:
        """For reading, cautious ones if the store does not answer: what is shared then hides its spoilers."""
        place, subscriptions = request.place, self._desk.subscriptions
        if verb.admin:
            return await subscriptions.settings(place.platform, place.tenant)
        try:
            async with asyncio.timeout(PATIENCE):
                return await subscriptions.settings(place.platform, place.tenant)
        except Exception:  # noqa: BLE001 - a store that is away must not silence what comes from memory
            _log.warning("commands.unsettled", verb=verb.name, platform=place.platform, exc_info=True)
            return _UNSETTLED

    def _mistake(self, request: Request, sentence: str) -> Reply:
        setting = Setting(locale=request.member.locale)
        try:
            card = self._desk.renderer.reply("mistake", {"sentence": sentence}, setting)
        except Exception:  # noqa: BLE001 - a broken template must not keep the sentence from its reader
            _log.exception("commands.mistake")
            card = Card(blocks=(Notice(((Text(sentence),),)),), locale=setting.locale)
        return Reply(card=card, mistake=True)
