"""Messages of channels: created once a nonce, edited, deleted, read back, published."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from tests.servers.discord import payloads
from tests.servers.discord.access import Access
from tests.servers.discord.bodies import Body, check_nonce, created, edited
from tests.servers.discord.limits import Limits, TooMany
from tests.servers.discord.mentions import pings
from tests.servers.discord.message import Message, Shown
from tests.servers.discord.permissions import Permission
from tests.servers.discord.record import Record
from tests.servers.discord.refusals import Form, Json, refusal
from tests.servers.discord.snowflakes import Clock
from tests.servers.discord.world import ANNOUNCEMENT, Channel, User

EVERY_KIND = ("users", "roles", "everyone")
ONLY_USERS = ("users",)
_AN_HOUR = 3600.0


class Posts:
    def __init__(self, access: Access, record: Record, limits: Limits, clock: Clock) -> None:
        self._access = access
        self._world = access.world
        self._record = record
        self._limits = limits
        self._clock = clock
        self._once: dict[tuple[int, str], Message] = {}

    def create(self, channel: Channel, body: Body) -> Message:
        self._access.demand_sending(channel)
        check_nonce(body.json)
        shown = self.permitted(channel, created(body), body)
        self._check_reference(channel, body.json)
        earlier = self._sent_before(channel, body.json)
        if earlier is not None:
            return earlier
        self._reopen(channel)
        message = self.add(channel, body.json, shown, EVERY_KIND)
        if message.nonce is not None:
            self._once[channel.id, str(message.nonce)] = message
        return message

    def add(
        self,
        channel: Channel,
        json: Json,
        shown: Shown,
        mentionable: Iterable[str],
        *,
        author: User | None = None,
        id_: int | None = None,
    ) -> Message:
        """Accept a message that was checked; `mentionable` is who it may ping without `allowed_mentions`."""
        message = Message(
            id=id_ or self._world.ids.next(),
            channel=channel,
            author=author or self._world.bot,
            body=json,
            shown=shown,
            created_at=self._clock(),
            nonce=json.get("nonce"),
        )
        self.notify(message, json, mentionable)
        self.accept(message)
        return message

    def notify(self, message: Message, json: Json, mentionable: Iterable[str]) -> None:
        message.pings = self._pings(message, json, mentionable)

    def accept(self, message: Message) -> None:
        self._record.messages.append(message)
        message.channel.messages[message.id] = message

    def edit(self, channel: Channel, id_: int, body: Body) -> Message:
        message = self._access.own_message(channel, id_)
        shown = self.permitted(channel, edited(body, message), body)
        self._count_old_edit(message)
        self.change(message, body.json, shown, EVERY_KIND)
        return message

    def change(self, message: Message, json: Json, shown: Shown, mentionable: Iterable[str]) -> None:
        """Accept an edit that was checked."""
        message.shown = shown
        message.edits.append(json)
        message.edited_at = self._world.ids.wall()
        message.edit_pings |= self._pings(message, json, mentionable)
        message.pings |= message.edit_pings

    def delete(self, channel: Channel, id_: int) -> None:
        message = self._access.message(channel, id_)
        if message.author is not self._world.bot:
            self._access.demand(channel, Permission.MANAGE_MESSAGES)
        message.deleted = True

    def get(self, channel: Channel, id_: int) -> Message:
        self._access.demand(channel, Permission.READ_MESSAGE_HISTORY)
        return self._access.message(channel, id_)

    def history(self, channel: Channel, query: Mapping[str, str]) -> list[Json]:
        """Newest first; without READ_MESSAGE_HISTORY there is nothing to see, and no error either."""
        limit, mark, at = _page(query)
        if not self._access.has(channel, Permission.READ_MESSAGE_HISTORY):
            return []
        standing = sorted(id_ for id_, each in channel.messages.items() if not each.deleted and not each.ephemeral)
        ids = _slice(standing, limit, mark, at)
        return [channel.messages[id_].payload() for id_ in reversed(ids)]

    def crosspost(self, channel: Channel, id_: int) -> Message:
        if channel.type != ANNOUNCEMENT:
            raise refusal(50024)
        message = self._access.message(channel, id_)
        own = message.author is self._world.bot
        self._access.demand(channel, Permission.SEND_MESSAGES if own else Permission.MANAGE_MESSAGES)
        if message.crossposted:
            raise refusal(40033)
        message.crossposted = True
        return message

    def permitted(self, channel: Channel, shown: Shown, body: Body) -> Shown:
        """Without EMBED_LINKS embeds are dropped in silence, unless there is nothing else."""
        if body.files:
            self._access.demand(channel, Permission.ATTACH_FILES)
        if shown.embeds and not self._access.has(channel, Permission.EMBED_LINKS):
            if not (shown.content or shown.attachments):
                raise refusal(50013)
            return replace(shown, embeds=())
        return shown

    def _pings(self, message: Message, json: Json, mentionable: Iterable[str]) -> set[str]:
        return pings(message.texts, json.get("allowed_mentions"), mentionable, message.channel, self._world.bot)

    def _sent_before(self, channel: Channel, json: Json) -> Message | None:
        """The message of the same nonce within the window, if asked for; deleted meanwhile, it is unknown."""
        nonce = json.get("nonce")
        if nonce is None or not json.get("enforce_nonce"):
            return None
        earlier = self._once.get((channel.id, str(nonce)))
        if earlier is None or earlier.created_at + self._limits.nonce_window <= self._clock():
            return None
        if earlier.deleted:
            raise refusal(10008)
        self._record.nonce_hits.append(earlier)
        return earlier

    def _check_reference(self, channel: Channel, json: Json) -> None:
        reference = json.get("message_reference")
        if not reference or not reference.get("fail_if_not_exists", True):
            return
        message = channel.messages.get(int(reference["message_id"]))
        if message is None or message.deleted:
            form = Form()
            form.wrong("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
            form.check()

    def _reopen(self, channel: Channel) -> None:
        """A message un-archives its thread."""
        if channel.archived and channel.guild:
            channel.archived = False
            channel.archived_at = self._world.ids.wall()
            channel.guild.tell("THREAD_UPDATE", payloads.channel(channel))

    def _count_old_edit(self, message: Message) -> None:
        now = self._clock()
        if now - message.created_at <= _AN_HOUR:
            return
        message.old_edits = [at for at in message.old_edits if at > now - _AN_HOUR]
        if len(message.old_edits) >= self._limits.old_edits:
            raise TooMany(self._limits.old_edit_wait, "user", {}, code=30046)
        message.old_edits.append(now)


def _page(query: Mapping[str, str]) -> tuple[int, str, int]:
    form = Form()
    limit: Any = query.get("limit", "50")
    form.whole("limit", int(limit) if limit.isdecimal() else limit, 1, 100)
    marks = [(mark, query[mark]) for mark in ("around", "before", "after") if mark in query]
    for mark, at in marks:
        if not at.isdecimal():
            form.wrong(mark, "NUMBER_TYPE_COERCE", f'Value "{at}" is not snowflake.')
    if len(marks) > 1:
        form.wrong("", "MUTUALLY_EXCLUSIVE", "around, before and after are mutually exclusive")
    form.check()
    mark, at = marks[0] if marks else ("before", str(2**63))
    return int(limit), mark, int(at)


def _slice(ids: list[int], limit: int, mark: str, at: int) -> list[int]:
    if mark == "after":
        return [id_ for id_ in ids if id_ > at][:limit]
    if mark == "around":
        earlier = [id_ for id_ in ids if id_ < at]
        before = earlier[max(0, len(earlier) - limit // 2) :]
        return [*before, *[id_ for id_ in ids if id_ >= at][: limit - len(before)]]
    return [id_ for id_ in ids if id_ < at][-limit:]
