"""What a member's client sends for a typed command: options of the registered tree, and what they refer to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.servers.discord import payloads
from tests.servers.discord.commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    GROUP,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    SUBCOMMAND,
    USER,
)
from tests.servers.discord.refusals import Json, units
from tests.servers.discord.world import Channel, Member, Role, User, World

_LONGEST = 6000


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a member puts into an option."""

    filename: str
    content: bytes


@dataclass
class Typed:
    """`data` of an interaction, built from what a member typed. `keep` stores a file and says its address."""

    world: World
    user: User
    keep: Callable[[int, Attachment], str]
    resolved: dict[str, Json] = field(default_factory=dict)

    def command(self, command: Json, verb: str, options: Mapping[str, object]) -> Json:
        """Raises AssertionError for what no member could send."""
        leaf = find(command, verb)
        known = {option["name"]: option for option in leaf.get("options") or []}
        unknown = set(options) - set(known)
        assert not unknown, f"/{command['name']} {verb} has no option {sorted(unknown)}, only {sorted(known)}"
        missing = {name for name, option in known.items() if option.get("required")} - set(options)
        assert not missing, f"/{command['name']} {verb} requires {sorted(missing)}"
        sent = [self._option(known[name], value) for name, value in options.items()]
        data = _data(command, verb, sent)
        return data | ({"resolved": self.resolved} if self.resolved else {})

    def completion(self, command: Json, verb: str, focused: tuple[str, object], options: Mapping[str, object]) -> Json:
        """Nothing is checked yet while a member types, but that the option completes."""
        known = {option["name"]: option for option in find(command, verb).get("options") or []}
        name, typed = focused
        assert known.get(name, {}).get("autocomplete"), f"/{command['name']} {verb} completes no option {name}"
        sent = [self._option(known[other], value) for other, value in options.items() if other != name]
        return _data(command, verb, [*sent, {**_sent(known[name], typed), "focused": True}])

    def _option(self, option: Json, value: object) -> Json:
        kind, name = option["type"], option["name"]
        if kind in {STRING, INTEGER, NUMBER}:
            chosen = _chosen(option, value)
            (_check_text if kind == STRING else _check_number)(option, chosen)
            return _sent(option, chosen)
        if kind == BOOLEAN:
            assert isinstance(value, bool), f"{name} is true or false, not {value!r}"
            return _sent(option, value)
        return _sent(option, str(self._resolve(option, value)))

    def _resolve(self, option: Json, value: object) -> int:
        """The id of what is referred to, noted with its payload."""
        kind, name = option["type"], option["name"]
        if isinstance(value, Channel) and kind == CHANNEL:
            self._check_channel(option, value)
            self._note("channels", value.id, self._channel(value))
            return value.id
        if isinstance(value, Role) and kind in {ROLE, MENTIONABLE}:
            self._note("roles", value.id, payloads.role(value))
            return value.id
        if isinstance(value, Member | User) and kind in {USER, MENTIONABLE}:
            self._note_user(value)
            return value.id
        assert isinstance(value, Attachment), f"{name} takes no {type(value).__name__} (option type {kind})"
        assert kind == ATTACHMENT, f"{name} takes no file (option type {kind})"
        return self._attach(value)

    def _check_channel(self, option: Json, channel: Channel) -> None:
        types = option.get("channel_types") or [channel.type]
        assert channel.type in types, f"{option['name']} takes channels of types {types}, not {channel.type}"

    def _channel(self, channel: Channel) -> Json:
        """Partial, with the member's and the bot's own rights in it."""
        full = payloads.channel(channel)
        rights = {
            "permissions": str(self.world.permissions(self.user, channel)),
            "app_permissions": str(self.world.permissions(self.world.bot, channel)),
        }
        return {name: full[name] for name in full if name not in {"permission_overwrites", "guild_id"}} | rights

    def _note_user(self, value: Member | User) -> None:
        if isinstance(value, Member):
            member = payloads.member(value)
            del member["user"], member["deaf"], member["mute"]
            self._note("members", value.id, {**member, "permissions": "0"})
            value = value.user
        self._note("users", value.id, payloads.user(value))

    def _attach(self, file: Attachment) -> int:
        id_ = self.world.ids.next()
        url = self.keep(id_, file)
        payload = {"id": str(id_), "filename": file.filename, "size": len(file.content), "url": url, "proxy_url": url}
        self._note("attachments", id_, {**payload, "content_type": None, "ephemeral": True})
        return id_

    def _note(self, kind: str, id_: int, payload: Json) -> None:
        self.resolved.setdefault(kind, {})[str(id_)] = payload


def find(command: Json, verb: str) -> Json:
    """The subcommand of that name, `group verb` for one in a group."""
    here = command
    for word in verb.split():
        nested = {option["name"]: option for option in here.get("options") or [] if option["type"] <= GROUP}
        assert word in nested, f"/{command['name']} has no {verb!r}, only {sorted(nested)}"
        here = nested[word]
    assert not any(option["type"] <= GROUP for option in here.get("options") or []), f"{verb!r} is no whole command"
    return here


def _data(command: Json, verb: str, options: list[Json]) -> Json:
    for depth, word in enumerate(reversed(verb.split())):
        options = [{"type": GROUP if depth else SUBCOMMAND, "name": word, "options": options}]
    data = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
    return data | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})


def _sent(option: Json, value: object) -> Json:
    return {"type": option["type"], "name": option["name"], "value": value}


def _chosen(option: Json, value: object) -> object:
    """Where there are choices, one of them, named by its name or its value."""
    choices = option.get("choices") or []
    if not choices:
        return value
    for choice in choices:
        if value in (choice["value"], choice["name"]):
            return choice["value"]
    raise AssertionError(f"{option['name']} is one of {[choice['value'] for choice in choices]}, not {value!r}")


def _check_text(option: Json, value: object) -> None:
    assert isinstance(value, str), f"{option['name']} is a text, not {value!r}"
    least, most = max(1, option.get("min_length") or 0), option.get("max_length") or _LONGEST
    assert least <= units(value) <= most, f"{option['name']} is {least} to {most} characters long, not {units(value)}"


def _check_number(option: Json, value: object) -> None:
    whole = option["type"] == INTEGER
    right = isinstance(value, int | float) and not isinstance(value, bool) and (isinstance(value, int) or not whole)
    assert right, f"{option['name']} is a {'whole number' if whole else 'number'}, not {value!r}"
    assert isinstance(value, int | float), "just checked"
    least, most = option.get("min_value"), option.get("max_value")
    assert least is None or value >= least, f"{option['name']} is at least {least}, not {value}"
    assert most is None or value <= most, f"{option['name']} is at most {most}, not {value}"
