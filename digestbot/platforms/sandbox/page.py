"""The sandbox's page: where its channels are read and `/news` lines are typed."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from digestbot.domain.command import Request
from digestbot.domain.place import Place
from digestbot.errors import UserMistake
from digestbot.platforms.sandbox.channels import TENANT, SandboxChannels, direct
from digestbot.platforms.sandbox.payloads import Asked, Pressed, Removed, Typed, body, query
from digestbot.platforms.sandbox.record import Record
from digestbot.platforms.sandbox.stream import Stream
from digestbot.platforms.sandbox.view import Html, Pages, View, choices
from digestbot.platforms.sandbox.visitor import Visitor, remember, visitor
from digestbot.ports import Clock, Commands

EXAMPLES: Final = ("latest", "upcoming", "subscribe what:all")
"""What newcomers are offered to try."""

_SHOWN: Final = 50
_Answer = Mapping[str, Any]
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class SandboxPage:
    """Routes for the web server, which guards them (host, origin, policy, size of bodies).

    `pages` splits a card, `html` shows one page of it as safe HTML; `templates` are template folders, the first that
    has `web/sandbox.html.j2` wins. Private replies are answers to the browser that asked, and are kept nowhere.
    """

    def __init__(
        self,
        *,
        record: Record,
        channels: SandboxChannels,
        commands: Commands,
        clock: Clock,
        pages: Pages,
        html: Html,
        templates: Sequence[Path],
        examples: Sequence[str] = EXAMPLES,
        heartbeat: timedelta = timedelta(seconds=15),
    ) -> None:
        self._record = record
        self._channels = channels
        self._commands = commands
        self._view = View(pages, html)
        self._stream = Stream(record, self._view, clock, heartbeat)
        self._examples = tuple(examples)
        environment = SandboxedEnvironment(
            loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined, enable_async=True
        )
        self._template = environment.get_template("web/sandbox.html.j2")

    @property
    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._page),
            web.get("/sandbox/events", self._events),
            web.get("/sandbox/messages", _answering(self._messages)),
            web.get("/sandbox/suggest", _answering(self._suggest)),
            web.post("/sandbox/suggest", _answering(self._suggest)),
            web.post("/sandbox/command", _answering(self._command)),
            web.post("/sandbox/press", _answering(self._press)),
            web.post("/sandbox/delete", _answering(self._delete)),
        ]

    async def close(self) -> None:
        """End the live streams."""
        self._stream.close()

    async def _page(self, request: web.Request) -> web.Response:
        who = visitor(request)
        text = await self._template.render_async(channels=self._channels.public, examples=self._examples)
        response = web.Response(text=text, content_type="text/html")
        remember(request, response, who)
        return response

    async def _events(self, request: web.Request) -> web.StreamResponse:
        return await self._stream.serve(request, visitor(request))

    async def _messages(self, request: web.Request, who: Visitor) -> _Answer:
        """`{cursor, messages}`: the newest of each channel, or of one before a message; oldest first."""
        asked = query(request, Asked)
        own = direct(who.id)
        every = [*(channel.id for channel in self._channels.public), own]
        wanted = every if asked.channel is None else [self._place(asked.channel, who).channel]
        cursor = await self._record.cursor()
        found = [message for channel in wanted for message in await self._record.latest(channel, _SHOWN, asked.before)]
        return {"cursor": cursor, "messages": [self._view.message(message, who) for message in found]}

    async def _suggest(self, request: web.Request, who: Visitor) -> _Answer:
        """`{choices: [{label, value}]}`, each value a whole new line."""
        typed = await body(request, Typed) if request.method == "POST" else query(request, Typed)
        asking = Request(place=self._place(typed.channel, who), member=who.member(admin=typed.admin), verb="")
        return {"choices": choices(await self._commands.suggest(asking, _without_slash(typed.line)))}

    async def _command(self, request: web.Request, who: Visitor) -> _Answer:
        typed = await body(request, Typed)
        return await self._run(self._place(typed.channel, who), typed.line, who, admin=typed.admin)

    async def _press(self, request: web.Request, who: Visitor) -> _Answer:
        pressed = await body(request, Pressed)
        place = self._place(pressed.channel, who)
        if pressed.message is not None:
            message = await self._record.get(pressed.message)
            if message is None or message.deleted or message.channel != place.channel:
                raise web.HTTPGone(text="This message is no more.")
        return await self._run(place, pressed.command, who, admin=pressed.admin)

    async def _delete(self, request: web.Request, who: Visitor) -> _Answer:
        removed = await body(request, Removed)
        message = await self._record.get(removed.message)
        if message is None:
            raise web.HTTPNotFound(text="There is no such message.")
        self._place(who.shown(message.channel), who)
        if not removed.admin:
            raise web.HTTPForbidden(text="Only admins delete messages: switch to Admin first.")
        await self._record.delete(removed.message)
        return {"deleted": int(message.id)}

    async def _run(self, place: Place, line: str, who: Visitor, *, admin: bool) -> _Answer:
        """A private reply for this browser, or `{private: false, posted}` with the id of the message for everybody."""
        line = _without_slash(line)
        try:
            verb, options = self._commands.read(line)
        except UserMistake as mistake:
            return self._view.mistake(str(mistake))
        request = Request(place=place, member=who.member(admin=admin), verb=verb, options=options)
        reply = await self._commands.run(request)
        if reply.private:
            return self._view.reply(reply)
        posted = await self._record.create(place.channel, reply.card, page=reply.page, asked_by=who.id, asked=line)
        return {"private": False, "posted": int(posted.id)}

    def _place(self, shown: str, who: Visitor) -> Place:
        """A channel that this visitor can see, by what the page calls it."""
        channel = who.channel(shown)
        if channel != direct(who.id) and channel not in {known.id for known in self._channels.public}:
            raise web.HTTPNotFound(text=f"There is no channel {shown!r} here.")
        return Place("sandbox", TENANT, channel)


def _answering(handler: Callable[[web.Request, Visitor], Awaitable[_Answer]]) -> _Handler:
    """Answers and refusals as JSON; a refusal is `{"error": sentence}`."""

    async def answer(request: web.Request) -> web.Response:
        who = visitor(request)
        try:
            response = web.json_response(await handler(request, who))
        except web.HTTPException as refusal:
            response = web.json_response({"error": refusal.text}, status=refusal.status)
        except sqlite3.Error as error:
            response = web.json_response({"error": f"The sandbox's record failed: {error}."}, status=503)
        remember(request, response, who)
        return response

    return answer


def _without_slash(line: str) -> str:
    """People paste whole lines."""
    words = line.strip()
    return words[len("/news") :].strip() if words == "/news" or words.startswith("/news ") else line
