"""The sandbox on a stage: its real record, messenger, page and server, with a bot that is made of cardboard."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Final

from digestbot.domain.card import (
    Actions,
    Block,
    Button,
    Card,
    Divider,
    Heading,
    Image,
    Inline,
    Line,
    Link,
    List,
    Notice,
    Paragraph,
    Quote,
    Small,
    Spoiler,
    Text,
    Time,
)
from digestbot.domain.command import Choice, File, Reply, Request, Verb
from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Look
from digestbot.errors import UserMistake
from digestbot.platforms.sandbox.channels import SandboxChannels
from digestbot.platforms.sandbox.faults import Faults
from digestbot.platforms.sandbox.messenger import SandboxMessenger
from digestbot.platforms.sandbox.page import SandboxPage
from digestbot.platforms.sandbox.record import Record
from digestbot.platforms.sandbox.view import Html
from digestbot.ports import Outgoing
from digestbot.web.assets import assets
from digestbot.web.server import Server

NOW: Final = datetime(2026, 5, 24, 12, 0, tzinfo=UTC)
TEMPLATES: Final = [Path(__file__).parents[3] / "templates"]

FILE: Final = File("film & co.yaml", "what: all  # “film” <b>&</b> 100%\nwhen: instant\n")


class ManualClock:
    """Stands still; whoever sleeps wakes when a test moves it far enough."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at
        self._asleep = asyncio.Event()
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self.at

    async def sleep(self, delay: timedelta) -> None:
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.at + delay, waking))
        self._asleep.set()
        await waking

    async def until_asleep(self, delay: timedelta) -> None:
        """Return once somebody sleeps for just that long from now."""
        while not any(until == self.at + delay and not waking.done() for until, waking in self._sleepers):
            self._asleep.clear()
            await self._asleep.wait()

    def move(self, delay: timedelta) -> None:
        self.at += delay
        for until, waking in self._sleepers:
            if until <= self.at and not waking.done():
                waking.set_result(None)


def text(words: str) -> Line:
    return (Text(words),)


def story(headline: str = "Ada wins", *, hidden: bool = False) -> Card:
    winners: tuple[Heading | List, ...] = (
        Heading(text("Winners"), 2),
        List(((Text("Ada", strong=True), Text(": Best Engine")),)),
    )
    body: tuple[Block, ...] = (Spoiler(winners),) if hidden else winners
    time = Time(NOW, "24 May 2026, 12:00 UTC")
    buttons = (
        Button("Read", url="https://example.org/ada"),
        Button("Winners", command="winners gala"),
        Button("Pause", command="pause"),
    )
    blocks: tuple[Block, ...] = (
        Heading(text(headline)),
        Quote((text("“It turns!”"), text("Ada"))),
        *body,
        Small(((Link("Example", "https://example.org/"), Text(" "), time),)),
        Actions(buttons),
    )
    return Card(blocks=blocks, command="story ada", accent="film")


def outgoing(card: Card, delivery: str = "d1", channel: str = "news", mention: str | None = None) -> Outgoing:
    place = Place("sandbox", "sandbox", channel)
    return Outgoing(delivery=delivery, place=place, card=card, look=Look(mention=mention), first_attempt=NOW)


class CardboardCommands:
    """`latest [share:true]`, `winners` (three pages), `say <text>`, `pause` (admin), `export`, and what was asked."""

    verbs: Sequence[Verb] = tuple(Verb(name=name, summary=f"About {name}") for name in ("latest", "winners", "say"))

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def read(self, line: str) -> tuple[str, Mapping[str, str]]:
        verb, *words = line.split(" ")
        if verb not in ("latest", "winners", "say", "pause", "export"):
            raise UserMistake(f"There is no command “{verb}”. Did you mean “latest”?")
        named = dict(word.split(":", 1) for word in words if ":" in word)
        return verb, {"text": " ".join(word for word in words if ":" not in word), **named}

    async def run(self, request: Request) -> Reply:
        self.asked.append(request)
        match request.verb:
            case "winners":
                winners = tuple(Paragraph(text(f"Winner {number}")) for number in range(1, 13))
                return Reply(
                    card=Card(blocks=winners, command="winners gala"), page=int(request.options.get("page", "1"))
                )
            case "say":
                return Reply(card=Card(blocks=(Paragraph(text(request.options["text"])),)))
            case "export":
                return Reply(card=Card(blocks=(Paragraph(text("Here it is.")),)), file=FILE)
            case "pause" if not request.member.admin:
                return Reply(card=Card(blocks=(Notice((text("Only admins pause."),)),)), mistake=True)
            case "pause":
                return Reply(card=Card(blocks=(Paragraph(text("Paused.")),)))
            case _:
                return Reply(card=story(), private=request.options.get("share") != "true")

    async def complete(self, _request: Request, _option: str, _typed: str) -> Sequence[Choice]:
        return ()

    async def suggest(self, request: Request, line: str) -> Sequence[Choice]:
        self.asked.append(request)
        lines = ("latest ", "latest share:true", "winners ", "winners gala", "winners bbma-2020", "say ")
        return [Choice(value.strip(), value) for value in lines if value.startswith(line) and value != line]

    async def filled(self, request: Request) -> Mapping[str, str]:
        return request.options


