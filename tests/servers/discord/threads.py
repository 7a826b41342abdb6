"""Threads and forum posts: made, listed, archived, renamed."""

from collections.abc import Mapping
from datetime import datetime

from tests.servers.discord import payloads
from tests.servers.discord.access import Access
from tests.servers.discord.bodies import Body, created
from tests.servers.discord.limits import Limits
from tests.servers.discord.message import Message
from tests.servers.discord.permissions import Permission
from tests.servers.discord.posts import EVERY_KIND, Posts
from tests.servers.discord.record import Record
from tests.servers.discord.refusals import Form, Json, refusal
from tests.servers.discord.world import ANNOUNCEMENT, ANNOUNCEMENT_THREAD, POSTS_ONLY, PUBLIC_THREAD, TEXT, Channel

REQUIRE_TAG = 1 << 4
_DURATIONS = {60, 1440, 4320, 10080}


class Threads:
    def __init__(self, access: Access, posts: Posts, record: Record, limits: Limits) -> None:
        self._access = access
        self._world = access.world
        self._posts = posts
        self._record = record
        self._limits = limits

    def create(self, parent: Channel, body: Body) -> Json:
        """A forum's post with its first message, or an empty thread of a text channel."""
        if parent.type in POSTS_ONLY:
            thread, message = self._post(parent, body)
            return {**payloads.channel(thread), "message": message.payload()}
        if parent.type not in {TEXT, ANNOUNCEMENT}:
            raise refusal(50024)
        self._access.demand(parent, Permission.CREATE_PUBLIC_THREADS)
        self._check(parent, body.json).check()
        return payloads.channel(self._open(parent, body.json, self._world.ids.next()))

    def create_from(self, parent: Channel, id_: int, body: Body) -> Json:
        """A thread under a message, of the same id."""
        self._access.demand(parent, Permission.CREATE_PUBLIC_THREADS)
        message = self._access.message(parent, id_)
        if message.id in self._world.channels:
            raise refusal(160004)
        self._check(parent, body.json).check()
        return payloads.channel(self._open(parent, body.json, message.id))

    def active(self, guild_id: int) -> Json:
        guild = self._access.guild(guild_id)
        seen = [thread for thread in guild.threads.values() if self._access.has(thread, Permission.VIEW_CHANNEL)]
        return _listed([thread for thread in seen if not thread.archived])

    def archived(self, parent: Channel, query: Mapping[str, str]) -> Json:
        """Newest archived first."""
        self._access.demand(parent, Permission.READ_MESSAGE_HISTORY)
        assert parent.guild, "only channels of guilds have threads"
        before = datetime.fromisoformat(query["before"]).timestamp() if "before" in query else float("inf")
        limit = int(query.get("limit", 50))
        found = [thread for thread in parent.guild.threads.values() if thread.parent is parent and thread.archived]
        found = sorted(found, key=lambda thread: thread.archived_at, reverse=True)
        found = [thread for thread in found if thread.archived_at < before]
        return {**_listed(found[:limit]), "has_more": len(found) > limit}

    def edit(self, channel: Channel, json: Json) -> Json:
        """Name, tags, archived and locked of a thread; name and topic of another channel."""
        if not channel.is_thread:
            self._access.demand(channel, Permission.MANAGE_CHANNELS)
        elif json == {"archived": False} and not channel.locked:
            self._access.demand(channel, Permission.SEND_MESSAGES_IN_THREADS)
        elif "locked" in json or channel.owner != self._world.bot.id:
            self._access.demand(channel, Permission.MANAGE_THREADS)
        if channel.archived and json.get("archived") is not False:
            raise refusal(50083)
        form = Form()
        if "name" in json:
            form.text("name", json["name"], 100, shortest=1)
        if channel.parent and "applied_tags" in json:
            _check_tags(form, channel.parent, json["applied_tags"])
        form.check()
        return self._changed(channel, json)

    def delete(self, channel: Channel) -> Json:
        self._access.demand(channel, Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS)
        gone = payloads.channel(channel)
        self.remove(channel)
        return gone

    def remove(self, channel: Channel) -> None:
        """As if somebody had deleted it, its threads with it."""
        assert channel.guild, "direct messages are not deleted"
        gone = payloads.channel(channel)
        del self._world.channels[channel.id]
        (channel.guild.threads if channel.is_thread else channel.guild.channels).pop(channel.id)
        for thread in [each for each in channel.guild.threads.values() if each.parent is channel]:
            del self._world.channels[thread.id], channel.guild.threads[thread.id]
        channel.guild.tell("THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", gone)

    def _post(self, parent: Channel, body: Body) -> tuple[Channel, Message]:
        self._access.demand(parent, Permission.SEND_MESSAGES)
        form = self._check(parent, body.json)
        _check_tags(form, parent, body.json.get("applied_tags") or [])
        if not isinstance(body.json.get("message"), dict):
            form.wrong("message", "BASE_TYPE_REQUIRED", "This field is required")
        form.check()
        if parent.fields.get("flags", 0) & REQUIRE_TAG and not body.json.get("applied_tags"):
            raise refusal(40067)
        starter = Body(body.json["message"], body.files)
        shown = self._posts.permitted(parent, created(starter), starter)
        thread = self._open(parent, body.json, self._world.ids.next())
        return thread, self._posts.add(thread, starter.json, shown, EVERY_KIND, id_=thread.id)

    def _check(self, parent: Channel, json: Json) -> Form:
        assert parent.guild, "only channels of guilds have threads"
        if sum(not thread.archived for thread in parent.guild.threads.values()) >= self._limits.active_threads:
            raise refusal(160006)
        form = Form()
        form.text("name", json.get("name"), 100, shortest=1)
        if (json.get("auto_archive_duration") or 1440) not in _DURATIONS:
            words = f"Value must be one of {_DURATIONS}."
            form.wrong("auto_archive_duration", "BASE_TYPE_CHOICES", words)
        return form

    def _open(self, parent: Channel, json: Json, id_: int) -> Channel:
        assert parent.guild, "only channels of guilds have threads"
        kind = ANNOUNCEMENT_THREAD if parent.type == ANNOUNCEMENT else PUBLIC_THREAD
        thread = Channel(id_, json["name"].strip(), kind, parent.guild, parent, self._world.bot.id)
        thread.archived_at = self._world.ids.wall()
        thread.fields = {"applied_tags": [str(tag) for tag in json.get("applied_tags") or []]}
        self._record.threads.append(thread)
        return parent.guild.add_thread(thread)

    def _changed(self, channel: Channel, json: Json) -> Json:
        channel.name = json.get("name", channel.name)
        channel.locked = json.get("locked", channel.locked)
        if json.get("archived", channel.archived) != channel.archived:
            channel.archived, channel.archived_at = json["archived"], self._world.ids.wall()
        fields = {"topic", "flags", "nsfw"} if not channel.is_thread else {"flags"}
        channel.fields |= {name: json[name] for name in fields & json.keys()}
        if channel.is_thread and "applied_tags" in json:
            channel.fields["applied_tags"] = [str(tag) for tag in json["applied_tags"]]
        assert channel.guild, "direct messages are not edited"
        channel.guild.tell("THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE", payloads.channel(channel))
        return payloads.channel(channel)


def _check_tags(form: Form, forum: Channel, tags: object) -> None:
    known = {tag["id"] for tag in forum.tags}
    for index, tag in enumerate(form.count("applied_tags", tags, 5)):
        if str(tag) not in known:
            form.wrong(f"applied_tags.{index}", "FORUM_UNKNOWN_TAG", "Unknown tag")


def _listed(threads: list[Channel]) -> Json:
    return {"threads": [payloads.channel(thread) for thread in threads], "members": [], "has_more": False}
