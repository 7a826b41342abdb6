"""Conversation: an interaction becomes a request, and its reply an answer in time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import discord
import structlog

from digestbot.domain.command import Choice, Option, Reply, Request, Verb
from digestbot.domain.place import Member, Place
from digestbot.errors import UserMistake
from digestbot.platforms.discord.answer import Answer
from digestbot.platforms.discord.faults import ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION
from digestbot.platforms.discord.options import plain_texts
from digestbot.platforms.discord.roles import offered, resolved
from digestbot.platforms.discord.targets import PLATFORM, direct
from digestbot.ports import Commands

SOON: Final = 1.0
"""Seconds to answer at once; a later answer is announced, long before Discord's three seconds are over."""

LATEST: Final = 600.0
"""Seconds until an announced answer is given up; Discord takes it for fifteen minutes."""

_YES: Final = frozenset({"yes", "true", "on", "1", "y"})
_RESTARTING: Final = "digestbot is being restarted: try again in a minute."
_TOO_LONG: Final = "That took too long: try again in a while."
_NOT_HERE: Final = (
    "digestbot is not in this server, only with you: somebody who manages the server can add it from its profile."
)
_log = structlog.get_logger("discord")

Texts = Callable[[], Awaitable[Mapping[str, str]]]


class Conversation:
    """Answers commands, pressed buttons and completions; `drain` lets those in hand come to their end."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._closing = False
        self._running: set[asyncio.Task[None]] = set()

    async def answer(self, interaction: discord.Interaction, verb: Verb, texts: Texts) -> None:
        """Never raises; whatever happens, the person hears of it. `texts` may fetch an attached file."""
        task = asyncio.current_task()
        if task:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        answer = Answer(interaction)
        try:
            await self._answer(interaction, answer, verb, texts)
        except UserMistake as mistake:
            await answer.say(str(mistake))
        except discord.HTTPException as fault:
            if fault.code in {UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED}:
                _log.warning("discord.too_late", reason=str(fault))
            else:
                await _fail(answer, interaction, fault)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the person gets an answer and the log the reason
            await _fail(answer, interaction, fault)

    async def press(self, interaction: discord.Interaction, line: str) -> None:
        """A button is a `/news` line, run as whoever presses it."""
        try:
            name, options = self._commands.read(line)
        except UserMistake as mistake:
            await Answer(interaction).say(str(mistake))
            return
        verb = next(verb for verb in self._commands.verbs if verb.name == name)
        await self.answer(interaction, verb, lambda: _ready(options))

    async def complete(
        self, interaction: discord.Interaction, verb: Verb, option: Option, typed: str
    ) -> Sequence[Choice]:
        """The permission is checked by the commands themselves: the library runs no check here."""
        if self._closing:
            return []
        request = _request(interaction, verb, plain_texts(dict(iter(interaction.namespace))))
        if option.kind == "role":
            return offered(interaction.guild, typed) if request.member.admin else []
        return await self._commands.complete(request, option.name, typed)

    async def explain(self, interaction: discord.Interaction, fault: Exception, sentence: str | None = None) -> None:
        """The library could not call us: say `sentence`, or that something is broken on our side."""
        answer = Answer(interaction)
        await (answer.say(sentence) if sentence else _fail(answer, interaction, fault))

    async def drain(self, patience: float) -> None:
        """Take nothing more, and wait so many seconds for what is in hand."""
        self._closing = True
        if self._running:
            await asyncio.wait(self._running, timeout=patience)

    async def _answer(self, interaction: discord.Interaction, answer: Answer, verb: Verb, texts: Texts) -> None:
        if self._closing:
            raise UserMistake(_RESTARTING)
        if verb.admin and interaction.guild_id and not _is_member_of(interaction):
            raise UserMistake(_NOT_HERE)
        asked: dict[str, str] = {}

        async def work() -> Reply:
            asked.update(resolved(verb, await texts(), interaction.guild))
            return await self._commands.run(_request(interaction, verb, asked))

        running = asyncio.ensure_future(work())
        done, _ = await asyncio.wait({running}, timeout=SOON)
        if not done:
            await answer.announce(private=asked.get("share", "").casefold() not in _YES)
        await answer.give(await _within(running))


async def _fail(answer: Answer, interaction: discord.Interaction, fault: Exception) -> None:
    """A fault of ours: the log has the reason under the interaction's number."""
    _log.error("discord.incident", incident=interaction.id, exc_info=fault)
    await answer.say(f"Something is broken on our side. Tell whoever runs this bot: incident {interaction.id}.")


async def _within(running: asyncio.Future[Reply]) -> Reply:
    try:
        async with asyncio.timeout(LATEST):
            return await running
    except TimeoutError as fault:
        raise UserMistake(_TOO_LONG) from fault


def _is_member_of(interaction: discord.Interaction) -> bool:
    """Whether digestbot is in the server, and not only with the person who asks."""
    known = interaction.client.get_guild(interaction.guild_id or 0)
    return known is not None or interaction.is_guild_integration()


def _request(interaction: discord.Interaction, verb: Verb, options: Mapping[str, str]) -> Request:
    """In direct messages with digestbot everybody manages their own place."""
    own = interaction.guild_id is None
    alone = own and not interaction.context.private_channel
    admin = alone or (not own and _is_member_of(interaction) and interaction.permissions.manage_guild)
    place = direct(str(interaction.user.id))
    if not own:
        place = Place(PLATFORM, str(interaction.guild_id), str(interaction.channel_id))
    member = Member(
        id=str(interaction.user.id),
        name=interaction.user.display_name,
        admin=admin,
        locale=str(interaction.locale),
    )
    return Request(place=place, member=member, verb=verb.name, options=options)


async def _ready(options: Mapping[str, str]) -> Mapping[str, str]:
    return options