def pages(card: Card) -> Sequence[Card]:
    """Five blocks a page, where there are more than eight."""
    if len(card.blocks) <= 8:
        return [card]
    parts = [card.blocks[start : start + 5] for start in range(0, len(card.blocks), 5)]
    return [card.numbered(part, number, len(parts)) for number, part in enumerate(parts, start=1)]


def html(card: Card) -> str:
    following = card.page % card.pages + 1
    more = Actions((Button(f"More ({following}/{card.pages})", command=f"{card.command} page:{following}"),))
    return "".join(map(_block, (*card.blocks, more) if card.pages > 1 else card.blocks))


def _block(block: Block) -> str:  # noqa: C901, PLR0911 - one case for each kind of block
    match block:
        case Heading(content=content, level=level):
            return f'<h{level + 1} class="db-heading">{_line(content)}</h{level + 1}>'
        case Paragraph(content=content):
            return f"<p>{_line(content)}</p>"
        case Quote(lines=lines):
            return f'<blockquote class="db-quote">{_paragraphs(lines)}</blockquote>'
        case List(items=items):
            return f'<ul class="db-list">{"".join(f"<li>{_line(item)}</li>" for item in items)}</ul>'
        case Divider():
            return "<hr>"
        case Image(url=url, alt=alt):
            return f'<img src="{escape(url)}" alt="{escape(alt)}">'
        case Notice(lines=lines):
            return f'<div class="db-notice">{_paragraphs(lines)}</div>'
        case Small(lines=lines):
            return f'<div class="db-small">{_paragraphs(lines)}</div>'
        case Actions(buttons=buttons):
            return f'<div class="db-actions">{"".join(map(_button, buttons))}</div>'
        case Spoiler(blocks=blocks):
            return f'<details class="db-spoiler"><summary>Spoiler</summary>{"".join(map(_block, blocks))}</details>'


def _paragraphs(lines: Sequence[Line]) -> str:
    return "".join(f"<p>{_line(line)}</p>" for line in lines)


def _line(line: Line) -> str:
    return "".join(map(_inline, line))


def _inline(part: Inline) -> str:
    match part:
        case Text(text=words, strong=strong):
            return f"<strong>{escape(words)}</strong>" if strong else escape(words)
        case Link(label=label, url=url):
            return f'<a href="{escape(url)}">{escape(label)}</a>'
        case Time(at=at, text=words, style=style):
            return f'<time datetime="{at.isoformat()}" data-style="{style}">{escape(words)}</time>'


def _button(button: Button) -> str:
    if button.url is not None:
        return f'<a href="{escape(button.url)}">{escape(button.label)}</a>'
    return f'<button type="button" data-command="{escape(button.command or "")}">{escape(button.label)}</button>'


@dataclass(frozen=True, kw_only=True)
class Stage:
    clock: ManualClock
    record: Record
    faults: Faults
    messenger: SandboxMessenger
    commands: CardboardCommands
    server: Server

    async def post(
        self, card: Card, delivery: str = "d1", channel: str = "news", mention: str | None = None
    ) -> MessageRef:
        return await self.messenger.send(outgoing(card, delivery, channel, mention))


@asynccontextmanager
async def open_stage(path: Path, port: int = 0, html: Html = html) -> AsyncIterator[Stage]:
    """Everything on one port, its record in a folder."""
    clock, channels, faults, commands = ManualClock(), SandboxChannels(), Faults(), CardboardCommands()
    async with Record(path / "sandbox.db", clock) as record:
        page = SandboxPage(
            record=record,
            channels=channels,
            commands=commands,
            clock=clock,
            pages=pages,
            html=html,
            templates=TEMPLATES,
        )
        messenger = SandboxMessenger(record, channels, clock, faults)
        routes = [*page.routes, *assets(TEMPLATES)]
        async with Server(routes, port=port, on_stop=[page.close]) as server:
            yield Stage(
                clock=clock, record=record, faults=faults, messenger=messenger, commands=commands, server=server
            )
        await messenger.close()
