"""Who a message would notify: the tokens in its texts against its `allowed_mentions` (Discord: message resource)."""

import re
from collections.abc import Iterable

from tests.servers.discord.permissions import Permission
from tests.servers.discord.refusals import Form, Json
from tests.servers.discord.world import Channel, User

_KINDS = {"users", "roles", "everyone"}
_EVERYONE = re.compile(r"@(?:everyone|here)")
_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")


def check_allowed(form: Form, allowed: object) -> None:
    if not isinstance(allowed, dict):
        form.wrong("allowed_mentions", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return
    parse = form.count("allowed_mentions.parse", allowed.get("parse") or [], 3)
    for index, kind in enumerate(parse):
        if kind not in _KINDS:
            form.wrong(f"allowed_mentions.parse.{index}", "BASE_TYPE_CHOICES", f"Value must be one of {_KINDS}.")
    for kind in ("users", "roles"):
        named = form.count(f"allowed_mentions.{kind}", allowed.get(kind) or [], 100)
        if named and kind in parse:
            words = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            form.wrong("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words)


def pings(texts: Iterable[str], allowed: Json | None, defaults: Iterable[str], channel: Channel, bot: User) -> set[str]:
    """As tokens: `@everyone`, `@here`, `<@user>`, `<@&role>`.

    The stricter reading: no escape and no code block saves a token, and a role that the guild does not know may ping.
    """
    text = "\n".join(texts)
    allowed = {"parse": list(defaults)} if allowed is None else allowed
    parse = allowed.get("parse") or []
    found = set(_EVERYONE.findall(text)) if "everyone" in parse and _may_ping_all(channel, bot) else set()
    users, roles = set(_USER.findall(text)), set(_ROLE.findall(text))
    found |= {f"<@{user}>" for user in users if _named(user, "users", allowed)}
    found |= {f"<@&{role}>" for role in roles if _named(role, "roles", allowed) and _mentionable(role, channel, bot)}
    return found


def _named(id_: str, kind: str, allowed: Json) -> bool:
    return kind in (allowed.get("parse") or []) or id_ in map(str, allowed.get(kind) or [])


def _may_ping_all(channel: Channel, bot: User) -> bool:
    if channel.guild is None:
        return True
    return bool(channel.guild.world.permissions(bot, channel) & Permission.MENTION_EVERYONE)


def _mentionable(role: str, channel: Channel, bot: User) -> bool:
    known = channel.guild.roles.get(int(role)) if channel.guild else None
    return known is None or known.mentionable or _may_ping_all(channel, bot)
