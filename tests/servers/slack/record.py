"""What Slack's side knows to have happened: the judge of every test."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.servers.slack import reading
from tests.servers.slack.reading import Link
from tests.servers.slack.waiting import Bell


@dataclass(frozen=True, slots=True)
class Body:
    """One version of a message, as it was sent; `sent` is every parameter."""

    text: str
    blocks: list[dict[str, Any]]
    metadata: dict[str, Any] | None
    sent: Mapping[str, Any]

    @property
    def link_names(self) -> bool:
        return bool(self.sent.get("link_names")) or self.sent.get("parse") == "full"

    @property
    def unfurls(self) -> bool:
        """Slack: chat.postMessage. Only both switched off keep every link small."""
        return self.sent.get("unfurl_links", True) is not False or self.sent.get("unfurl_media", True) is not False


@dataclass(slots=True)
class Message:
    """`edits` are the later versions, in order. `names` gives ids for the handles that the workspace knew."""

    team: str
    channel: str
    ts: str
    user: str
    first: Body
    names: Mapping[str, str]
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    via_response_url: bool = False
    edits: list[Body] = field(default_factory=list)
    deleted: bool = False

    @property
    def body(self) -> Body:
        return self.edits[-1] if self.edits else self.first

    @property
    def text(self) -> str:
        return self.body.text

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return self.body.blocks

    @property
    def metadata(self) -> dict[str, Any] | None:
        return self.body.metadata

    @property
    def reads(self) -> str:
        """What people see now."""
        return reading.reads(self.text, self.blocks)

    @property
    def pings(self) -> tuple[str, ...]:
        """Whoever any version would notify."""
        found = [
            ping
            for body in (self.first, *self.edits)
            for ping in reading.pings(body.text, body.blocks, self.names, link_names=body.link_names)
        ]
        return tuple(dict.fromkeys(found))

    @property
    def links(self) -> tuple[Link, ...]:
        return reading.links(self.text, self.blocks, parsed=self.body.sent.get("parse") != "none")

    @property
    def unfurls(self) -> tuple[str, ...]:
        """Addresses that Slack would show large."""
        return tuple(link.url for link in self.links) if self.first.unfurls else ()


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the Web API. `answer` is "ok", the error, "429", or the fault that it met."""

    method: str
    team: str | None
    channel: str | None
    params: Mapping[str, Any]
    answer: str
    at: float


@dataclass(slots=True)
class Record:
    """Everything in order of arrival."""

    calls: list[Call] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    bell: Bell = field(default_factory=Bell)

    async def changed(self, seen: Callable[[], bool]) -> None:
        """Wait until something that `seen` looks at is so."""
        await self.bell.until(seen)

    def asked(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def visible(self, channel: str) -> list[Message]:
        """What stands in a channel for everyone, oldest first."""
        return [
            message
            for message in self.messages
            if message.channel == channel and not message.deleted and message.ephemeral_to is None
        ]

    def whispered(self, user: str) -> list[Message]:
        """What only this person sees, oldest first."""
        return [message for message in self.messages if message.ephemeral_to == user and not message.deleted]

    def texts(self, channel: str) -> Sequence[str]:
        return [message.reads for message in self.visible(channel)]
