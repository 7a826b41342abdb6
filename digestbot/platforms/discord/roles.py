"""Roles: those that a subscription may mention, offered by name and written as Discord writes them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

import discord

from digestbot.domain.command import Choice, Verb
from digestbot.errors import UserMistake

_NONE: Final = "none"
_MOST: Final = 25
_LONGEST: Final = 100
_MENTION: Final = re.compile(r"<@&(\d{1,20})>")


def offered(guild: discord.Guild | None, typed: str) -> list[Choice]:
    """`none`, and the roles that hold the letters; not everyone's, and none that belong to an integration."""
    letters = typed.strip().removeprefix("@").casefold()
    names = [Choice(_NONE, _NONE)] if _NONE.startswith(letters) else []
    found = [role for role in _choosable(guild) if letters in role.name.casefold()]
    found.sort(key=lambda role: (not role.name.casefold().startswith(letters), role.name.casefold()))
    return [*names, *(Choice(f"@{role.name}"[:_LONGEST], role.mention) for role in found)][:_MOST]


def resolved(verb: Verb, texts: Mapping[str, str], guild: discord.Guild | None) -> dict[str, str]:
    """The texts with every role as `<@&…>`. Raises `UserMistake` for one that is not there or cannot be mentioned."""
    roles = [option.name for option in verb.options if option.kind == "role" and texts.get(option.name, "").strip()]
    return {**texts, **{name: _mention(texts[name].strip(), guild) for name in roles}}


def _mention(text: str, guild: discord.Guild | None) -> str:
    """What commands refuse or understand by themselves (`none`, everyone) stays as it is."""
    match = _MENTION.fullmatch(text)
    name = text.removeprefix("@")
    if guild is None or (not match and name.casefold() in {_NONE, "default", "off", "no", "everyone", "here"}):
        return text
    if match and int(match[1]) == guild.id:
        return "@everyone"
    known = {role.name.casefold(): role for role in _choosable(guild)}
    role = guild.get_role(int(match[1])) if match else known.get(name.casefold())
    if role is None:
        raise UserMistake(f"There is no role ‘{text}’ here.{_hint(name, list(known))}")
    if not (role.mentionable or guild.me.guild_permissions.mention_everyone):
        raise UserMistake(
            f"Nobody would hear of it: @{role.name} cannot be mentioned. Server Settings → Roles → “Allow anyone to"
            " @mention this role” changes that."
        )
    return role.mention


def _choosable(guild: discord.Guild | None) -> Iterator[discord.Role]:
    for role in guild.roles if guild else ():
        if not role.is_default() and not role.managed:
            yield role


def _hint(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name.casefold(), known, n=1)
    return f" Did you mean ‘@{near[0]}’?" if near else " Pick one from the list, or write `none`."
