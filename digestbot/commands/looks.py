"""Looks: spoilers, mention, language and template, from what an admin typed."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from babel import Locale, UnknownLocaleError

from digestbot.commands.arguments import Arguments
from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.domain.subscription import Look, Spoilers
from digestbot.errors import UserMistake

NONE = frozenset({"none", "default", "off", "no"})
"""What takes an optional value away again."""

_MOST_HOURS = 720
_MENTION = re.compile(r"<@&\d{1,20}>|<!subteam\^[A-Z0-9]{1,20}>|@?[\w-]{1,64}")
_EVERYBODY = frozenset({"everyone", "here", "channel"})


def parse_spoilers(text: str) -> tuple[Spoilers, int | None]:
    """`show`, `hide` or `hide 24h`; the hours are None where hiding does not end. Raises `UserMistake`."""
    match = re.fullmatch(r"(show|hide)|hide (?:for )?(\d{1,4}) ?(h|d)\w*", " ".join(text.casefold().split()))
    if match is None:
        raise UserMistake(f"`spoilers` is `show`, `hide` or `hide 24h`, not ‘{shortened(text)}’.")
    if match[1]:
        return Spoilers(match[1]), None
    hours = int(match[2]) * (24 if match[3] == "d" else 1)
    if not 0 < hours <= _MOST_HOURS:
        raise UserMistake(f"Spoilers can be hidden for 1 to {_MOST_HOURS} hours; `hide` alone never shows them.")
    return Spoilers.HIDE, hours


def parse_mention(text: str) -> str | None:
    """A role or group as the platform writes it (Slack's label is dropped), or none. Raises `UserMistake`."""
    plain = re.sub(r"(<!subteam\^\w+)\|[^>]*>", r"\1>", text.strip())
    if plain.casefold() in NONE:
        return None
    if plain.removeprefix("@").casefold() in _EVERYBODY:
        raise UserMistake("Only a role or a user group can be mentioned, not everyone: name one, or write `none`.")
    if not _MENTION.fullmatch(plain):
        raise UserMistake(f"‘{shortened(text)}’ is no role or user group: pick one with @, or write `none`.")
    return plain


def parse_locale(text: str) -> str:
    """As Babel writes it: `en`, `pt_BR`. Raises `UserMistake`."""
    wanted = text.strip().replace("-", "_")
    try:
        return str(Locale.parse(wanted))
    except (UnknownLocaleError, ValueError, TypeError) as fault:
        raise UserMistake(f"There is no locale ‘{shortened(text)}’: write it as `en`, `de` or `pt-BR`.") from fault


def parse_named(option: str, names: Collection[str]) -> Callable[[str], str | None]:
    """A reader of one of several names, or `default` for none of them."""

    def read(text: str) -> str | None:
        found = next((name for name in names if name.casefold() == text.casefold()), None)
        if found is None and text.casefold() not in NONE:
            listed = ", ".join(sorted({*names, "default"}))
            hint = did_you_mean(text, names, f"Take one of {listed}.")
            raise UserMistake(f"There is no {option} ‘{shortened(text)}’.{hint}")
        return found

    return read


def worn(look: Look, arguments: Arguments, templates: Collection[str]) -> Look:
    """The look with what was typed about spoilers, mention, locale, template and pictures. Raises `UserMistake`."""
    spoilers, hours = arguments.given("spoilers", parse_spoilers, (look.spoilers, look.spoiler_hours))
    return replace(
        look,
        template=arguments.given("template", parse_named("template", templates), look.template),
        spoilers=spoilers,
        spoiler_hours=hours,
        locale=arguments.given("locale", parse_locale, look.locale),
        mention=arguments.given("mention", parse_mention, look.mention),
        pictures=arguments.flag("pictures", default=look.pictures),
    )
