"""A sheet: the settings and subscriptions of a server or workspace as YAML, in the words that admins type."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from digestbot.commands.wishes import unwished
from digestbot.commands.wording import options_of
from digestbot.domain.subscription import Subscription, TenantSettings

NAME = "subscriptions.yaml"
ALWAYS = ("what", "when")
"""Options that are written even where they are what a new subscription starts with."""

_HEAD = """\
# What digestbot posts here. Change it and give it to `/news import`: nothing happens before `apply:yes`.
# An option that a subscription leaves out is what `settings` say, else what `/news subscribe` starts with.
"""
_PLAIN = re.compile(r"[\w<](?:[\w<>&^@/;*+.,-]|:(?=\S)| (?=[^\s#]))*")
_NOTHING = frozenset({"null"})
_UNSEEN = re.compile(r"[^\S ]|[\x7f-\x9f\ufeff\ufffe\uffff]")


def sheet_of(settings: TenantSettings, subscriptions: Sequence[Subscription], names: Mapping[str, str]) -> str:
    """By channel, then oldest first; `names` are those of channels by id, put behind them as comments."""
    lines = [_HEAD, "settings:", *(f"  {name}: {scalar(value)}" for name, value in words_of_settings(settings).items())]
    if not subscriptions:
        return "\n".join([*lines, "", "subscriptions: []", ""])
    ordered = sorted(subscriptions, key=lambda each: (each.place.channel, each.since, each.id))
    lines += ["", "subscriptions:"]
    for each in ordered:
        lines += [*_item(each, settings, names.get(each.place.channel, "")), ""]
    return "\n".join(lines)


def words_of_settings(settings: TenantSettings) -> dict[str, str]:
    return {"timezone": settings.zone, "locale": settings.locale, "spoilers": settings.spoilers}


def words_of(subscription: Subscription) -> dict[str, str]:
    """Everything that a sheet can say of a subscription but its id."""
    return {"channel": subscription.place.channel, **options_of(subscription), "state": str(subscription.state)}


def _item(subscription: Subscription, settings: TenantSettings, channel: str) -> Iterator[str]:
    usual = words_of(unwished(subscription.place, settings, subscription.since))
    yield f"  - id: {scalar(subscription.id)}"
    for name, value in words_of(subscription).items():
        if name == "channel":
            yield f"    channel: {scalar(value)}{_comment(channel) if channel != value else ''}"
        elif name in ALWAYS or value != usual[name]:
            yield f"    {name}: {scalar(value)}"


def scalar(text: str) -> str:
    """A text as YAML: plain where it is read as it stands, else in double quotes."""
    if _PLAIN.fullmatch(text) and text not in _NOTHING:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04X}", quoted)


def _comment(text: str) -> str:
    """On the same line, whatever somebody called a channel."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return f"  # {plain}" if plain else ""
