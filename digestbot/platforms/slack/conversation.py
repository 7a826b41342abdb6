"""Conversation: what is typed or pressed becomes a request, and its reply an answer in time."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import structlog

from digestbot.domain.command import Reply, Verb
from digestbot.errors import UserMistake
from digestbot.platforms.slack.answers import Answers, body_of, sentence
from digestbot.platforms.slack.asking import Asker, Asking

SOON: Final = 1.0
"""Seconds to answer with the acknowledgement; a later answer goes by `response_url`. Slack waits for three."""

LATEST: Final = 600.0
"""Seconds until an answer is given up; a `response_url` lives for half an hour."""

_RESTARTING: Final = "digestbot is being restarted: try again in a minute."
_TOO_LONG: Final = "That took too long: try again in a while."
_log = structlog.get_logger("slack")

Ack = Callable[..., Awaitable[Any]]


class Conversation:
    """Answers typed lines and pressed buttons; `drain` lets those in hand come to their end."""

    def __init__(self, asking: Asking, answers: Answers) -> None:
        self._asking = asking
        self._answers = answers
        self._closing = False
        self._running: set[asyncio.Task[Any]] = set()

    def read(self, text: str) -> tuple[Verb, Mapping[str, str]]:
        """Verb and options of a line. Raises `UserMistake`."""
        name, options = self._asking.commands.read(text)
        return next(verb for verb in self._asking.commands.verbs if verb.name == name), options

    async def typed(self, ack: Ack, asker: Asker, verb: Verb, options: Mapping[str, str], url: str) -> None:
        """With the acknowledgement if the answer is there at once, else after it."""
        with self._in_hand():
            running = asyncio.create_task(self._reply(asker, verb, options), name="slack-reply")
            done, _ = await asyncio.wait({running}, timeout=SOON)
            if done:
                reply = running.result()
                await ack(body_of(reply))
                await self._answers.attach(reply, url, asker)
            else:
                await ack()
                await self._answers.give(await running, url, asker)

    async def answer(self, asker: Asker, verb: Verb, options: Mapping[str, str], url: str) -> None:
        """What is acknowledged already."""
        with self._in_hand():
            await self._answers.give(await self._reply(asker, verb, options), url, asker)

    async def pressed(self, asker: Asker, line: str, url: str, thread: str | None) -> None:
        """A button is a `/news` line, run as whoever presses it; its press is acknowledged already."""
        with self._in_hand():
            try:
                verb, options = self.read(line)
                reply = await self._reply(asker, verb, options)
            except UserMistake as mistake:
                reply = sentence(str(mistake))
            await self._answers.give(reply, url, asker, thread)

    async def say(self, ack: Ack, words: str) -> None:
        """One sentence to the person alone, as the acknowledgement."""
        await ack(body_of(sentence(words)))

    async def drain(self, patience: float) -> None:
        """Take nothing more, and wait so many seconds for what is in hand."""
        self._closing = True
        if self._running:
            await asyncio.wait(self._running, timeout=patience)

    @contextmanager
    def _in_hand(self) -> Iterator[None]:
        """From the question to its answer, by whatever way that goes."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("an answer is a task of its own")
        self._running.add(task)
        try:
            yield
        finally:
            self._running.discard(task)

    async def _reply(self, asker: Asker, verb: Verb, options: Mapping[str, str]) -> Reply:
        """Never raises; whatever happens, the person hears of it."""
        if self._closing:
            return sentence(_RESTARTING)
        try:
            async with asyncio.timeout(LATEST):
                return await self._asking.ask(asker, verb, options)
        except UserMistake as mistake:
            return sentence(str(mistake))
        except TimeoutError:
            return sentence(_TOO_LONG)
        except Exception:  # noqa: BLE001 - whatever it is, the person gets an answer and the log the reason
            incident = secrets.token_hex(4)
            _log.exception("slack.incident", incident=incident, verb=verb.name, tenant=asker.tenant)
            return sentence(f"Something is broken on our side. Tell whoever runs this bot: incident {incident}.")
