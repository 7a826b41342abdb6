"""A message as the record keeps it: what was sent, what it shows now, and what readers make of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.servers.discord import payloads
from tests.servers.discord.markdown import Reading
from tests.servers.discord.refusals import Json
from tests.servers.discord.world import Channel, User

EPHEMERAL, LOADING, CROSSPOSTED, V2 = 1 << 6, 1 << 7, 1 << 0, 1 << 15
_BUTTON, _SECTION, _TEXT, _THUMBNAIL, _GALLERY, _FILE, _CONTAINER = 2, 9, 10, 11, 12, 13, 17


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message shows: its parts after all edits and drops."""

    content: str = ""
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    flags: int = 0
    attachments: tuple[Json, ...] = ()


@dataclass(eq=False)
class Message:
    """`body` and `edits` are as they were sent. `only_for` sees it alone; `kind` is Discord's message type.

    `pings` holds who would have been notified by the create or by any edit since (`mentions.pings`), `edit_pings`
    those of the edits.
    """

    id: int
    channel: Channel
    author: User
    body: Json
    shown: Shown
    created_at: float
    kind: int = 0
    nonce: str | int | None = None
    only_for: User | None = None
    interaction: Json | None = None
    edits: list[Json] = field(default_factory=list)
    old_edits: list[float] = field(default_factory=list)
    pings: set[str] = field(default_factory=set)
    edit_pings: set[str] = field(default_factory=set)
    deleted: bool = False
    crossposted: bool = False
    loading: bool = False
    edited_at: float | None = None

    @property
    def content(self) -> str:
        return self.shown.content

    @property
    def embeds(self) -> tuple[Json, ...]:
        return self.shown.embeds

    @property
    def components(self) -> tuple[Json, ...]:
        return self.shown.components

    @property
    def flags(self) -> int:
        own = (EPHEMERAL if self.ephemeral else 0) | (LOADING if self.loading else 0)
        return self.shown.flags | own | (CROSSPOSTED if self.crossposted else 0)

    @property
    def ephemeral(self) -> bool:
        return self.only_for is not None

    @property
    def allowed_mentions(self) -> Json | None:
        """Of the last body; None if it had none."""
        found: Json | None = (self.edits[-1] if self.edits else self.body).get("allowed_mentions")
        return found

    @property
    def reads(self) -> str:
        """Everything a reader sees at a glance, as plain lines."""
        return _tidy(self._reading().seen)

    @property
    def hidden(self) -> str:
        """What stays behind spoilers."""
        return _tidy(self._reading().hidden)

    @property
    def links(self) -> list[str]:
        """Every place that a reader could be led to."""
        return list(dict.fromkeys(self._reading().links))

    @property
    def buttons(self) -> list[Json]:
        return [part for part in walk(self.components) if part["type"] == _BUTTON]

    @property
    def texts(self) -> list[str]:
        """Those that can ping: the content and text displays, never embeds."""
        displays = [part["content"] for part in walk(self.components) if part["type"] == _TEXT]
        return [self.content, *displays]

    def payload(self, *, with_nonce: bool = False) -> Json:
        """As Discord answers; the nonce only in the answer to the create."""
        payload = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "type": self.kind,
            "author": payloads.user(self.author),
            "content": self.content,
            "embeds": [{"type": "rich", **embed} for embed in self.embeds],
            "components": list(self.components),
            "attachments": list(self.shown.attachments),
            "flags": self.flags,
            "timestamp": payloads.moment((self.id >> 22) / 1000 + 1_420_070_400),
            "edited_timestamp": None if self.edited_at is None else payloads.moment(self.edited_at),
            "tts": False,
            "pinned": False,
            "mention_everyone": bool({"@everyone", "@here"} & self.pings),
            "mentions": [],
            "mention_roles": [],
        }
        if self.interaction:
            payload |= {"interaction_metadata": self.interaction, "webhook_id": self.interaction["application"]}
        return payload | ({"nonce": self.nonce} if with_nonce and self.nonce is not None else {})

    def _reading(self) -> Reading:
        reading = Reading()
        if self.content:
            reading.block(self.content)
        for embed in self.embeds:
            _read_embed(reading, embed)
        for part in self.components:
            _read_component(reading, part, hidden=False)
        return reading


def walk(components: Any) -> Iterator[Json]:  # noqa: ANN401 - JSON of any depth
    """Every component, nested ones and accessories included, as they are read."""
    for part in components:
        yield part
        yield from walk(part.get("components", ()))
        if accessory := part.get("accessory"):
            yield from walk([accessory])


def _read_embed(reading: Reading, embed: Json) -> None:
    reading.line(embed.get("author", {}).get("name", ""))
    reading.block(embed.get("title", ""))
    reading.block(embed.get("description", ""))
    for each in embed.get("fields", []):
        reading.block(each["name"])
        reading.block(each["value"])
    reading.line(embed.get("footer", {}).get("text", ""))
    reading.links.extend(each["url"] for each in (embed, embed.get("author", {})) if each.get("url"))


def _read_component(reading: Reading, part: Json, *, hidden: bool) -> None:
    hidden = hidden or bool(part.get("spoiler"))
    if part["type"] == _TEXT:
        reading.block(part["content"], hidden=hidden)
    elif part["type"] == _BUTTON:
        reading.line(part.get("label", ""), hidden=hidden)
        reading.links.extend([part["url"]] if "url" in part else [])
    for item in part.get("items", [part] if part["type"] in {_THUMBNAIL, _FILE} else []):
        reading.line(item.get("description") or "", hidden=hidden or bool(item.get("spoiler")))
    for child in [*part.get("components", ()), *([part["accessory"]] if "accessory" in part else [])]:
        _read_component(reading, child, hidden=hidden)


def _tidy(pieces: list[str]) -> str:
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)
